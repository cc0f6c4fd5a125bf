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
