import Crypto

/// The hash of an inner node: `SHA-256(0x01 || left || right)` (RFC 6962, section 2.1).
package enum NodeHash {
  /// The hash over two subtrees, the left one being the older.
  package static func hash(_ left: Digest, _ right: Digest) -> Digest {
    var nothing = LentBlocks()
    return hash(left, right, beside: &nothing)
  }

  /// The same, while `lent` takes in what waits for it.
  @inline(__always)
  static func hash(_ left: Digest, _ right: Digest, beside lent: inout LentBlocks) -> Digest {
    let count = 1 + 2 * Digest.byteCount
    // On the stack: a tree has as many nodes as leaves, and an object for each would cost more than its hash.
    return withUnsafeTemporaryAllocation(byteCount: 2 * BlockSHA256.blockBytes, alignment: 16) { buffer in
      buffer.storeBytes(of: 0x01, as: UInt8.self)
      left.store(into: buffer, at: 1)
      right.store(into: buffer, at: 1 + Digest.byteCount)
      guard BlockSHA256.isAvailable, let start = buffer.baseAddress else {
        return sha256(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
      var state = BlockSHA256()
      state.take(start, count: BlockSHA256.pad(buffer, rest: count, byteCount: count), beside: &lent)
      return state.digest
    }
  }

  /// The root of the tree without leaves: the hash of nothing.
  package static let emptyRoot = sha256(UnsafeRawBufferPointer(start: nil, count: 0))

  private static func sha256(_ bytes: UnsafeRawBufferPointer) -> Digest {
    var hasher = SHA256()
    hasher.update(bufferPointer: bytes)
    return hasher.finalize().withUnsafeBytes { Digest(buffer: $0) }
  }
}
