/// What point reads of a log's rows brought: the nodes that a proof is made of.
package struct TreeRows: Sendable {
  private struct Row {
    var leaf: Digest
    var nodes: [Digest]
  }

  private var rows: [Int64: Row] = [:]

  /// No rows.
  package init() {}

  /// Takes in the row of the line at `index`: its leaf hash, and the hashes of the subtrees that it completes, 32 bytes
  /// each, smallest first.
  ///
  /// Throws `ProofError.brokenRow` where there are not as many nodes as the index says.
  package mutating func add(index: Int64, leaf: Digest, nodes: [UInt8]) throws(ProofError) {
    let count = (0..<Peaks.maximumSize).contains(index) ? (~index).trailingZeroBitCount : -1
    guard nodes.count == count * Digest.byteCount else { throw .brokenRow(index: index) }
    rows[index] = Row(
      leaf: leaf,
      nodes: nodes.withUnsafeBytes { buffer in
        (0..<count).map { Digest(buffer: UnsafeRawBufferPointer(rebasing: buffer[($0 * Digest.byteCount)...])) }
      })
  }

  /// The hash of `node`; nil where its row was not taken in.
  package func hash(of node: NodeID) -> Digest? {
    guard let row = rows[node.row] else { return nil }
    return node.level == 0 ? row.leaf : row.nodes[node.level - 1]
  }
}
