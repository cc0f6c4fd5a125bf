import Crypto

/// The short name of a key within its name: which key made a signature. It is no strong hash; whoever verifies has the
/// whole public key.
package struct NoteKeyID: Hashable, Sendable {
  /// How many bytes it has in a signature.
  static let byteCount = 4

  /// The four bytes as a big-endian number.
  package let number: UInt32

  /// The id of an Ed25519 key: the first four bytes of SHA-256(name, line feed, 0x01, public key).
  init(name: String, publicKey: [UInt8]) {
    var hash = SHA256()
    let text = Array(name.utf8) + [UInt8(ascii: "\n"), NoteVerifierKey.algorithm] + publicKey
    text.withUnsafeBytes { hash.update(bufferPointer: $0) }
    self.init(bytes: Array(hash.finalize())[..<NoteKeyID.byteCount])
  }

  /// The id that the first four of `bytes` write.
  init(bytes: ArraySlice<UInt8>) {
    number = bytes.prefix(NoteKeyID.byteCount).reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// The four bytes.
  var bytes: [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }
}

extension NoteKeyID: CustomStringConvertible {
  /// Eight lowercase hexadecimal digits, as in the texts of keys.
  package var description: String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 2 * NoteKeyID.byteCount - digits.utf8.count) + digits
  }
}
