extension TeamBook {
  mutating func applyCreation(_ event: TeamCreated) throws(LedgerError) {
    try require(logSize == 0, .team, "team")
    try require(event.team == team.id, .team, "team")
    team = TeamState(
      id: event.team, limit: event.limit, period: event.period, timeZone: event.timeZone,
      inDoubtChargeAfterSeconds: event.inDoubtChargeAfterSeconds, isHalted: team.isHalted)
  }

  mutating func applyTeamChange(_ event: TeamChanged, at moment: Timestamp) throws(LedgerError) {
    try require(event.old == team.settings, .team, "old")
    try require(event.new != event.old, .team, "new")
    let isPeriodChanged = event.new.period != event.old.period
    try moveEnd(
      of: .team(team.id), to: isPeriodChanged ? event.new.period : nil, by: event.budget, at: moment, .team)
    team.status = event.new.status
    team.period = event.new.period
    team.timeZone = event.new.timeZone
    team.inDoubtChargeAfterSeconds = event.new.inDoubtChargeAfterSeconds
  }

  mutating func applyLimitChange(_ event: LimitChanged, at moment: Timestamp) throws(LedgerError) {
    let subject = BudgetSubject(scope: event.scope, bits: event.subject)
    let place: Contradiction.Subject
    let standing: Credits?
    switch event.scope {
    case .team:
      place = .team
      try require(subject == .team(team.id), place, "subject")
      standing = team.limit
    case .member:
      place = .member(MemberID(bits: event.subject))
      guard let member = members[MemberID(bits: event.subject)] else {
        throw .unknownMember(MemberID(bits: event.subject))
      }
      standing = member.limit
    case .key: throw .contradiction(Contradiction(.key(KeyID(bits: event.subject)), "scope"))
    }
    try require(event.old == standing, place, "old")
    try require(event.new != event.old, place, "new")
    let row = currentBudget(of: subject, at: moment)
    try require(event.budget == row.map { BudgetLimitChange(of: $0, to: event.new) }, place, "budget")
    if let budget = event.budget { budgets[budget.id] = budget.after }
    if event.scope == .team {
      team.limit = event.new
    } else {
      members[MemberID(bits: event.subject)]?.limit = event.new
    }
  }

  mutating func applyAddition(_ event: MemberAdded) throws(LedgerError) {
    try require(members[event.member] == nil, .member(event.member), "member")
    members[event.member] = MemberState(
      id: event.member, role: event.role, limit: event.limit, period: event.period)
  }

  mutating func applyMemberChange(_ event: MemberChanged, at moment: Timestamp) throws(LedgerError) {
    guard let member = members[event.member] else { throw .unknownMember(event.member) }
    try require(event.old == member.settings, .member(member.id), "old")
    try require(event.new != event.old, .member(member.id), "new")
    let isSuspension = event.new.status == .suspended && event.old.status == .active
    try require(!isSuspension, .member(member.id), "new")
    let isPeriodChanged = event.new.period != event.old.period
    try moveEnd(
      of: .member(member.id), to: isPeriodChanged ? event.new.period : nil, by: event.budget, at: moment,
      .member(member.id))
    members[member.id]?.role = event.new.role
    members[member.id]?.status = event.new.status
    members[member.id]?.period = event.new.period
  }

  mutating func applySuspension(_ event: MemberSuspended) throws(LedgerError) {
    guard let member = members[event.member] else { throw .unknownMember(event.member) }
    try require(member.status == .active, .member(member.id), "status")
    members[member.id]?.status = .suspended
  }

  mutating func applyIssue(_ event: KeyIssued) throws(LedgerError) {
    try require(keys[event.key] == nil, .key(event.key), "key")
    guard members[event.member] != nil else { throw .unknownMember(event.member) }
    keys[event.key] = KeyState(event)
  }

  mutating func applyRotation(_ event: KeyRotated, at moment: Timestamp) throws(LedgerError) {
    try require(keys[event.key] == nil, .key(event.key), "key")
    guard var old = keys[event.replaces] else { throw .unknownKey(event.replaces) }
    try require(old.denial(at: moment) == nil, .key(old.id), "replaces")
    let new = KeyState(event)
    var expected = old
    expected.id = event.key
    try require(new == expected, .key(event.key), "settings")
    try require(event.oldExpiryBefore == old.expiresAt, .key(old.id), "oldExpiryBefore")
    let latest = old.expiresAt ?? .maximum
    try require(
      event.oldExpiryAfter >= moment && event.oldExpiryAfter <= latest, .key(old.id), "oldExpiryAfter")
    old.expiresAt = event.oldExpiryAfter
    keys[old.id] = old
    keys[new.id] = new
  }

  mutating func applyRevocation(_ event: KeyRevoked, at moment: Timestamp) throws(LedgerError) {
    guard let key = keys[event.key] else { throw .unknownKey(event.key) }
    try require(key.revokedAt == nil, .key(key.id), "revokedAt")
    keys[key.id]?.revokedAt = moment
  }

  /// Moves the end of the subject's current row where a change to `period` (nil: no change) does so, as `change` tells.
  private mutating func moveEnd(
    of subject: BudgetSubject, to period: Period?, by change: BudgetEndChange?, at moment: Timestamp,
    _ place: Contradiction.Subject
  ) throws(LedgerError) {
    let row = period.flatMap { rowWithMovedEnd(of: subject, to: $0, at: moment) }
    try require((row == nil) == (change == nil), place, "budget")
    guard var row, let change else { return }
    try require(change.id == row.id && change.old == row.end, .budget(row.id), "end")
    if period == .month {
      try require(change.new.map { $0 > moment } ?? false, .budget(row.id), "end")
    } else {
      try require(change.new == nil, .budget(row.id), "end")
    }
    row.end = change.new
    budgets[row.id] = row
  }
}
