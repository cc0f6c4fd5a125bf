/// Shows that a line stands at its index in the tree with a known root (RFC 6962, section 2.1.1).
package struct InclusionProof: Hashable, Sendable {
  /// Index of the line.
  package var index: Int64
  /// How many leaves the tree has.
  package var size: Int64
  /// The siblings on the way up, from the leaf's own to the child of the root.
  package var hashes: [Digest]

  /// A proof as it was read: anything, until it is verified.
  package init(index: Int64, size: Int64, hashes: [Digest]) {
    self.index = index
    self.size = size
    self.hashes = hashes
  }

  /// The proof that `plan(index:size:)` describes, from the nodes that `hash` knows. Throws a `ProofError` where the
  /// tree has no such leaf, or a node is missing.
  package init(index: Int64, size: Int64, from hash: (NodeID) -> Digest?) throws(ProofError) {
    let hashes = try InclusionProof.plan(index: index, size: size).hashes(hash)
    self.init(index: index, size: size, hashes: hashes)
  }

  /// Which nodes the proof of the line at `index` in the tree of `size` leaves is made of. Throws a `ProofError` where
  /// that tree has no such leaf.
  package static func plan(index: Int64, size: Int64) throws(ProofError) -> ProofPlan {
    try check(index: index, size: size)
    var siblings: [[NodeID]] = []
    var start: Int64 = 0
    var count = size
    while count > 1 {
      let split = largestPowerOfTwo(below: count)
      if index - start < split {
        siblings.append(NodeID.covering(start: start + split, count: count - split))
        count = split
      } else {
        siblings.append(NodeID.covering(start: start, count: split))
        start += split
        count -= split
      }
    }
    return ProofPlan(siblings.reversed())
  }

  /// The root that follows when the line has the leaf hash `leaf` (RFC 9162, section 2.1.3.2). Throws a `ProofError`
  /// where the tree has no such leaf, or the proof has another length than its proofs have.
  package func root(leaf: Digest) throws(ProofError) -> Digest {
    try InclusionProof.check(index: index, size: size)
    var node = index
    var last = size - 1
    var root = leaf
    for hash in hashes {
      guard last > 0 else { throw .wrongLength(hashCount: hashes.count) }
      if node & 1 == 1 || node == last {
        root = NodeHash.hash(hash, root)
        // A last node without a sibling rises until it has one on its left. It is not 0: the last one is not.
        let rise = Int64(node.trailingZeroBitCount)
        node >>= rise
        last >>= rise
      } else {
        root = NodeHash.hash(root, hash)
      }
      node >>= 1
      last >>= 1
    }
    guard last == 0 else { throw .wrongLength(hashCount: hashes.count) }
    return root
  }

  /// Throws a `ProofError` unless this shows that the line with the leaf hash `leaf` is in the tree with `root`.
  package func verify(leaf: Digest, root expected: Digest) throws(ProofError) {
    guard try root(leaf: leaf) == expected else { throw .otherRoot(size: size) }
  }

  private static func check(index: Int64, size: Int64) throws(ProofError) {
    guard (0...Peaks.maximumSize).contains(size) else { throw .noSuchTree(size: size) }
    guard (0..<size).contains(index) else { throw .noSuchLeaf(index: index, size: size) }
  }
}

/// The largest power of two that is smaller than `count`, which is more than 1: where RFC 6962 splits a tree.
func largestPowerOfTwo(below count: Int64) -> Int64 {
  1 << Int64(63 - (count - 1).leadingZeroBitCount)
}
