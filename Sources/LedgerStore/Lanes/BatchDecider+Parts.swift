import Ledger

/// A batch is decided at once or part by part; the results are the same.
extension BatchDecider {
  /// The result of each command, in their order, and everything to be written.
  package mutating func decide(_ entries: [LaneEntry]) -> BatchDecision {
    let results = decide(part: entries[...])
    return BatchDecision(results: results, writes: finish())
  }

  /// The result of each command of the next part of the batch, in their order.
  package mutating func decide(part: ArraySlice<LaneEntry>) -> [Result<LaneAnswer, StoreError>] {
    part.map { entry in
      do throws(StoreError) {
        return .success(try decide(entry.command))
      } catch {
        return .failure(error)
      }
    }
  }

  /// The rows that the parts so far have made and that later parts only add to: records, lines and assets. What a later
  /// part may still change (teams, budgets, usage) stays for the end.
  package mutating func takeRows() -> LaneWrites {
    var rows = LaneWrites()
    swap(&rows.newRecords, &writes.newRecords)
    swap(&rows.changedRecords, &writes.changedRecords)
    swap(&rows.lines, &writes.lines)
    swap(&rows.assets, &writes.assets)
    return rows
  }

  /// Everything that is not taken yet, with the teams and budgets as the whole batch leaves them.
  package mutating func finish() -> LaneWrites {
    collectTeamsAndBudgets()
    return writes
  }
}
