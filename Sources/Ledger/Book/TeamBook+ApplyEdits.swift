extension TeamBook {
  mutating func applyHold(_ event: EditHeld, at moment: Timestamp) throws(LedgerError) {
    try require(records[event.record] == nil, .record(event.record), "record")
    let (member, key) = try admit(member: event.member, key: event.key, at: moment)
    try checkAmount(event.amount, unitPrice: event.unitPrice, n: event.n, record: event.record)
    let places = try places(
      of: event.budgets, record: event.record, member: member, key: key, at: moment
    ) { told, row throws(LedgerError) in
      try check(told, is: try TeamBook.movement(holding: event.amount, on: row))
      try require(row.fits(event.amount), .budget(row.id), "limit")
    }
    put(event.budgets, at: places)
    records[event.record] = RecordState(event, index: logSize, at: moment)
  }

  mutating func applyRefusal(_ event: EditRefused, at moment: Timestamp) throws(LedgerError) {
    try require(records[event.record] == nil, .record(event.record), "record")
    let (member, key) = try admit(member: event.member, key: event.key, at: moment)
    try checkAmount(event.needed, unitPrice: event.unitPrice, n: event.n, record: event.record)
    var refusing: Budget?
    _ = try places(
      of: event.budgets, record: event.record, member: member, key: key, at: moment
    ) { told, row throws(LedgerError) in
      try check(told, is: BudgetMovement(of: row, usedAfter: row.used, heldAfter: row.held))
      if !row.fits(event.needed) { refusing = row }
    }
    try require(refusing?.id.scope == event.refusedBy, .record(event.record), "refusedBy")
    try require(refusing?.available == event.available, .record(event.record), "available")
    records[event.record] = RecordState(event, index: logSize, at: moment)
  }

  /// Answers the edit as it was held.
  mutating func applySettlement(_ event: EditSettled) throws(LedgerError) -> RecordState {
    let (place, record) = try openRecord(event.record, hold: event.hold, amount: event.amount)
    try settle(event, record)
    records.values[place].resolve(by: event, index: logSize)
    return record
  }

  /// Takes a settlement into the book and the edit out of it: whoever reads a log of any length needs it no more. Answers the
  /// edit as it was held.
  mutating func applyForgetting(_ event: EditSettled) throws(LedgerError) -> RecordState {
    guard let place = records.index(forKey: event.record) else { throw .unknownHold(event.record) }
    // Taken out before it is looked at: then nothing of it is copied.
    let record = records.remove(at: place).value
    do {
      try check(record, isOpenSince: event.hold, holding: event.amount)
      try settle(event, record)
    } catch {
      records[record.id] = record
      throw error
    }
    return record
  }

  @inline(__always)
  private mutating func settle(_ event: EditSettled, _ record: RecordState) throws(LedgerError) {
    try require(event.assumed == (event.cause == .assumed), .record(record.id), "assumed")
    let due =
      switch event.cause {
      case .administrator: event.charge
      case .assumed: record.held
      case .delivered: record.due(results: event.results, upstreamCredit: event.upstreamCredit)
      }
    try require(event.charge == min(due, record.held), .record(record.id), "charge")
    try require(event.variance.value == due.value - event.charge.value, .record(record.id), "variance")
    let rows = try places(of: event.budgets, settling: record, charge: event.charge)
    put(event.budgets, at: rows)
  }

  mutating func applyRelease(_ event: EditReleased) throws(LedgerError) {
    let (place, record) = try openRecord(event.record, hold: event.hold, amount: event.amount)
    let rows = try places(of: event.budgets, settling: record, charge: .zero)
    put(event.budgets, at: rows)
    records.values[place].resolve(by: event, index: logSize)
  }

  mutating func applyDoubt(_ event: EditInDoubt) throws(LedgerError) {
    let (place, record) = try openRecord(event.record, hold: event.hold, amount: event.amount)
    try require(record.state == .held, .record(event.record), "state")
    records.values[place].state = .inDoubt
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

  /// The open edit, and where it stands among the records.
  @inline(__always)
  private func openRecord(
    _ id: RecordID, hold: Int64, amount: Credits
  ) throws(LedgerError) -> (place: Dictionary<RecordID, RecordState>.Index, record: RecordState) {
    guard let place = records.index(forKey: id) else { throw .unknownHold(id) }
    let record = records.values[place]
    try check(record, isOpenSince: hold, holding: amount)
    return (place, record)
  }

  @inline(__always)
  private func check(_ record: RecordState, isOpenSince hold: Int64, holding amount: Credits) throws(LedgerError) {
    try require(record.state.isOpen, .record(record.id), "state")
    try require(record.openedIndex == hold, .record(record.id), "hold")
    try require(record.held == amount, .record(record.id), "amount")
  }

  private func checkAmount(
    _ amount: Credits, unitPrice: Credits, n: Int, record: RecordID
  ) throws(LedgerError) {
    try require((1...HoldCommand.resultsMaximum).contains(n), .record(record), "n")
    try require(unitPrice > .zero, .record(record), "unitPrice")
    try require(try unitPrice.multiplied(by: n) == amount, .record(record), "amount")
  }

  /// Checks each movement of a hold or a refusal against the row that it must begin from, the current one or the one that
  /// it opens, and answers where the rows are that are there. Nothing is copied and no list is made: an auditor's machine
  /// does this for every line of a log.
  @inline(__always)
  private func places(
    of movements: [BudgetMovement], record: RecordID, member: MemberState, key: KeyState, at moment: Timestamp,
    _ check: (BudgetMovement, Budget) throws(LedgerError) -> Void
  ) throws(LedgerError) -> BudgetPlaces {
    let count = key.limit == nil ? 2 : 3
    try require(movements.count == count, .member(member.id), "budgets")
    var places = BudgetPlaces()
    for position in 0..<count {
      let movement = movements[position]
      let (subject, limit, period) =
        switch position {
        case 0: (BudgetSubject.team(team.id), team.limit, team.period)
        case 1: (BudgetSubject.member(member.id), member.limit, member.period)
        default: (BudgetSubject.key(key.budgetSubject), key.limit, key.period)
        }
      try require(movement.id.owner == subject, .member(member.id), "budgets")
      if let place = budgets.newestPlace(of: subject), case let row = budgets[place], row.isCurrent(at: moment) {
        try require(movement.id == row.id, .record(record), "budgets")
        try check(movement, row)
        places[position] = place
      } else {
        try checkOpening(movement, limit: limit, period: period, at: moment)
        try check(movement, Budget(opening: movement.id, end: movement.end, limit: limit))
      }
    }
    return places
  }

  /// Checks each movement of an edit's end against the row that its hold was taken from, and answers where the rows are.
  private func places(
    of movements: [BudgetMovement], settling record: RecordState, charge: Credits
  ) throws(LedgerError) -> BudgetPlaces {
    let count = record.budgets.count
    try require(movements.count == count && count <= BudgetPlaces.maximum, .record(record.id), "budgets")
    var places = BudgetPlaces()
    for position in 0..<count {
      let movement = movements[position]
      guard let place = budgets.place(of: record.budgets[position]) else {
        throw .budgetNotLoaded(record.budgets[position])
      }
      try require(movement.id == record.budgets[position], .record(record.id), "budgets")
      try check(movement, is: try TeamBook.movement(settling: record.held, charge: charge, on: budgets[place]))
      places[position] = place
    }
    return places
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
    try require(told.map(\.id) == expected.map(\.id), .record(record), "budgets")
    for (told, expected) in zip(told, expected) { try check(told, is: expected) }
  }

  /// Throws the contradiction in the first field in which an event's movement differs from the one that the rules give,
  /// on the same row.
  @inline(__always)
  private func check(_ told: BudgetMovement, is expected: BudgetMovement) throws(LedgerError) {
    try require(told.end == expected.end, .budget(told.id), "end")
    try require(told.limit == expected.limit, .budget(told.id), "limit")
    try require(told.usedBefore == expected.usedBefore, .budget(told.id), "usedBefore")
    try require(told.heldBefore == expected.heldBefore, .budget(told.id), "heldBefore")
    try require(told.usedAfter == expected.usedAfter, .budget(told.id), "usedAfter")
    try require(told.heldAfter == expected.heldAfter, .budget(told.id), "heldAfter")
  }

  mutating func put(_ movements: [BudgetMovement]) {
    for movement in movements { budgets[movement.id] = movement.after }
  }

  private mutating func put(_ movements: [BudgetMovement], at places: BudgetPlaces) {
    for position in movements.indices {
      let row = movements[position].after
      if let place = places[position] { budgets[place] = row } else { budgets[row.id] = row }
    }
  }
}

/// Where the rows of one edit are in a table: the team's, the member's and the key's. A row that is not there has none.
private struct BudgetPlaces {
  private var first: BudgetTable.Place?
  private var second: BudgetTable.Place?
  private var third: BudgetTable.Place?

  /// How many budgets an edit has at most.
  static let maximum = 3

  subscript(position: Int) -> BudgetTable.Place? {
    @inline(__always)
    get {
      switch position {
      case 0: first
      case 1: second
      default: third
      }
    }
    @inline(__always)
    set {
      switch position {
      case 0: first = newValue
      case 1: second = newValue
      default: third = newValue
      }
    }
  }
}
