import Ledger

/// A history is decided like one batch without an end: each command at its own time, and piece by piece its rows are taken
/// away.
extension BatchDecider {
  /// The answer to the next command, decided at `moment` or at its team's last line, whichever is later.
  mutating func decide(_ command: LaneCommand, at moment: Timestamp) throws(StoreError) -> LaneAnswer {
    clock = moment
    let answer = try decide(command)
    // All that there is of the team was decided here, so its book is whole.
    if case .createTeam(let team, _) = command { teams[team.id]?.isWhole = true }
    return answer
  }

  /// Everything that was decided since the last piece. Of the edits that are resolved only `records` are still known
  /// afterwards.
  mutating func takePiece(keeping records: Set<RecordID>) -> LaneWrites {
    let piece = finish()
    writes = LaneWrites()
    for id in Array(teams.keys) { teams[id]?.forgetResolved(except: records) }
    loadedBudgets = teams.mapValues(\.book.budgets)
    return piece
  }
}

extension LoadedTeam {
  /// Forgets what a next batch would not load: edits that are resolved, and which Idempotency-Keys stand for them.
  fileprivate mutating func forgetResolved(except records: Set<RecordID>) {
    let known = book.records.filter { $0.value.state.isOpen || records.contains($0.key) }
    book.records = known
    options = options.filter { known[$0.key] != nil }
    positions = positions.filter { known[$0.key] != nil }
    releaseCauses = [:]
    claims = [:]
  }
}
