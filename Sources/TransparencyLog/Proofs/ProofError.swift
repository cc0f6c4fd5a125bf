/// Why there is no proof, or why one shows nothing.
package enum ProofError: Error, Hashable, Sendable {
  /// No tree has that many leaves (`Peaks.maximumSize`).
  case noSuchTree(size: Int64)
  /// The leaf is not in a tree of that size.
  case noSuchLeaf(index: Int64, size: Int64)
  /// The older tree is larger than the newer one.
  case sizesInWrongOrder(oldSize: Int64, newSize: Int64)
  /// A proof between these trees has another number of hashes.
  case wrongLength(hashCount: Int)
  /// The proof leads to another root than the one given for the tree of `size` leaves.
  case otherRoot(size: Int64)
  /// The row of the line at that index is needed and was not given.
  case missingRow(index: Int64)
  /// The row of the line at that index does not hold the nodes that it must.
  case brokenRow(index: Int64)
}

extension ProofError: CustomStringConvertible {
  /// One sentence that names the numbers.
  package var description: String {
    switch self {
    case .noSuchTree(let size): "no tree has \(size) leaves"
    case .noSuchLeaf(let index, let size): "a tree of \(size) leaves has no leaf \(index)"
    case .sizesInWrongOrder(let oldSize, let newSize): "a tree of \(oldSize) leaves did not grow to \(newSize)"
    case .wrongLength(let hashCount): "\(hashCount) hashes are not as many as the proof must have"
    case .otherRoot(let size): "the proof leads to another root of the tree of \(size) leaves"
    case .missingRow(let index): "the row of line \(index) is missing"
    case .brokenRow(let index): "the row of line \(index) does not hold the nodes that it completes"
    }
  }
}
