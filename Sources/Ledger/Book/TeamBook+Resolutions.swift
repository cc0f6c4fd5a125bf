extension TeamBook {
  /// Charges an edit. Never refused for fullness: the charge is at most what the edit holds already.
  func decideSettlement(_ command: SettleCommand) throws(LedgerError) -> Decision {
    guard let record = records[command.record] else { throw .unknownHold(command.record) }
    guard record.state.isOpen else { return try decideLateSettlement(command, record) }
    try check(command)
    if let charge = command.administratorCharge {
      guard charge >= .zero, !command.assumed else { throw .invalid(field: "administratorCharge") }
      guard charge <= record.held else { throw .chargeOverHold(charge: charge, held: record.held) }
    }
    let cause: SettleCause =
      command.administratorCharge != nil ? .administrator : command.assumed ? .assumed : .delivered
    let due =
      switch cause {
      case .administrator: command.administratorCharge ?? .zero
      case .assumed: record.held
      case .delivered: record.due(results: command.deliveredResults, upstreamCredit: command.upstreamCredit)
      }
    let charge = min(due, record.held)
    let event = EditSettled(
      record: record.id, hold: record.openedIndex, amount: record.held, charge: charge,
      variance: try due.subtracting(charge),
      results: command.deliveredResults, upstreamCredit: command.upstreamCredit, assumed: command.assumed,
      cause: cause, budgets: try movements(settling: record, charge: charge))
    let settled = record.resolved(by: event, index: logSize)
    return Decision([.settled(event)], .settled(settled, variance: event.variance))
  }

  /// Gives an edit's credits back uncharged.
  func decideRelease(_ command: ReleaseCommand) throws(LedgerError) -> Decision {
    guard let record = records[command.record] else { throw .unknownHold(command.record) }
    guard record.state.isOpen else { return try decideLateRelease(command, record) }
    let event = EditReleased(
      record: record.id, hold: record.openedIndex, amount: record.held, cause: command.cause,
      budgets: try movements(settling: record, charge: .zero))
    return Decision([.released(event)], .released(record.resolved(by: event, index: logSize)))
  }

  /// Notes that nobody knows what became of an edit. A second note of it changes nothing.
  func decideDoubt(_ command: MarkInDoubtCommand) throws(LedgerError) -> Decision {
    guard var record = records[command.record] else { throw .unknownHold(command.record) }
    guard record.state.isOpen else { return Decision(.alreadyResolved(record)) }
    guard record.state == .held else { return Decision(.inDoubt(record)) }
    let event = EditInDoubt(
      record: record.id, hold: record.openedIndex, amount: record.held, cause: command.cause)
    record.state = .inDoubt
    return Decision([.inDoubt(event)], .inDoubt(record))
  }

  /// Gives back some of a charge, never more than is left of it.
  func decideCredit(_ command: CreditCommand) throws(LedgerError) -> Decision {
    guard var record = records[command.record] else { throw .unknownHold(command.record) }
    guard record.state == .settled, let settlement = record.resolvedIndex else {
      throw .notSettled(command.record)
    }
    guard command.amount > .zero, command.amount.isWithinLimits else { throw .invalid(field: "amount") }
    if let expected = command.creditedBefore, expected != record.credited {
      guard try expected.adding(command.amount) == record.credited else {
        throw .creditChanged(record.id, credited: record.credited)
      }
      return Decision(.credited(record))
    }
    guard command.amount <= record.netCharge else {
      throw .creditOverCharge(amount: command.amount, creditable: record.netCharge)
    }
    let event = EditCredited(
      record: record.id, hold: record.openedIndex, settlement: settlement, amount: command.amount,
      creditedBefore: record.credited, budgets: try movements(crediting: command.amount, of: record))
    record.credited = try record.credited.adding(command.amount)
    return Decision([.credited(event)], .credited(record))
  }

  /// What a settlement (or, with nothing charged, a release) does to the rows that the hold was taken from.
  func movements(settling record: RecordState, charge: Credits) throws(LedgerError) -> [BudgetMovement] {
    try movements(on: record.budgets) { row throws(LedgerError) in
      try TeamBook.movement(settling: record.held, charge: charge, on: row)
    }
  }

  /// What it does to one of them.
  @inline(__always)
  static func movement(
    settling held: Credits, charge: Credits, on row: Budget
  ) throws(LedgerError) -> BudgetMovement {
    BudgetMovement(of: row, usedAfter: try row.used.adding(charge), heldAfter: try row.held.subtracting(held))
  }

  /// What a credit does to the rows that the hold was taken from.
  func movements(crediting amount: Credits, of record: RecordState) throws(LedgerError) -> [BudgetMovement] {
    try movements(crediting: amount, on: record.budgets)
  }

  /// What a credit does to these rows.
  func movements(crediting amount: Credits, on ids: [BudgetID]) throws(LedgerError) -> [BudgetMovement] {
    try movements(on: ids) { row throws(LedgerError) in
      BudgetMovement(of: row, usedAfter: try row.used.subtracting(amount), heldAfter: row.held)
    }
  }

  private func movements(
    on ids: [BudgetID], _ move: (Budget) throws(LedgerError) -> BudgetMovement
  ) throws(LedgerError) -> [BudgetMovement] {
    var movements: [BudgetMovement] = []
    movements.reserveCapacity(ids.count)
    for id in ids {
      guard let row = budgets[id] else { throw .budgetNotLoaded(id) }
      movements.append(try move(row))
    }
    return movements
  }
}
