/// One signature of a note: by a key that the reader knows, or by any other.
package struct NoteSignature: Sendable {
  private static let dash = Array("\u{2014} ".utf8)

  /// The name of the key that is said to have signed.
  package let keyName: String
  /// The id of that key.
  package let keyID: NoteKeyID
  /// What the key made of the text: 64 bytes for Ed25519.
  package let bytes: [UInt8]

  /// A signature by that key.
  init(keyName: String, keyID: NoteKeyID, bytes: [UInt8]) {
    self.keyName = keyName
    self.keyID = keyID
    self.bytes = bytes
  }

  /// The signature that a line of a note writes, the line feed left out; nil for any other line.
  init?(line: ArraySlice<UInt8>) {
    guard line.starts(with: NoteSignature.dash) else { return nil }
    let parts = line.dropFirst(NoteSignature.dash.count)
      .split(separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let name = String(validating: parts[0], as: UTF8.self), NoteVerifierKey.isName(name),
      let bytes = Base64.decode(parts[1]), bytes.count > NoteKeyID.byteCount
    else { return nil }
    self.init(keyName: name, keyID: NoteKeyID(bytes: bytes[...]), bytes: Array(bytes.dropFirst(NoteKeyID.byteCount)))
  }

  /// The line that writes it, with its line feed.
  var line: String {
    "\u{2014} \(keyName) \(Base64.encode(keyID.bytes + bytes))\n"
  }

  /// Whether it says to be by that key.
  func names(_ key: NoteVerifierKey) -> Bool {
    keyID == key.id && keyName.utf8.elementsEqual(key.name.utf8)
  }
}
