import CSHA256

/// SHA-256 block by block, for two streams at once, where the processor has instructions for it.
///
/// The library hashes one stream, and makes an object for each hash. Whoever checks a log of millions of lines hashes each
/// byte of it twice, for its leaf and for its file, and both go on together here. All other hashes are the library's.
struct BlockSHA256: Sendable {
  /// Bytes of a block.
  static let blockBytes = 64

  private typealias Words = (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32)

  /// The state (FIPS 180-4, section 5.3.3).
  private var words: Words = (
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19
  )

  /// Whether the processor has the instructions. Without them nothing here may be called.
  static var isAvailable: Bool { csha256_is_available() }

  /// Takes in `count` blocks.
  mutating func take(_ blocks: UnsafeRawPointer, count: Int) {
    withUnsafeMutablePointer(to: &words) { words in
      words.withMemoryRebound(to: UInt32.self, capacity: 8) { csha256_take($0, blocks, count) }
    }
  }

  /// Takes in `count` blocks while `lent` takes in as many of those that wait for it.
  mutating func take(_ blocks: UnsafeRawPointer, count: Int, beside lent: inout LentBlocks) {
    let both = min(count, lent.count)
    if both > 0, let next = lent.next {
      BlockSHA256.take(blocks, into: &self, next, into: &lent.state, count: both)
      lent.drop(both)
    }
    if both < count { take(blocks + both * BlockSHA256.blockBytes, count: count - both) }
  }

  /// Takes `count` blocks into each of two states.
  fileprivate static func take(
    _ blocks: UnsafeRawPointer, into one: inout BlockSHA256, _ others: UnsafeRawPointer, into other: inout BlockSHA256,
    count: Int
  ) {
    withUnsafeMutablePointer(to: &one.words) { one in
      withUnsafeMutablePointer(to: &other.words) { other in
        one.withMemoryRebound(to: UInt32.self, capacity: 8) { one in
          other.withMemoryRebound(to: UInt32.self, capacity: 8) { csha256_take_two(one, blocks, $0, others, count) }
        }
      }
    }
  }

  /// The hash, once the last block was taken in.
  var digest: Digest {
    let bytes: Words = (
      words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian, words.4.bigEndian,
      words.5.bigEndian, words.6.bigEndian, words.7.bigEndian
    )
    return withUnsafeBytes(of: bytes) { Digest(buffer: $0) }
  }

  /// Ends a message of `byteCount` bytes, the last `rest` of which lie at the beginning of `blocks`, where there is room for
  /// two blocks; answers how many they are then (FIPS 180-4, section 5.1.1).
  static func pad(_ blocks: UnsafeMutableRawBufferPointer, rest: Int, byteCount: Int) -> Int {
    let lengthBytes = MemoryLayout<UInt64>.size
    let count = rest + 1 + lengthBytes <= blockBytes ? 1 : 2
    blocks[rest] = 0x80
    let lengthAt = count * blockBytes - lengthBytes
    if let first = blocks.baseAddress {
      (first + rest + 1).initializeMemory(as: UInt8.self, repeating: 0, count: lengthAt - rest - 1)
    }
    blocks.storeBytes(of: (UInt64(byteCount) &* 8).bigEndian, toByteOffset: lengthAt, as: UInt64.self)
    return count
  }

  /// The hash of one byte and what follows it, while `lent` takes in what waits for it.
  static func hash(_ first: UInt8, _ bytes: UnsafeRawBufferPointer, beside lent: inout LentBlocks) -> Digest {
    withUnsafeTemporaryAllocation(byteCount: 2 * blockBytes, alignment: 16) { buffer in
      var state = BlockSHA256()
      buffer[0] = first
      var rest = UnsafeRawBufferPointer(rebasing: bytes.prefix(blockBytes - 1))
      UnsafeMutableRawBufferPointer(rebasing: buffer[1...]).copyMemory(from: rest)
      var filled = 1 + rest.count
      if filled == blockBytes, let start = buffer.baseAddress, let base = bytes.baseAddress {
        state.take(start, count: 1, beside: &lent)
        let behind = bytes.count - rest.count
        let whole = behind / blockBytes
        if whole > 0 { state.take(base + rest.count, count: whole, beside: &lent) }
        rest = UnsafeRawBufferPointer(rebasing: bytes[(rest.count + whole * blockBytes)...])
        buffer.copyMemory(from: rest)
        filled = rest.count
      }
      let count = pad(buffer, rest: filled, byteCount: 1 + bytes.count)
      if let start = buffer.baseAddress { state.take(start, count: count, beside: &lent) }
      return state.digest
    }
  }
}

/// Blocks of a stream that wait to be hashed while another one is.
struct LentBlocks {
  /// The stream's hash up to them.
  var state = BlockSHA256()
  /// Where they lie, for as long as any wait.
  var next: UnsafeRawPointer?
  /// How many wait.
  var count = 0

  /// Takes in as many as wait here and of the other stream, there too.
  mutating func take(beside other: inout LentBlocks) {
    let both = min(count, other.count)
    guard both > 0, let next, let others = other.next else { return }
    BlockSHA256.take(next, into: &state, others, into: &other.state, count: both)
    drop(both)
    other.drop(both)
  }

  fileprivate mutating func drop(_ taken: Int) {
    next = next.map { $0 + taken * BlockSHA256.blockBytes }
    count -= taken
  }
}
