/// `team.created`: the first line of each log. The team is active.
package struct TeamCreated: Hashable, Sendable {
  /// The team's id.
  package var team: TeamID
  /// The team-wide limit; nil for none.
  package var limit: Credits?
  /// The period of the team's budget.
  package var period: Period
  /// The IANA name of the team's time zone.
  package var timeZone: String
  /// After how many seconds an edit in doubt is charged by assumption; nil for never.
  package var inDoubtChargeAfterSeconds: Int64?

  /// An event with these fields.
  package init(team: TeamID, limit: Credits?, period: Period, timeZone: String, inDoubtChargeAfterSeconds: Int64?) {
    self.team = team
    self.limit = limit
    self.period = period
    self.timeZone = timeZone
    self.inDoubtChargeAfterSeconds = inDoubtChargeAfterSeconds
  }
}

/// What `team.changed` tells of a team, once before and once after.
package struct TeamSettings: Hashable, Sendable {
  /// Whether its members may submit edits.
  package var status: AccountStatus
  /// The period of the team's budget.
  package var period: Period
  /// The IANA name of the team's time zone.
  package var timeZone: String
  /// After how many seconds an edit in doubt is charged by assumption; nil for never.
  package var inDoubtChargeAfterSeconds: Int64?

  /// Settings with these fields.
  package init(status: AccountStatus, period: Period, timeZone: String, inDoubtChargeAfterSeconds: Int64?) {
    self.status = status
    self.period = period
    self.timeZone = timeZone
    self.inDoubtChargeAfterSeconds = inDoubtChargeAfterSeconds
  }
}

/// `team.changed`: status, zone, period or policy of the team changed. Its limit has a line of its own.
package struct TeamChanged: Hashable, Sendable {
  /// The settings before.
  package var old: TeamSettings
  /// The settings after.
  package var new: TeamSettings
  /// The team's row whose end the change of period moved; nil when it moved none.
  package var budget: BudgetEndChange?

  /// An event with these fields.
  package init(old: TeamSettings, new: TeamSettings, budget: BudgetEndChange?) {
    self.old = old
    self.new = new
    self.budget = budget
  }
}

/// `limit.changed`: the limit of the team or of a member changed, at once for the current row.
package struct LimitChanged: Hashable, Sendable {
  /// Whose limit: `team` or `member`.
  package var scope: BudgetScope
  /// The subject's id, kept as one for the reason that `Identifier` gives.
  private var id: Identifier<Never>
  /// The standing limit before; nil for none.
  package var old: Credits?
  /// The standing limit after; nil for none.
  package var new: Credits?
  /// The current row; nil when there is none, as before the first edit of a period.
  package var budget: BudgetLimitChange?

  /// The 16 bytes of the team's or the member's id.
  package var subject: UInt128 {
    get { id.bits }
    set { id.bits = newValue }
  }

  /// An event with these fields.
  package init(scope: BudgetScope, subject: UInt128, old: Credits?, new: Credits?, budget: BudgetLimitChange?) {
    self.scope = scope
    id = Identifier(bits: subject)
    self.old = old
    self.new = new
    self.budget = budget
  }
}
