/// What a proof is made of, before a row was read: for each of its hashes the complete subtrees to fold.
///
/// Only the last subtree on the tree's right edge can be incomplete, so a plan names at most twice as many nodes as the
/// tree is high. All its rows can be fetched by one statement of point reads.
package struct ProofPlan: Hashable, Sendable {
  /// The subtrees under each hash of the proof, largest first; never an empty list.
  private var subtrees: [[NodeID]]

  /// A plan of these subtrees, one list for each hash of the proof in its order.
  init(_ subtrees: [[NodeID]]) {
    self.subtrees = subtrees
  }

  /// How many hashes the proof has.
  package var hashCount: Int { subtrees.count }

  /// All nodes that are needed.
  package var nodes: [NodeID] { subtrees.flatMap { $0 } }

  /// The indices of the lines whose rows hold the nodes, ascending, each once.
  package var rows: [Int64] { Set(nodes.map(\.row)).sorted() }

  /// The proof's hashes, in its order, from the nodes that `hash` knows.
  ///
  /// Throws `ProofError.missingRow` for the first one that it does not know.
  package func hashes(_ hash: (NodeID) -> Digest?) throws(ProofError) -> [Digest] {
    var hashes: [Digest] = []
    hashes.reserveCapacity(subtrees.count)
    for nodes in subtrees {
      var folded: Digest?
      for node in nodes.reversed() {
        guard let known = hash(node) else { throw .missingRow(index: node.row) }
        folded = folded.map { NodeHash.hash(known, $0) } ?? known
      }
      if let folded { hashes.append(folded) }
    }
    return hashes
  }
}
