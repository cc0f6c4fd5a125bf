/// Shows that a tree with a known root has grown out of an older one whose root is known too: nothing was changed,
/// nothing taken away (RFC 6962, section 2.1.2).
package struct ConsistencyProof: Hashable, Sendable {
  /// How many leaves the older tree has.
  package var oldSize: Int64
  /// How many leaves the newer tree has; not fewer.
  package var newSize: Int64
  /// The hashes, from the deepest one up. None where one tree is empty or both are equally large.
  package var hashes: [Digest]

  /// A proof as it was read: anything, until it is verified.
  package init(oldSize: Int64, newSize: Int64, hashes: [Digest]) {
    self.oldSize = oldSize
    self.newSize = newSize
    self.hashes = hashes
  }

  /// The proof that `plan(oldSize:newSize:)` describes, from the nodes that `hash` knows. Throws a `ProofError` where
  /// there are no such trees, or a node is missing.
  package init(oldSize: Int64, newSize: Int64, from hash: (NodeID) -> Digest?) throws(ProofError) {
    let hashes = try ConsistencyProof.plan(oldSize: oldSize, newSize: newSize).hashes(hash)
    self.init(oldSize: oldSize, newSize: newSize, hashes: hashes)
  }

  /// Which nodes the proof between these trees is made of: peaks of the older one, and subtrees of leaves that are only
  /// in the newer one. Throws a `ProofError` where there are no such trees.
  package static func plan(oldSize: Int64, newSize: Int64) throws(ProofError) -> ProofPlan {
    try check(oldSize: oldSize, newSize: newSize)
    var subtrees: [[NodeID]] = []
    var start: Int64 = 0
    var count = newSize
    // How many leaves of the older tree are under this node.
    var oldCount = oldSize
    guard oldSize > 0 else { return ProofPlan([]) }
    while oldCount < count {
      let split = largestPowerOfTwo(below: count)
      if oldCount <= split {
        subtrees.append(NodeID.covering(start: start + split, count: count - split))
        count = split
      } else {
        subtrees.append(NodeID.covering(start: start, count: split))
        start += split
        count -= split
        oldCount -= split
      }
    }
    // On the left edge that subtree is the whole older tree, whose root the verifier has.
    if start > 0 { subtrees.append(NodeID.covering(start: start, count: count)) }
    return ProofPlan(subtrees.reversed())
  }

  /// Throws a `ProofError` unless this shows that the tree with `newRoot` has grown out of the one with `oldRoot` (RFC
  /// 9162, section 2.1.4.2).
  package func verify(oldRoot: Digest, newRoot: Digest) throws(ProofError) {
    try ConsistencyProof.check(oldSize: oldSize, newSize: newSize)
    if oldSize == 0 || oldSize == newSize {
      guard hashes.isEmpty else { throw .wrongLength(hashCount: hashes.count) }
      guard oldSize > 0 || oldRoot == NodeHash.emptyRoot else { throw .otherRoot(size: 0) }
      guard oldSize < newSize || oldRoot == newRoot else { throw .otherRoot(size: newSize) }
      return
    }
    let roots = try roots(oldRoot: oldRoot)
    guard roots.old == oldRoot else { throw .otherRoot(size: oldSize) }
    guard roots.new == newRoot else { throw .otherRoot(size: newSize) }
  }

  /// The roots that follow from the hashes, for sizes that differ and are not 0.
  private func roots(oldRoot: Digest) throws(ProofError) -> (old: Digest, new: Digest) {
    // Complete subtrees at the end of the older tree are one node of both.
    let rise = Int64(oldSize.trailingZeroBitCount)
    var node = (oldSize - 1) >> rise
    var last = (newSize - 1) >> rise
    var rest = hashes[...]
    // An older tree that is one complete subtree is not in the proof.
    guard let seed = oldSize.nonzeroBitCount == 1 ? oldRoot : rest.popFirst() else {
      throw .wrongLength(hashCount: 0)
    }
    var (old, new) = (seed, seed)
    for hash in rest {
      guard last > 0 else { throw .wrongLength(hashCount: hashes.count) }
      if node & 1 == 1 || node == last {
        old = NodeHash.hash(hash, old)
        new = NodeHash.hash(hash, new)
        let rise = Int64(node.trailingZeroBitCount)
        node >>= rise
        last >>= rise
      } else {
        new = NodeHash.hash(new, hash)
      }
      node >>= 1
      last >>= 1
    }
    guard last == 0 else { throw .wrongLength(hashCount: hashes.count) }
    return (old, new)
  }

  private static func check(oldSize: Int64, newSize: Int64) throws(ProofError) {
    for size in [oldSize, newSize] where !(0...Peaks.maximumSize).contains(size) { throw .noSuchTree(size: size) }
    guard oldSize <= newSize else { throw .sizesInWrongOrder(oldSize: oldSize, newSize: newSize) }
  }
}
