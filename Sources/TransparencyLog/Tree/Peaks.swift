/// All that is needed of a tree to append to it: the roots of the complete subtrees that its leaves make up, largest
/// first, one for each bit that is set in its size (docs/audit.md, one log per team).
package struct Peaks: Hashable, Sendable {
  /// The largest size that anything here takes: no log comes near it, and no sum of two such sizes overflows.
  package static let maximumSize: Int64 = 1 << 62

  /// How many leaves the tree has.
  package private(set) var size: Int64
  /// The roots of the complete subtrees, the largest (and oldest) first.
  package private(set) var hashes: [Digest]

  /// The tree without leaves.
  package init() {
    size = 0
    hashes = []
  }

  /// The tree of `size` leaves with these peaks, as it was stored. Throws a `PeaksError` where the number of peaks is
  /// not that of the size's set bits, or the size is none of a tree (`maximumSize`).
  package init(size: Int64, hashes: [Digest]) throws(PeaksError) {
    guard (0...Peaks.maximumSize).contains(size), hashes.count == size.nonzeroBitCount else {
      throw PeaksError(size: size, peakCount: hashes.count)
    }
    self.size = size
    self.hashes = hashes
  }

  /// The tree of `size` leaves with the peaks as `bytes` writes them. Throws a `PeaksError` where there are not 32
  /// bytes for each of the size's set bits.
  package init(size: Int64, bytes: [UInt8]) throws(PeaksError) {
    var hashes: [Digest] = []
    for start in stride(from: 0, to: bytes.count, by: Digest.byteCount) {
      guard let hash = Digest(bytes: bytes[start..<min(start + Digest.byteCount, bytes.count)]) else {
        throw PeaksError(size: size, peakCount: nil)
      }
      hashes.append(hash)
    }
    try self.init(size: size, hashes: hashes)
  }

  /// The peaks one after the other, largest subtree first: 32 bytes each.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(hashes.count * Digest.byteCount)
    for hash in hashes { hash.append(to: &bytes) }
    return bytes
  }

  /// Adds a leaf and returns the roots of the subtrees that it completes, smallest first: none for every second leaf,
  /// one on average. Together with the leaves they are all nodes that a proof can need. The leaf itself is not among
  /// them.
  package mutating func append(_ leaf: Digest) -> [Digest] {
    var completed: [Digest] = []
    add(leaf) { completed.append($0) }
    return completed
  }

  /// Adds a leaf, for those who need no nodes: a tree of any length in one pass, without an allocation for each leaf.
  package mutating func add(_ leaf: Digest) {
    add(leaf) { _ in }
  }

  /// Adds a leaf and hands out the roots of the subtrees that it completes, smallest first. `hash` makes a node of two.
  @inline(__always)
  mutating func add(
    _ leaf: Digest, hash: (Digest, Digest) -> Digest = { NodeHash.hash($0, $1) }, completed: (Digest) -> Void
  ) {
    var node = leaf
    // Each trailing set bit of the size is a subtree as large as the one that the new leaf ends.
    for _ in 0..<(~size).trailingZeroBitCount {
      node = hash(hashes.removeLast(), node)
      completed(node)
    }
    hashes.append(node)
    size += 1
  }

  /// The tree's root (RFC 6962, section 2.1).
  package var root: Digest {
    guard var root = hashes.last else { return NodeHash.emptyRoot }
    for hash in hashes.dropLast().reversed() {
      root = NodeHash.hash(hash, root)
    }
    return root
  }
}
