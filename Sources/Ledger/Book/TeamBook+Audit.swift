// What concerns the log more than the books: closed periods, legal holds, notes, a log in another's place. Nothing of it
// moves credits or hinders an edit.

extension TeamBook {
  /// Closes a month that is over. One that is closed already, or lies before one that is, stays as it is, and no line is
  /// appended.
  func decideClosing(_ command: ClosePeriodCommand, _ context: DecisionContext) throws(LedgerError) -> Decision {
    guard TeamBook.isMonth(command.month) else { throw .invalid(field: "month") }
    guard let end = command.bounds.end, command.bounds.start.isWithinLimits, end.isWithinLimits,
      command.bounds.start < end
    else { throw .invalid(field: "bounds") }
    guard end <= context.at else { throw .periodNotEnded(end: end) }
    if let closed = team.closedThrough, end <= closed { return Decision(.periodClosed(through: closed)) }
    // A change of zone may let a month begin before the one before it ended there: no moment is closed twice.
    let start = max(command.bounds.start, team.closedThrough ?? command.bounds.start)
    let event = PeriodClosed(month: command.month, start: start, end: end, book: BookText.digest(of: self))
    return Decision([.periodClosed(event)], .periodClosed(through: end))
  }

  /// Places or lifts a legal hold.
  func decideLegalHold(_ command: ChangeLegalHoldCommand) -> Decision {
    guard command.isOn != team.isOnLegalHold else { return Decision(.unchanged) }
    var changed = team
    changed.isOnLegalHold = command.isOn
    let event: Event = command.isOn ? .legalHoldPlaced(LegalHoldPlaced()) : .legalHoldLifted(LegalHoldLifted())
    return Decision([event], .teamChanged(changed))
  }

  /// Notes what happened beside the books.
  func decideNote(_ note: Note, _ context: DecisionContext) throws(LedgerError) -> Decision {
    try check(note.event, at: context.at)
    return Decision([note.event], .noted)
  }

  /// Opens a log in the place of a damaged one.
  func decideRecovery(_ command: RecoverLogCommand) throws(LedgerError) -> Decision {
    guard logSize == 0 else { throw .alreadyExists(id: team.id.bits) }
    let event = LogRecovered(
      oldLog: command.oldLog, oldSize: forgottenBefore, knownSize: command.knownSize, knownRoot: command.knownRoot,
      book: BookText.digest(of: self))
    try check(event)
    return Decision([.logRecovered(event)], .noted)
  }

  /// The book that a new log under `origin` begins with, in the place of this one's: its open edits are held by the new
  /// log's first line, and all that was resolved in the old log is forgotten. Lines of a log whose own log took another's
  /// place are counted on behind those of that one, so that no two of a team's old edits were resolved by the same number.
  package func recovered(as origin: String) -> TeamBook {
    var book = self
    book.forgetResolved()
    book.forgottenBefore = forgottenBefore + logSize
    book.origin = origin
    book.logSize = 0
    book.team.isHalted = false
    for id in book.records.keys { book.records[id]?.openedIndex = 0 }
    return book
  }

  mutating func applyClosing(_ event: PeriodClosed, at moment: Timestamp) throws(LedgerError) {
    try require(TeamBook.isMonth(event.month), .team, "month")
    try require(event.start < event.end, .team, "start")
    try require(event.end <= moment, .team, "end")
    try require(team.closedThrough.map { $0 <= event.start } ?? true, .team, "start")
    try require(event.book == BookText.digest(of: self), .team, "book")
    team.closedThrough = event.end
  }

  mutating func applyLegalHold(isOn: Bool) throws(LedgerError) {
    try require(team.isOnLegalHold != isOn, .team, "legalHold")
    team.isOnLegalHold = isOn
  }

  func applyRecovery(_ event: LogRecovered) throws(LedgerError) {
    try require(logSize == 0, .team, "log")
    try require(event.oldSize == forgottenBefore, .team, "oldSize")
    try require(event.book == BookText.digest(of: self), .team, "book")
    try check(event)
  }

  /// Checks the bounds of a note. Only what the book knows can be compared: the log's size and the time.
  func check(_ event: Event, at moment: Timestamp) throws(LedgerError) {
    switch event {
    case .privateErased(let event):
      guard Credits(event.counted).isWithinLimits else { throw .invalid(field: "counted") }
      try check(event.target)
    case .exportCreated(let event):
      guard event.from >= 0, event.from <= event.to else { throw .invalid(field: "from") }
      guard let old = event.oldLog else {
        guard event.to <= logSize else { throw .invalid(field: "to") }
        return
      }
      // What that log had is not in this one's book.
      guard Token.isValid(old), !old.utf8.elementsEqual(origin.utf8) else { throw .invalid(field: "oldLog") }
    case .reportRead(let event):
      guard Token.isValid(event.report) else { throw .invalid(field: "report") }
      // A gateway's clock may be before the database's, by less than the hour that the line names.
      guard event.hour.microseconds.isMultiple(of: 3_600 * Timestamp.microsecondsPerSecond),
        event.hour.isWithinLimits, event.hour <= moment.adding(seconds: 3_600)
      else { throw .invalid(field: "hour") }
    case .logKeyAnnounced(let event):
      guard Token.isValid(event.vkey) else { throw .invalid(field: "vkey") }
    case .alertChanged, .alertDelivered, .retentionChanged, .usageRemoved, .usageRebuilt:
      try checkReports(event, at: moment)
    case .priceChanged(let event): try check(event)
    case .logKeyRetired(let event): try check(event)
    case .signerRecovered(let event): try check(event)
    case .headsCovered(let event): try check(event)
    case .logKeyRotated(let event):
      guard Token.isValid(event.old) else { throw .invalid(field: "old") }
      guard Token.isValid(event.new), event.new != event.old else { throw .invalid(field: "new") }
    default: return
    }
  }

  private func check(_ target: PrivateErased.Target) throws(LedgerError) {
    switch target {
    case .member(let member):
      guard members[member] != nil else { throw .unknownMember(member) }
    case .records(let records):
      guard (1...PrivateErased.recordsMaximum).contains(records.count),
        zip(records, records.dropFirst()).allSatisfy({ $0 < $1 })
      else { throw .invalid(field: "records") }
    case .lines(let before):
      guard (0...logSize).contains(before) else { throw .invalid(field: "before") }
    }
  }

  private func check(_ event: LogRecovered) throws(LedgerError) {
    guard Token.isValid(origin) else { throw .invalid(field: "origin") }
    guard Token.isValid(event.oldLog), event.oldLog != origin else { throw .invalid(field: "oldLog") }
    guard (event.knownSize == nil) == (event.knownRoot == nil) else { throw .invalid(field: "knownRoot") }
    guard event.knownSize.map({ Credits($0).isWithinLimits }) ?? true else { throw .invalid(field: "knownSize") }
  }

  /// Whether `text` names a month: four digits, a dash, 01 to 12.
  private static func isMonth(_ text: String) -> Bool {
    var scanner = DigitScanner(bytes: Array(text.utf8))
    guard scanner.number(digits: 4) != nil, scanner.take(anyOf: "-"), let month = scanner.number(digits: 2) else {
      return false
    }
    return scanner.isAtEnd && (1...12).contains(month)
  }
}
