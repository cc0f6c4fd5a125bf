import Ledger
package import TransparencyLog

extension LedgerStore {
  /// The proof that a line of a team's log stands under a signed head: a text that needs nothing else. It is checked
  /// before it is handed out, but for the head's signature. Of a line that was pruned the proof holds hashes alone, and whoever
  /// checks it brings the leaf hash, which a receipt has.
  /// - Parameter base: the place of the log's first line; nil: that of the log that goes on.
  /// - Throws: `conflict` where what is stored does not lead to the head, as in a log that was restored from an older backup;
  ///   `invalid` for a line that the head does not cover; `unavailable`.
  package func proof(
    of line: LoggedLine, under head: LogHead, base: Int64? = nil
  ) async throws(StoreError) -> LogProof {
    guard line.index < head.size else {
      throw StoreError(.invalid(field: "index", message: "must be below the \(head.size) lines of the signed head"))
    }
    let broken = StoreError(.conflict("the stored log does not lead to its signed head; run `tally ledger check`"))
    guard let plan = try? InclusionProof.plan(index: line.index, size: head.size) else { throw broken }
    let rows = try await treeRows(of: head.team, plan.rows, base: base)
    do {
      let inclusion = try InclusionProof(index: line.index, size: head.size, from: rows.hash)
      try inclusion.verify(leaf: line.isPruned ? line.leaf : LeafHash.hash(line.line), root: head.root)
      let checkpoint = try SignedNote(bytes: head.note)
      return line.isPruned
        ? LogProof(inclusion: inclusion, checkpoint: checkpoint)
        : try LogProof(line: line.line, inclusion: inclusion, checkpoint: checkpoint)
    } catch {
      throw broken
    }
  }
}
