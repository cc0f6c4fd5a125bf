extension TeamBook {
  /// Takes an event into the book: the only place where state changes.
  ///
  /// `moment` is the line's `at`. The event's own assertions are checked first: every value that it tells of before
  /// must be what the book has, every value after must follow from it by the ledger's rules. So a replay proves that
  /// no edit ever exceeded a budget, and a decision made on a stale book is refused.
  ///
  /// Throws `LedgerError.contradiction`, naming subject and field; the book is then as it was.
  package mutating func apply(_ event: Event, at moment: Timestamp) throws(LedgerError) {
    guard moment >= lastAt, moment.isWithinLimits else { throw .invalid(field: "at") }
    switch event {
    case .teamCreated(let event): try applyCreation(event)
    case .logRecovered(let event): try applyRecovery(event)
    case _ where logSize == 0: throw .unknownTeam(team.id)
    case .held(let event): try applyHold(event, at: moment)
    case .refused(let event): try applyRefusal(event, at: moment)
    case .settled(let event): _ = try applySettlement(event)
    case .released(let event): try applyRelease(event)
    case .inDoubt(let event): try applyDoubt(event)
    case .credited(let event): try applyCredit(event)
    case .evidence(let event): try applyEvidence(event)
    case .teamChanged(let event): try applyTeamChange(event, at: moment)
    case .limitChanged(let event): try applyLimitChange(event, at: moment)
    case .memberAdded(let event): try applyAddition(event)
    case .memberChanged(let event): try applyMemberChange(event, at: moment)
    case .memberSuspended(let event): try applySuspension(event)
    case .keyIssued(let event): try applyIssue(event)
    case .keyRotated(let event): try applyRotation(event, at: moment)
    case .keyRevoked(let event): try applyRevocation(event, at: moment)
    case .periodClosed(let event): try applyClosing(event, at: moment)
    case .legalHoldPlaced: try applyLegalHold(isOn: true)
    case .legalHoldLifted: try applyLegalHold(isOn: false)
    case .privateErased, .exportCreated, .reportRead, .alertChanged, .alertDelivered, .retentionChanged, .usageRemoved,
      .usageRebuilt, .logKeyAnnounced, .logKeyRotated, .priceChanged, .logKeyRetired,
      .signerRecovered, .headsCovered:
      try check(event, at: moment)
    }
    logSize += 1
    lastAt = moment
  }
}

extension TeamBook {
  /// Takes the event of a line into the book: `apply(_:at:)` for whoever has the whole header.
  ///
  /// Throws `LedgerError.contradiction` also where the line belongs to another log or stands elsewhere in it.
  package mutating func apply(_ event: Event, _ header: LineHeader) throws(LedgerError) {
    try checkPlace(header)
    try apply(event, at: header.at)
  }

  /// The same for a hold: nearly all lines of a log are these and settlements, and whoever reads many has told them apart
  /// already.
  package mutating func apply(_ event: EditHeld, _ header: LineHeader) throws(LedgerError) {
    try checkTurn(header)
    try applyHold(event, at: header.at)
    logSize += 1
    lastAt = header.at
  }

  /// The same for a settlement; where it is `forgetting`, the edit is taken out of the book, as `forgetResolved()` would.
  /// Answers the edit as it was held.
  @discardableResult
  package mutating func apply(
    _ event: EditSettled, _ header: LineHeader, forgetting: Bool
  ) throws(LedgerError) -> RecordState {
    try checkTurn(header)
    let record = forgetting ? try applyForgetting(event) : try applySettlement(event)
    logSize += 1
    lastAt = header.at
    return record
  }

  /// Throws where an event of an edit cannot be told by such a line now.
  private func checkTurn(_ header: LineHeader) throws(LedgerError) {
    try checkPlace(header)
    guard header.at >= lastAt, header.at.isWithinLimits else { throw .invalid(field: "at") }
    guard logSize > 0 else { throw .unknownTeam(team.id) }
  }

  private func checkPlace(_ header: LineHeader) throws(LedgerError) {
    try require(header.log == origin, .team, "log")
    try require(header.index == logSize, .team, "index")
  }
}

/// Throws the contradiction in `field` of `subject` unless `condition` holds.
@inline(__always)
func require(
  _ condition: Bool, _ subject: @autoclosure () -> Contradiction.Subject, _ field: @autoclosure () -> String
) throws(LedgerError) {
  guard condition else { throw .contradiction(Contradiction(subject(), field())) }
}
