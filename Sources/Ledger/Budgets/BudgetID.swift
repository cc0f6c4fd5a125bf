/// Whose spending a budget bounds, from the widest to the most specific.
package enum BudgetScope: String, Hashable, Sendable, CaseIterable {
  /// All of a team.
  case team
  /// One member of it.
  case member
  /// One API key and those that replaced it.
  case key
}

extension BudgetScope: Comparable {
  /// Orders scopes from the widest to the most specific: the order of the budgets in a log line.
  package static func < (left: BudgetScope, right: BudgetScope) -> Bool {
    left.rank < right.rank
  }

  fileprivate var rank: Int {
    switch self {
    case .team: 0
    case .member: 1
    case .key: 2
    }
  }
}

extension Period {
  /// Whether it is the calendar month: asked without a look at texts.
  fileprivate var isMonth: Bool {
    switch self {
    case .month: true
    case .total: false
    }
  }
}

/// Whom a budget belongs to: a team, a member or a key, through all periods.
package struct BudgetSubject: Hashable, Sendable {
  /// Which kind of subject it is.
  package var scope: BudgetScope
  /// The id, kept as one for the reason that `Identifier` gives.
  private var id: Identifier<Never>

  /// The 16 bytes of the team's, the member's or the key's id.
  package var bits: UInt128 {
    get { id.bits }
    set { id.bits = newValue }
  }

  /// Whether scope and id are the same, the scope as a number: what is made up by itself compares its text.
  package static func == (left: BudgetSubject, right: BudgetSubject) -> Bool {
    left.id == right.id && left.scope.rank == right.scope.rank
  }

  /// Feeds the id, and the scope as a number into `hasher`: what is made up by itself hashes the scope's text.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(id)
    hasher.combine(scope.rank)
  }

  /// The subject of that kind with that id.
  package init(scope: BudgetScope, bits: UInt128) {
    self.scope = scope
    id = Identifier(bits: bits)
  }

  /// The budget of a whole team.
  package static func team(_ id: TeamID) -> BudgetSubject {
    BudgetSubject(scope: .team, bits: id.bits)
  }

  /// The budget of a member.
  package static func member(_ id: MemberID) -> BudgetSubject {
    BudgetSubject(scope: .member, bits: id.bits)
  }

  /// The budget of a key: `id` is its `KeyState.budgetSubject`, which outlives a rotation.
  package static func key(_ id: KeyID) -> BudgetSubject {
    BudgetSubject(scope: .key, bits: id.bits)
  }
}

/// What names one budget row: a subject in one period.
package struct BudgetID: Hashable, Sendable {
  /// Which kind of subject it is.
  package var scope: BudgetScope
  /// The subject's id, kept as one for the reason that `Identifier` gives.
  private var id: Identifier<Never>
  /// The period that the row was opened with.
  package var period: Period
  /// When the row's period starts; of one subject no two rows start together.
  package var start: Timestamp

  /// The 16 bytes of the team's, the member's or the key's id.
  package var subject: UInt128 {
    get { id.bits }
    set { id.bits = newValue }
  }

  /// The row of `subject` in the period that begins at `start`.
  package init(scope: BudgetScope, subject: UInt128, period: Period, start: Timestamp) {
    self.scope = scope
    id = Identifier(bits: subject)
    self.period = period
    self.start = start
  }

  /// Whether all fields are the same, scope and period as numbers: what is made up by itself compares their texts.
  package static func == (left: BudgetID, right: BudgetID) -> Bool {
    left.id == right.id && left.start == right.start && left.scope.rank == right.scope.rank
      && left.period.isMonth == right.period.isMonth
  }

  /// Feeds all fields into `hasher`, scope and period as numbers: what is made up by itself hashes their texts.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(id)
    hasher.combine(start.microseconds)
    hasher.combine(scope.rank << 1 | (period.isMonth ? 1 : 0))
  }

  /// Whom the row belongs to.
  package var owner: BudgetSubject {
    BudgetSubject(scope: scope, bits: subject)
  }
}

extension BudgetID: Comparable {
  /// Orders rows by scope, subject, start and period.
  package static func < (left: BudgetID, right: BudgetID) -> Bool {
    if left.scope != right.scope { return left.scope < right.scope }
    if left.subject != right.subject { return left.subject < right.subject }
    if left.start != right.start { return left.start < right.start }
    return left.period == .month && right.period == .total
  }
}

extension BudgetID: CustomStringConvertible {
  /// Scope, subject, period and start in one line, so that a checker can name a row.
  package var description: String {
    "\(scope.rawValue) \(Identifier<Never>(bits: subject)) \(period.rawValue) \(start.rfc3339)"
  }
}
