/// The peaks of an earlier size, from stored rows: where a range of the log begins.
extension Peaks {
  /// Which nodes the peaks at `size` are, largest first, one for each hash. Throws `ProofError.noSuchTree` where there is
  /// no such tree.
  package static func plan(size: Int64) throws(ProofError) -> ProofPlan {
    ProofPlan(try NodeID.peaks(of: size).map { [$0] })
  }

  /// The peaks at `size`, from the nodes that `hash` knows. Throws a `ProofError` where there is no such tree, or a node
  /// is missing.
  package init(size: Int64, from hash: (NodeID) -> Digest?) throws(ProofError) {
    let hashes = try Peaks.plan(size: size).hashes(hash)
    do {
      try self.init(size: size, hashes: hashes)
    } catch {
      // Not reached: a plan has one hash for each bit that is set in the size.
      throw .noSuchTree(size: size)
    }
  }
}
