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
