import Crypto
import Foundation

/// An Ed25519 key that signs notes, as in C2SP's signed-note format: heads of logs, receipts (docs/audit.md).
///
/// Its texts are the ones of that format's tools: `PRIVATE+KEY+name+id+base64` for the secret half, `name+id+base64` (a
/// vkey) for the public one. The id is the first four bytes of SHA-256(name, line feed, 0x01, public key) in hexadecimal.
package struct NoteSigningKey: Sendable {
  /// The byte that stands for Ed25519 in the format.
  private static let algorithm: UInt8 = 1
  private static let prefix = "PRIVATE+KEY+"
  /// Longest name, in bytes: it is the first part of every log's origin.
  package static let maximumNameBytes = 200

  /// The key's name.
  package let name: String
  private let secret: Curve25519.Signing.PrivateKey

  /// A new random key; nil when `name` cannot be a key's name.
  package init?(newNamed name: String) {
    guard NoteSigningKey.isName(name) else { return nil }
    self.name = name
    secret = Curve25519.Signing.PrivateKey()
  }

  /// The key written as `text`, with or without a line feed at its end; nil when it is no such text.
  package init?(text: String) {
    let line = text.utf8.last == UInt8(ascii: "\n") ? String(text.utf8.dropLast()) ?? "" : text
    guard line.utf8.starts(with: NoteSigningKey.prefix.utf8) else { return nil }
    let parts = line.utf8.dropFirst(NoteSigningKey.prefix.utf8.count)
      .split(separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let name = String(parts[0]), NoteSigningKey.isName(name),
      let base64 = String(parts[2]), let bytes = Data(base64Encoded: base64),
      bytes.first == NoteSigningKey.algorithm,
      let secret = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes.dropFirst())
    else { return nil }
    self.name = name
    self.secret = secret
    guard String(parts[1]) == keyID else { return nil }
  }

  /// The secret half as text: only ever for a file that nobody else can read.
  package var secretText: String {
    let bytes = [NoteSigningKey.algorithm] + secret.rawRepresentation
    return "\(NoteSigningKey.prefix)\(name)+\(keyID)+\(Data(bytes).base64EncodedString())"
  }

  /// The public half as text, which an auditor pins.
  package var verifierKey: String {
    "\(name)+\(keyID)+\(Data(typedPublicKey).base64EncodedString())"
  }

  /// Whether a key may be called that: not empty, neither blanks nor a plus, printable ASCII.
  package static func isName(_ name: String) -> Bool {
    (1...maximumNameBytes).contains(name.utf8.count)
      && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "+") }
  }

  private var typedPublicKey: [UInt8] {
    [NoteSigningKey.algorithm] + secret.publicKey.rawRepresentation
  }

  private var keyID: String {
    var hash = SHA256()
    hash.update(data: Array(name.utf8) + [UInt8(ascii: "\n")] + typedPublicKey)
    return hash.finalize().prefix(4).map { byte in
      let digits = String(byte, radix: 16)
      return digits.utf8.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
