// Late evidence (docs/ledger.md): the first resolution stays, and what is learned after it is added to it.

extension TeamBook {
  /// Takes results of an edit that is resolved already as evidence, where nobody knew yet that the work was done.
  func decideLateSettlement(_ command: SettleCommand, _ record: RecordState) throws(LedgerError) -> Decision {
    let isProof = !command.assumed && command.administratorCharge == nil
    guard isProof, record.accepts(evidenceOfWork: true) else { return Decision(.alreadyResolved(record)) }
    try check(command)
    return try decideEvidence(
      try evidence(
        of: record, worked: true, results: command.deliveredResults, upstreamCredit: command.upstreamCredit), record)
  }

  /// Takes it as evidence, where an edit was charged without proof, that the upstream did nothing.
  func decideLateRelease(_ command: ReleaseCommand, _ record: RecordState) throws(LedgerError) -> Decision {
    guard command.cause != .administrator, record.accepts(evidenceOfWork: false) else {
      return Decision(.alreadyResolved(record))
    }
    return try decideEvidence(try evidence(of: record, worked: false, results: 0, upstreamCredit: nil), record)
  }

  private func decideEvidence(_ event: EditEvidence, _ record: RecordState) throws(LedgerError) -> Decision {
    Decision(
      [.evidence(event)], .evidence(try record.proven(by: event, index: logSize), variance: event.variance))
  }

  /// Checks the bounds of what the upstream is said to have done.
  func check(_ command: SettleCommand) throws(LedgerError) {
    guard command.deliveredResults >= 0, Credits(Int64(command.deliveredResults)).isWithinLimits else {
      throw .invalid(field: "deliveredResults")
    }
    guard command.upstreamCredit?.isWithinLimits ?? true else { throw .invalid(field: "upstreamCredit") }
  }

  mutating func applyEvidence(_ event: EditEvidence) throws(LedgerError) {
    guard let record = records[event.record] else { return try applyForgotten(event) }
    try require(record.accepts(evidenceOfWork: event.worked), .record(record.id), "state")
    try require(event.hold == record.openedIndex, .record(record.id), "hold")
    try require(event.settlement == record.resolvedIndex, .record(record.id), "settlement")
    try require(event.amount == record.held, .record(record.id), "amount")
    try require(event.worked || event.results == 0, .record(record.id), "results")
    try require(event.worked || event.upstreamCredit == nil, .record(record.id), "upstreamCredit")
    let expected = try evidence(
      of: record, worked: event.worked, results: event.results, upstreamCredit: event.upstreamCredit)
    try require(event.credited == expected.credited, .record(record.id), "credited")
    try require(event.creditedBefore == expected.creditedBefore, .record(record.id), "creditedBefore")
    try require(event.variance == expected.variance, .record(record.id), "variance")
    try compare(event.budgets, expected.budgets, record.id)
    let proven = try record.proven(by: event, index: logSize)
    put(event.budgets)
    records[record.id] = proven
  }

  /// What evidence comes to: what a delivery would have cost, against what is left of the charge.
  private func evidence(
    of record: RecordState, worked: Bool, results: Int, upstreamCredit: Credits?
  ) throws(LedgerError) -> EditEvidence {
    guard let resolution = record.resolvedIndex else {
      throw .contradiction(Contradiction(.record(record.id), "settlement"))
    }
    let due = worked ? record.due(results: results, upstreamCredit: upstreamCredit) : .zero
    let credited = due < record.netCharge ? try record.netCharge.subtracting(due) : .zero
    let variance = due > record.charged ? try due.subtracting(record.charged) : .zero
    return EditEvidence(
      record: record.id, hold: record.openedIndex, settlement: resolution, amount: record.held, worked: worked,
      results: results, upstreamCredit: upstreamCredit, credited: credited, creditedBefore: record.credited,
      variance: variance, budgets: try movements(crediting: credited, of: record))
  }
}
