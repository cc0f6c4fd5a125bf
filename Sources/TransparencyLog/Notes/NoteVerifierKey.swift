import Crypto

/// The public half of an Ed25519 key of signed notes: what an auditor pins (docs/audit.md, keys).
///
/// Its text, a vkey, is `name+id+base64`, where the last part holds the byte 0x01 and the public key.
package struct NoteVerifierKey: Sendable {
  /// The byte that stands for Ed25519 in the format.
  static let algorithm: UInt8 = 1
  static let plus = UInt8(ascii: "+")

  /// The key's name.
  package let name: String
  /// The key's id, which follows from name and public key.
  package let id: NoteKeyID
  /// The 32 bytes of the public key (RFC 8032).
  package let publicKey: [UInt8]

  /// The key with that name, which is one, and those 32 bytes.
  init(name: String, publicKey: [UInt8]) {
    self.name = name
    self.publicKey = publicKey
    id = NoteKeyID(name: name, publicKey: publicKey)
  }

  /// The key written as the vkey `text`, with or without a line feed at its end; nil when it is none, or the key of
  /// another algorithm.
  package init?(text: String) {
    let bytes = Array(text.utf8)
    let line = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
    guard let parts = NoteVerifierKey.parts(line), parts.bytes.count == 32 else { return nil }
    self.init(name: parts.name, publicKey: parts.bytes)
    guard id.description.utf8.elementsEqual(parts.id) else { return nil }
  }

  /// The vkey.
  package var text: String {
    "\(name)+\(id)+\(Base64.encode([NoteVerifierKey.algorithm] + publicKey))"
  }

  /// Whether `signature` is this key's over `text`.
  package func isValid(_ signature: [UInt8], over text: [UInt8]) -> Bool {
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
    return key.isValidSignature(signature, for: text)
  }

  /// Whether the format allows a key to be called that: not empty, no plus, neither blanks of any script nor control
  /// characters.
  package static func isName(_ name: String) -> Bool {
    !name.isEmpty
      && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "+" && !$0.properties.isWhitespace }
  }

  /// The parts of `name+id+base64`, as both halves of a key are written; nil where it has another form, or is of
  /// another algorithm.
  static func parts(_ line: ArraySlice<UInt8>) -> (name: String, id: ArraySlice<UInt8>, bytes: [UInt8])? {
    let parts = line.split(separator: plus, maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let name = String(validating: parts[0], as: UTF8.self), isName(name),
      let typed = Base64.decode(parts[2]), typed.first == algorithm
    else { return nil }
    return (name, parts[1], Array(typed.dropFirst()))
  }
}

extension NoteVerifierKey: Hashable {
  /// Whether both are the same key: by the bytes of the name, since Swift takes different ones for equal.
  package static func == (left: NoteVerifierKey, right: NoteVerifierKey) -> Bool {
    left.publicKey == right.publicKey && left.name.utf8.elementsEqual(right.name.utf8)
  }

  /// Feeds what equality looks at.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(publicKey)
  }
}
