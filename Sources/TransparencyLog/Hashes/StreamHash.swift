import Crypto

/// The SHA-256 of a stream that is read piece by piece, while hashes are made of what is in it: of a file of lines and of each
/// line. Where the processor can, both go on at once, see `LeafHash.hash(_:beside:)`.
package struct StreamHash {
  /// Stands in where the processor lacks the instructions.
  private var library: SHA256?
  var lent = LentBlocks()
  /// Bytes behind the blocks that are lent: less than a block.
  private var behind = UnsafeRawBufferPointer(start: nil, count: 0)
  /// The beginning of a block whose end has not come yet.
  private var part: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)
  private var partCount = 0
  private var byteCount = 0

  /// The hash of nothing yet.
  package init() {
    self.init(withLibrary: false)
  }

  /// The same, made by the library alone or, where the processor has the instructions, not.
  package init(withLibrary: Bool) {
    library = withLibrary || !BlockSHA256.isAvailable ? SHA256() : nil
  }

  /// Whether hashes go on beside this one.
  var isBesideOthers: Bool { library == nil }

  /// Takes in the stream's next bytes, which must stay where they are until `settle()`.
  package mutating func lend(_ bytes: UnsafeRawBufferPointer) {
    settle()
    byteCount += bytes.count
    library?.update(bufferPointer: bytes)
    guard library == nil else { return }
    var rest = bytes
    if partCount > 0 {
      let count = min(BlockSHA256.blockBytes - partCount, rest.count)
      keep(UnsafeRawBufferPointer(rebasing: rest.prefix(count)))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      guard partCount == BlockSHA256.blockBytes else { return }
      withUnsafeBytes(of: part) { if let start = $0.baseAddress { lent.state.take(start, count: 1) } }
      partCount = 0
    }
    lent.next = rest.baseAddress
    lent.count = rest.count / BlockSHA256.blockBytes
    behind = UnsafeRawBufferPointer(rebasing: rest[(lent.count * BlockSHA256.blockBytes)...])
  }

  /// Hashes all that was lent: the bytes may go.
  package mutating func settle() {
    if lent.count > 0, let next = lent.next { lent.state.take(next, count: lent.count) }
    lent.next = nil
    lent.count = 0
    keep(behind)
    behind = UnsafeRawBufferPointer(start: nil, count: 0)
  }

  private mutating func keep(_ bytes: UnsafeRawBufferPointer) {
    let start = partCount
    withUnsafeMutableBytes(of: &part) { part in
      UnsafeMutableRawBufferPointer(rebasing: part[start...]).copyMemory(from: bytes)
    }
    partCount += bytes.count
  }

  /// The hash of what came by. What was lent must still be there.
  package var digest: Digest {
    if let library { return library.finalize().withUnsafeBytes { Digest(buffer: $0) } }
    var end = self
    end.settle()
    return withUnsafeTemporaryAllocation(byteCount: 2 * BlockSHA256.blockBytes, alignment: 16) { buffer in
      withUnsafeBytes(of: end.part) { buffer.copyMemory(from: $0) }
      let count = BlockSHA256.pad(buffer, rest: end.partCount, byteCount: byteCount)
      if let start = buffer.baseAddress { end.lent.state.take(start, count: count) }
      return end.lent.state.digest
    }
  }
}
