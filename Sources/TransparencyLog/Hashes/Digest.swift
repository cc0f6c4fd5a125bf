/// A SHA-256 value of the tree: 32 bytes, held without a heap allocation.
package struct Digest: Hashable, Sendable {
  /// How many bytes it has.
  package static let byteCount = 32

  /// The bytes in four big-endian words.
  private var first: UInt64 = 0
  private var second: UInt64 = 0
  private var third: UInt64 = 0
  private var fourth: UInt64 = 0

  /// The value of these bytes; nil unless there are exactly 32.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Digest.byteCount else { return nil }
    self.init(sequence: bytes)
  }

  /// The value of the first 32 bytes of `bytes`, which has as many.
  init(sequence bytes: some Sequence<UInt8>) {
    for (position, byte) in bytes.enumerated() {
      let part = UInt64(byte) << UInt64(56 - 8 * (position & 7))
      switch position >> 3 {
      case 0: first |= part
      case 1: second |= part
      case 2: third |= part
      default: fourth |= part
      }
    }
  }

  /// The value that a buffer of exactly 32 bytes holds.
  init(buffer: UnsafeRawBufferPointer) {
    func word(_ position: Int) -> UInt64 {
      UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: 8 * position, as: UInt64.self))
    }
    first = word(0)
    second = word(1)
    third = word(2)
    fourth = word(3)
  }

  /// The 32 bytes.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Digest.byteCount)
    append(to: &bytes)
    return bytes
  }

  /// Appends the 32 bytes.
  package func append(to bytes: inout [UInt8]) {
    let words = (first.bigEndian, second.bigEndian, third.bigEndian, fourth.bigEndian)
    withUnsafeBytes(of: words) { bytes.append(contentsOf: $0) }
  }
}

extension Digest: CustomStringConvertible {
  /// 64 lowercase hexadecimal digits.
  package var description: String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
