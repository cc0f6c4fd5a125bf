// Resolved records pile up without end, and only few of them are ever heard of again. So the text of a book does not hold
// them (docs/audit.md, the book's text), and who replays a long log may forget them.

extension TeamBook {
  /// Takes resolved and refused records out of the book, so that a long log can be replayed in the memory of its open
  /// edits. Later credits and evidence of them are taken by what their lines say: the budget rows must follow from each
  /// other and the amounts fit together, while what was charged cannot be looked up any more. An id of an edit that is
  /// used twice is not noticed any more either.
  package mutating func forgetResolved() {
    forgottenBefore = max(forgottenBefore, logSize)
    records = records.filter(\.value.state.isOpen)
  }

  /// Takes a credit for an edit that was forgotten.
  mutating func applyForgotten(_ event: EditCredited) throws(LedgerError) {
    try checkForgotten(event.record, hold: event.hold, settlement: event.settlement)
    try require(event.amount > .zero, .record(event.record), "amount")
    _ = try event.creditedBefore.adding(event.amount)
    try putCredit(event.amount, on: event.budgets, event.record)
  }

  /// Takes evidence about an edit that was forgotten.
  mutating func applyForgotten(_ event: EditEvidence) throws(LedgerError) {
    try checkForgotten(event.record, hold: event.hold, settlement: event.settlement)
    try require(event.worked || event.results == 0, .record(event.record), "results")
    try require(event.worked || event.upstreamCredit == nil, .record(event.record), "upstreamCredit")
    // Nothing was done, or the charge was above what it cost: then nothing is left for the operator to bear.
    try require(
      event.variance == .zero || (event.worked && event.credited == .zero), .record(event.record), "variance")
    let credited = try event.creditedBefore.adding(event.credited)
    try require(credited <= event.amount, .record(event.record), "credited")
    if event.worked, let due = event.upstreamCredit {
      try require(event.variance <= due, .record(event.record), "variance")
      // What was left of the charge is the due and what is credited, and a charge is never above its hold.
      if event.credited > .zero {
        try require(try due.adding(credited) <= event.amount, .record(event.record), "credited")
      }
    }
    try putCredit(event.credited, on: event.budgets, event.record)
  }

  private func checkForgotten(_ record: RecordID, hold: Int64, settlement: Int64) throws(LedgerError) {
    guard settlement < forgottenBefore else { throw .unknownHold(record) }
    try require(hold < settlement, .record(record), "hold")
  }

  /// Takes `amount` off what is used, on the rows that the line names. Which ones the hold was taken from is forgotten:
  /// they must be there, of this team, one of each scope.
  private mutating func putCredit(
    _ amount: Credits, on told: [BudgetMovement], _ record: RecordID
  ) throws(LedgerError) {
    let scopes = told.map(\.id.scope)
    try require(
      scopes == [.team, .member] || scopes == [.team, .member, .key], .record(record), "budgets")
    try require(told.first?.id.owner == .team(team.id), .record(record), "budgets")
    for movement in told { try require(budgets[movement.id] != nil, .budget(movement.id), "budgets") }
    try compare(told, try movements(crediting: amount, on: told.map(\.id)), record)
    put(told)
  }
}
