import Crypto

/// The SHA-256 of a file, as its bytes come by.
struct FileHash: Sendable {
  private var hasher = SHA256()
  /// Bytes so far.
  private(set) var byteCount: Int64 = 0

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    hasher.update(bufferPointer: bytes)
    byteCount += Int64(bytes.count)
  }

  /// The hash of what came by, as 64 lowercase hexadecimal digits.
  var hexadecimal: String {
    FileHash.hexadecimal(hasher.finalize())
  }

  /// The hash of a whole file.
  static func hexadecimal(of bytes: [UInt8]) -> String {
    hexadecimal(SHA256.hash(data: bytes))
  }

  private static func hexadecimal(_ digest: SHA256.Digest) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
