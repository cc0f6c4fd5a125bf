extension TeamBook {
  /// Creates the team. Run again with the same settings, it reports the team that is there.
  func decideCreation(_ command: CreateTeamCommand) throws(LedgerError) -> Decision {
    // What is no setting does not make it another team.
    let created = TeamState(
      id: team.id, limit: command.limit, period: command.period, timeZone: command.timeZone,
      inDoubtChargeAfterSeconds: command.inDoubtChargeAfterSeconds, isOnLegalHold: team.isOnLegalHold,
      closedThrough: team.closedThrough)
    if logSize > 0 {
      guard created == team else { throw .alreadyExists(id: team.id.bits) }
      return Decision(.teamCreated(team))
    }
    guard Token.isValid(origin) else { throw .invalid(field: "origin") }
    try TeamBook.check(limit: command.limit)
    try TeamBook.check(created.settings)
    let event = TeamCreated(
      team: team.id, limit: command.limit, period: command.period, timeZone: command.timeZone,
      inDoubtChargeAfterSeconds: command.inDoubtChargeAfterSeconds)
    return Decision([.teamCreated(event)], .teamCreated(created))
  }

  /// Changes the team: `team.changed` for its settings, then `limit.changed` for its limit, as far as they change.
  func decideTeamChange(_ command: ChangeTeamCommand, _ context: DecisionContext) throws(LedgerError) -> Decision {
    var changed = self
    var events: [Event] = []
    let old = team.settings
    let new = TeamSettings(
      status: command.status.applied(to: old.status), period: command.period.applied(to: old.period),
      timeZone: command.timeZone.applied(to: old.timeZone),
      inDoubtChargeAfterSeconds: command.inDoubtChargeAfterSeconds.applied(to: old.inDoubtChargeAfterSeconds))
    if new != old {
      try TeamBook.check(new)
      let budget = new.period == old.period ? nil : endChange(of: .team(team.id), to: new.period, context)
      events.append(.teamChanged(TeamChanged(old: old, new: new, budget: budget)))
      try changed.apply(events[0], at: context.at)
    }
    let limit = command.limit.applied(to: team.limit)
    if let event = try changed.limitChange(of: .team(team.id), from: team.limit, to: limit, at: context.at) {
      events.append(event)
      try changed.apply(event, at: context.at)
    }
    return events.isEmpty ? Decision(.unchanged) : Decision(events, .teamChanged(changed.team))
  }

  /// The event of a changed limit; nil when it does not change.
  func limitChange(
    of subject: BudgetSubject, from old: Credits?, to new: Credits?, at moment: Timestamp
  ) throws(LedgerError) -> Event? {
    guard new != old else { return nil }
    try TeamBook.check(limit: new)
    let row = currentBudget(of: subject, at: moment)
    return .limitChanged(
      LimitChanged(
        scope: subject.scope, subject: subject.bits, old: old, new: new,
        budget: row.map { BudgetLimitChange(of: $0, to: new) }))
  }

  /// How a change to `period` moves the end of the subject's current row; nil when it does not.
  func endChange(of subject: BudgetSubject, to period: Period, _ context: DecisionContext) -> BudgetEndChange? {
    guard let row = rowWithMovedEnd(of: subject, to: period, at: context.at) else { return nil }
    return BudgetEndChange(id: row.id, old: row.end, new: period == .month ? context.month.end : nil)
  }

  /// The current row of the subject if a change to `period` gives it an end or takes it away: only `total` rows, since
  /// a month's end stays what it is.
  func rowWithMovedEnd(of subject: BudgetSubject, to period: Period, at moment: Timestamp) -> Budget? {
    guard let row = currentBudget(of: subject, at: moment), row.id.period == .total else { return nil }
    return (row.end == nil) == (period == .month) ? row : nil
  }

  static func check(limit: Credits?) throws(LedgerError) {
    guard limit?.isWithinLimits ?? true else { throw .invalid(field: "limit") }
  }

  private static func check(_ settings: TeamSettings) throws(LedgerError) {
    guard Token.isValid(settings.timeZone) else { throw .invalid(field: "timeZone") }
    if let seconds = settings.inDoubtChargeAfterSeconds {
      guard (0...TeamState.inDoubtChargeAfterSecondsMaximum).contains(seconds) else {
        throw .invalid(field: "inDoubtChargeAfterSeconds")
      }
    }
  }
}

extension TeamState {
  /// What `team.changed` tells of it.
  var settings: TeamSettings {
    TeamSettings(
      status: status, period: period, timeZone: timeZone, inDoubtChargeAfterSeconds: inDoubtChargeAfterSeconds)
  }
}
