/// Names the root of a complete subtree: 2^level leaves, the first of which has a multiple of 2^level as its index.
///
/// Level 0 are the leaves. A log's rows hold all of them: each line's row has its leaf and the nodes of the subtrees
/// that the line completes (docs/audit.md, the tree).
package struct NodeID: Hashable, Sendable {
  /// Height above the leaves, 0 to 62.
  package let level: Int
  /// Position among the nodes of its level, from 0.
  package let index: Int64

  /// The node over the leaves `index * 2^level` and the 2^level - 1 that follow. Both are of a tree within
  /// `Peaks.maximumSize`.
  init(level: Int, index: Int64) {
    self.level = level
    self.index = index
  }

  /// The leaf of the line at `index`, which is not negative.
  package static func leaf(_ index: Int64) -> NodeID {
    NodeID(level: 0, index: index)
  }

  /// Index of the line whose row holds it: the last of its leaves.
  package var row: Int64 {
    // Not ((index + 1) << level) - 1, since what lies behind the largest tree has no index.
    index << Int64(level) | (1 << Int64(level) - 1)
  }
}

extension NodeID {
  /// The complete subtrees that make up `count` leaves from `start` on, largest first. `start` is a multiple of the
  /// largest power of two within `count`, as every subtree of RFC 6962 starts at one.
  static func covering(start: Int64, count: Int64) -> [NodeID] {
    var nodes: [NodeID] = []
    nodes.reserveCapacity(count.nonzeroBitCount)
    var start = start
    var rest = count
    while rest > 0 {
      let level = 63 - rest.leadingZeroBitCount
      nodes.append(NodeID(level: level, index: start >> Int64(level)))
      start += 1 << Int64(level)
      rest -= 1 << Int64(level)
    }
    return nodes
  }

  /// The nodes whose hashes are the peaks of the tree of `size` leaves, largest first. Throws a `ProofError` where
  /// there is no such tree.
  package static func peaks(of size: Int64) throws(ProofError) -> [NodeID] {
    guard (0...Peaks.maximumSize).contains(size) else { throw .noSuchTree(size: size) }
    return covering(start: 0, count: size)
  }
}
