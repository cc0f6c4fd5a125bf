/// A SHA-256 value of the tree: 32 bytes, held without a heap allocation.
package struct Digest: Hashable, Sendable {
  /// How many bytes it has.
  package static let byteCount = 32

  /// The bytes in four words, in the machine's order of bytes as they lie in memory.
  private var first: UInt64 = 0
  private var second: UInt64 = 0
  private var third: UInt64 = 0
  private var fourth: UInt64 = 0

  /// The value of these bytes; nil unless there are exactly 32.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Digest.byteCount else { return nil }
    let isRead: Void? = bytes.withContiguousStorageIfAvailable { load(UnsafeRawBufferPointer($0)) }
    if isRead == nil { Array(bytes).withUnsafeBytes { load($0) } }
  }

  /// The value that a buffer of exactly 32 bytes holds.
  init(buffer: UnsafeRawBufferPointer) {
    load(buffer)
  }

  private mutating func load(_ buffer: UnsafeRawBufferPointer) {
    first = buffer.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
    second = buffer.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    third = buffer.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
    fourth = buffer.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
  }

  /// Writes the 32 bytes into `buffer`, from `offset` on, where there is room for them.
  func store(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) {
    buffer.storeBytes(of: first, toByteOffset: offset, as: UInt64.self)
    buffer.storeBytes(of: second, toByteOffset: offset + 8, as: UInt64.self)
    buffer.storeBytes(of: third, toByteOffset: offset + 16, as: UInt64.self)
    buffer.storeBytes(of: fourth, toByteOffset: offset + 24, as: UInt64.self)
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
    withUnsafeBytes(of: (first, second, third, fourth)) { bytes.append(contentsOf: $0) }
  }
}

extension Digest {
  /// The value that the 44 characters of `base64` write; nil for any other text.
  package init?(base64: some Collection<UInt8>) {
    guard base64.count == Digest.byteCount / 3 * 4 + 4, let bytes = Base64.decode(base64) else { return nil }
    self.init(bytes: bytes)
  }

  /// The 44 characters that write it in base64, as in checkpoints and proofs.
  package var base64: String { Base64.encode(bytes) }
}

extension Digest: CustomStringConvertible {
  /// 64 lowercase hexadecimal digits.
  package var description: String {
    String(unsafeUninitializedCapacity: 2 * Digest.byteCount) { text in
      if let first = text.baseAddress { writeHexadecimal(to: first) }
      return 2 * Digest.byteCount
    }
  }

  /// Writes its 64 lowercase hexadecimal digits where there is room for them.
  package func writeHexadecimal(to text: UnsafeMutablePointer<UInt8>) {
    func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value }
    withUnsafeBytes(of: (first, second, third, fourth)) { bytes in
      for (position, byte) in bytes.enumerated() {
        text[2 * position] = digit(byte >> 4)
        text[2 * position + 1] = digit(byte & 0xF)
      }
    }
  }
}
