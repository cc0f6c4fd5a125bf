import Crypto

/// An Ed25519 key that signs notes, as in C2SP's signed-note format: heads of logs, receipts (docs/audit.md).
///
/// Its texts are the ones of that format's tools: `PRIVATE+KEY+name+id+base64` for the secret half, `name+id+base64` (a
/// vkey) for the public one. The id is the first four bytes of SHA-256(name, line feed, 0x01, public key) in hexadecimal.
package struct NoteSigningKey: Sendable {
  private static let prefix = "PRIVATE+KEY+"
  /// Longest name, in bytes: it is the first part of every log's origin.
  package static let maximumNameBytes = 200

  /// The key's public half.
  package let verifier: NoteVerifierKey
  private let secret: Curve25519.Signing.PrivateKey

  /// A new random key; nil when `name` cannot be a key's name.
  package init?(newNamed name: String) {
    self.init(name: name, secret: Curve25519.Signing.PrivateKey())
  }

  /// The key written as `text`, with or without a line feed at its end; nil when it is no such text.
  package init?(text: String) {
    let bytes = Array(text.utf8)
    let line = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
    guard line.starts(with: NoteSigningKey.prefix.utf8),
      let parts = NoteVerifierKey.parts(line.dropFirst(NoteSigningKey.prefix.utf8.count)),
      let secret = try? Curve25519.Signing.PrivateKey(rawRepresentation: parts.bytes)
    else { return nil }
    self.init(name: parts.name, secret: secret)
    guard verifier.id.description.utf8.elementsEqual(parts.id) else { return nil }
  }

  private init?(name: String, secret: Curve25519.Signing.PrivateKey) {
    guard NoteSigningKey.isName(name) else { return nil }
    self.secret = secret
    verifier = NoteVerifierKey(name: name, publicKey: Array(secret.publicKey.rawRepresentation))
  }

  /// The key's name.
  package var name: String { verifier.name }

  /// The secret half as text: only ever for a file that nobody else can read.
  package var secretText: String {
    let bytes = [NoteVerifierKey.algorithm] + secret.rawRepresentation
    return "\(NoteSigningKey.prefix)\(name)+\(verifier.id)+\(Base64.encode(bytes))"
  }

  /// The public half as text, which an auditor pins.
  package var verifierKey: String { verifier.text }

  /// This key's signature over `text`, which ends with a line feed. Throws `NoteError.cannotSign` where the library
  /// refuses.
  package func sign(_ text: [UInt8]) throws(NoteError) -> NoteSignature {
    guard let bytes = try? secret.signature(for: text) else { throw .cannotSign }
    return NoteSignature(keyName: name, keyID: verifier.id, bytes: Array(bytes))
  }

  /// Whether a key of ours may be called that: printable ASCII, neither blanks nor a plus, not empty and not longer than
  /// `maximumNameBytes`.
  package static func isName(_ name: String) -> Bool {
    (1...maximumNameBytes).contains(name.utf8.count)
      && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != NoteVerifierKey.plus }
  }
}
