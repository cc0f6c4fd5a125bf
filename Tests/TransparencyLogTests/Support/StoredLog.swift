import TransparencyLog

/// A log's rows as a database keeps them: with each line its leaf and the nodes that it completes.
struct StoredLog {
  private(set) var peaks = Peaks()
  private var rows: [(leaf: Digest, nodes: [UInt8])] = []

  /// The rows of these leaves.
  init(_ leaves: [Digest]) {
    for leaf in leaves { rows.append((leaf, peaks.append(leaf).flatMap(\.bytes))) }
  }

  /// Point reads of just those rows.
  func read(_ indices: [Int64]) throws -> TreeRows {
    var read = TreeRows()
    for index in indices { try read.add(index: index, leaf: rows[Int(index)].leaf, nodes: rows[Int(index)].nodes) }
    return read
  }

  /// The inclusion proof, from the rows that its plan names and no others.
  func inclusion(index: Int64, size: Int64) throws -> InclusionProof {
    let rows = try read(InclusionProof.plan(index: index, size: size).rows)
    return try InclusionProof(index: index, size: size, from: rows.hash)
  }

  /// The consistency proof, from the rows that its plan names and no others.
  func consistency(oldSize: Int64, newSize: Int64) throws -> ConsistencyProof {
    let rows = try read(ConsistencyProof.plan(oldSize: oldSize, newSize: newSize).rows)
    return try ConsistencyProof(oldSize: oldSize, newSize: newSize, from: rows.hash)
  }
}
