/// One team's books as plain values: its settings, members, keys, budget rows and records.
///
/// `decide` turns a command into events and never changes the book; `apply` turns an event into the next state and is
/// the only place where state changes. Replaying a log's lines through `apply` rebuilds the book exactly
/// (docs/architecture.md, docs/ledger.md).
///
/// A book may be *partial*: a store loads only what a command needs, and gets the same decision as from a whole book.
///
/// | command | what must be there, where it exists |
/// |---|---|
/// | any | `team`, `origin`, `logSize`, `lastAt` |
/// | hold | the record; the member; the key; the newest row of the team, the member and the key's `budgetSubject` |
/// | settle, release, credit | the record and every row named in its `budgets` |
/// | mark in doubt | the record |
/// | change of a team or a member | the member; the newest row of the team or member |
/// | add member; issue, rotate, revoke key | the member; every key that is named |
/// | close a period | everything but resolved records; the end of the newest closed period |
/// | note of an erased member | the member |
///
/// Once an older row of a subject is there without its newest one, no hold may be decided for that subject.
package struct TeamBook: Equatable, Sendable {
  /// The team and its settings.
  package var team: TeamState
  /// The name of the team's log, which each line carries (docs/audit.md, heads).
  package var origin: String
  /// How many lines the log has: the index of the next one. Zero while the team does not exist.
  package var logSize: Int64
  /// The time of the last line; no line may be older than the one before it.
  package var lastAt: Timestamp
  /// Members by id.
  package var members: [MemberID: MemberState]
  /// Keys by id.
  package var keys: [KeyID: KeyState]
  /// Budget rows by name.
  package var budgets: BudgetTable
  /// Records by id: open ones, and resolved ones that were loaded.
  package var records: [RecordID: RecordState]
  /// Records that were resolved or refused by a line below this index may be missing, although they were there: what a
  /// later line says of them is taken as it stands, see `forgetResolved()`. Zero in a book of a whole log.
  package var forgottenBefore: Int64

  /// A book with these contents.
  package init(
    team: TeamState, origin: String, logSize: Int64, lastAt: Timestamp, members: [MemberID: MemberState] = [:],
    keys: [KeyID: KeyState] = [:], budgets: BudgetTable = [:], records: [RecordID: RecordState] = [:],
    forgottenBefore: Int64 = 0
  ) {
    self.team = team
    self.origin = origin
    self.logSize = logSize
    self.lastAt = lastAt
    self.members = members
    self.keys = keys
    self.budgets = budgets
    self.records = records
    self.forgottenBefore = forgottenBefore
  }

  /// The book of a team that does not exist yet: only `createTeam` can be decided on it.
  package static func empty(teamID: TeamID, origin: String) -> TeamBook {
    TeamBook(team: TeamState(id: teamID), origin: origin, logSize: 0, lastAt: .epoch)
  }

  /// The row that a subject spends from at `moment`; nil when the next hold opens a new one.
  package func currentBudget(of subject: BudgetSubject, at moment: Timestamp) -> Budget? {
    guard let newest = budgets.newest(of: subject), newest.isCurrent(at: moment) else { return nil }
    return newest
  }

  /// The row that a hold at `moment` would spend from: the current one, or the one that it would open.
  ///
  /// `month` are the bounds of the calendar month in the team's zone. A new row begins where its period does, but never
  /// before the end of the row before it, so that a change of zone or period lets no moment count twice.
  package func budget(
    of subject: BudgetSubject, limit: Credits?, period: Period, at moment: Timestamp, month: PeriodBounds
  ) -> Budget {
    let newest = budgets.newest(of: subject)
    if let newest, newest.isCurrent(at: moment) { return newest }
    let bounds = period == .month ? month : .total
    let start = max(bounds.start, newest?.end ?? bounds.start)
    let id = BudgetID(scope: subject.scope, subject: subject.bits, period: period, start: start)
    return Budget(opening: id, end: bounds.end, limit: limit)
  }

  /// The rows that a hold of this member with this key would spend from at `moment`, ascending: the team's, the
  /// member's, and the key's where it has a limit. For estimates and for a member's view of its budgets.
  package func budgets(
    of member: MemberState, with key: KeyState?, at moment: Timestamp, month: PeriodBounds
  ) -> [Budget] {
    var rows = [
      budget(of: .team(team.id), limit: team.limit, period: team.period, at: moment, month: month),
      budget(of: .member(member.id), limit: member.limit, period: member.period, at: moment, month: month),
    ]
    if let key, key.limit != nil {
      rows.append(
        budget(of: .key(key.budgetSubject), limit: key.limit, period: key.period, at: moment, month: month))
    }
    return rows
  }
}
