extension TeamBook {
  mutating func applyHold(_ event: EditHeld, at moment: Timestamp) throws(LedgerError) {
    try require(records[event.record] == nil, .record(event.record), "record")
    let (member, key) = try admit(member: event.member, key: event.key, at: moment)
    try checkAmount(event.amount, unitPrice: event.unitPrice, n: event.n, record: event.record)
    let rows = try checkedRows(event.budgets, member: member, key: key, at: moment)
    try compare(event.budgets, try movements(holding: event.amount, on: rows), event.record)
    for row in rows { try require(row.fits(event.amount), .budget(row.id), "limit") }
    put(event.budgets)
    records[event.record] = RecordState(event, index: logSize, at: moment)
  }

  mutating func applyRefusal(_ event: EditRefused, at moment: Timestamp) throws(LedgerError) {
    try require(records[event.record] == nil, .record(event.record), "record")
    let (member, key) = try admit(member: event.member, key: event.key, at: moment)
    try checkAmount(event.needed, unitPrice: event.unitPrice, n: event.n, record: event.record)
    let rows = try checkedRows(event.budgets, member: member, key: key, at: moment)
    let unmoved = rows.map { BudgetMovement(of: $0, usedAfter: $0.used, heldAfter: $0.held) }
    try compare(event.budgets, unmoved, event.record)
    let refusing = rows.last { !$0.fits(event.needed) }
    try require(refusing?.id.scope == event.refusedBy, .record(event.record), "refusedBy")
    try require(refusing?.available == event.available, .record(event.record), "available")
    records[event.record] = RecordState(event, index: logSize, at: moment)
  }

  mutating func applySettlement(_ event: EditSettled) throws(LedgerError) {
    let record = try openRecord(event.record, hold: event.hold, amount: event.amount)
    try require(event.assumed == (event.cause == .assumed), .record(record.id), "assumed")
    let due =
      switch event.cause {
      case .administrator: event.charge
      case .assumed: record.held
      case .delivered: record.due(results: event.results, upstreamCredit: event.upstreamCredit)
      }
    try require(event.charge == min(due, record.held), .record(record.id), "charge")
    try require(event.variance.value == due.value - event.charge.value, .record(record.id), "variance")
    try compare(event.budgets, try movements(settling: record, charge: event.charge), record.id)
    put(event.budgets)
    records[record.id] = record.resolved(by: event, index: logSize)
  }

  mutating func applyRelease(_ event: EditReleased) throws(LedgerError) {
    let record = try openRecord(event.record, hold: event.hold, amount: event.amount)
    try compare(event.budgets, try movements(settling: record, charge: .zero), record.id)
    put(event.budgets)
    records[record.id] = record.resolved(by: event, index: logSize)
  }

  mutating func applyDoubt(_ event: EditInDoubt) throws(LedgerError) {
    let record = try openRecord(event.record, hold: event.hold, amount: event.amount)
    try require(record.state == .held, .record(record.id), "state")
    records[record.id]?.state = .inDoubt
  }

  mutating func applyCredit(_ event: EditCredited) throws(LedgerError) {
    guard let record = records[event.record] else { return try applyForgotten(event) }
    try require(record.state == .settled, .record(record.id), "state")
    try require(event.hold == record.openedIndex, .record(record.id), "hold")
    try require(event.settlement == record.resolvedIndex, .record(record.id), "settlement")
    try require(event.creditedBefore == record.credited, .record(record.id), "creditedBefore")
    try require(event.amount > .zero && event.amount <= record.netCharge, .record(record.id), "amount")
    let credited = try record.credited.adding(event.amount)
    try compare(event.budgets, try movements(crediting: event.amount, of: record), record.id)
    put(event.budgets)
    records[record.id]?.credited = credited
  }

  private func openRecord(_ id: RecordID, hold: Int64, amount: Credits) throws(LedgerError) -> RecordState {
    guard let record = records[id] else { throw .unknownHold(id) }
    try require(record.state.isOpen, .record(id), "state")
    try require(record.openedIndex == hold, .record(id), "hold")
    try require(record.held == amount, .record(id), "amount")
    return record
  }

  private func checkAmount(
    _ amount: Credits, unitPrice: Credits, n: Int, record: RecordID
  ) throws(LedgerError) {
    try require((1...HoldCommand.resultsMaximum).contains(n), .record(record), "n")
    try require(unitPrice > .zero, .record(record), "unitPrice")
    try require(try unitPrice.multiplied(by: n) == amount, .record(record), "amount")
  }

  /// The rows that the movements of a hold or a refusal must begin from, ascending: the current ones, or the ones that
  /// they open.
  private func checkedRows(
    _ movements: [BudgetMovement], member: MemberState, key: KeyState, at moment: Timestamp
  ) throws(LedgerError) -> [Budget] {
    var expected: [(subject: BudgetSubject, limit: Credits?, period: Period)] = [
      (.team(team.id), team.limit, team.period), (.member(member.id), member.limit, member.period),
    ]
    if key.limit != nil { expected.append((.key(key.budgetSubject), key.limit, key.period)) }
    try require(movements.map(\.id.owner) == expected.map(\.subject), .member(member.id), "budgets")
    var rows: [Budget] = []
    for (movement, (subject, limit, period)) in zip(movements, expected) {
      if let current = currentBudget(of: subject, at: moment) {
        rows.append(current)
      } else {
        try checkOpening(movement, limit: limit, period: period, at: moment)
        rows.append(Budget(opening: movement.id, end: movement.end, limit: limit))
      }
    }
    return rows
  }

  /// Checks what can be checked of a new row's bounds without a calendar: that they hold `moment`, leave no moment to
  /// two rows, and are those of the period.
  private func checkOpening(
    _ movement: BudgetMovement, limit: Credits?, period: Period, at moment: Timestamp
  ) throws(LedgerError) {
    let bounds = PeriodBounds(start: movement.id.start, end: movement.end)
    let previousEnd = budgets.newest(of: movement.id.owner)?.end ?? .epoch
    try require(movement.id.period == period, .budget(movement.id), "period")
    try require(bounds.contains(moment) && bounds.start >= previousEnd, .budget(movement.id), "start")
    try require(period == .month || bounds.start == previousEnd, .budget(movement.id), "start")
    try require((bounds.end == nil) == (period == .total), .budget(movement.id), "end")
  }

  /// Throws the contradiction in the first field in which the event's movements differ from those that the rules give.
  func compare(
    _ told: [BudgetMovement], _ expected: [BudgetMovement], _ record: RecordID
  ) throws(LedgerError) {
    guard told != expected else { return }
    try require(told.map(\.id) == expected.map(\.id), .record(record), "budgets")
    for (told, expected) in zip(told, expected) {
      try require(told.end == expected.end, .budget(told.id), "end")
      try require(told.limit == expected.limit, .budget(told.id), "limit")
      try require(told.usedBefore == expected.usedBefore, .budget(told.id), "usedBefore")
      try require(told.heldBefore == expected.heldBefore, .budget(told.id), "heldBefore")
      try require(told.usedAfter == expected.usedAfter, .budget(told.id), "usedAfter")
      try require(told.heldAfter == expected.heldAfter, .budget(told.id), "heldAfter")
    }
  }

  mutating func put(_ movements: [BudgetMovement]) {
    for movement in movements { budgets[movement.id] = movement.after }
  }
}
