package import Ledger

/// A team as people see it.
package struct TeamView: Sendable, Hashable {
  /// The id that stands in log lines.
  package var id: TeamID
  /// The administrator's own name for it.
  package var name: String
  /// Whether its members may submit edits.
  package var status: AccountStatus
  /// IANA name of the zone in which its months begin.
  package var timeZone: String
  /// The period of the team's budget from its next period on.
  package var period: Period
  /// Credits that the whole team may use in a period; nil: no limit.
  package var limit: Credits?
  /// Seconds in doubt after which an edit is charged in full; nil: never.
  package var inDoubtChargeSeconds: Int64?
  /// Every command is refused until an operator recovers the team's log.
  package var isHalted: Bool
  /// Nothing of the team may be erased or pruned.
  package var isOnLegalHold: Bool
  /// For how many days its records and usage are kept at least; nil: for ever.
  package var keepDays: Int64?
  /// What was resolved before this moment was removed, or is being; nil: nothing was.
  package var removedBefore: Timestamp?
  /// Name of the team's log.
  package var logOrigin: String
  /// Number of lines in it.
  package var logSize: Int64
  /// When it was made.
  package var createdAt: Timestamp
  /// The team's budget of the running period.
  package var budget: BudgetView

  /// A team as people see it.
  package init(
    id: TeamID, name: String, status: AccountStatus = .active, timeZone: String = "UTC", period: Period = .month,
    limit: Credits? = nil, inDoubtChargeSeconds: Int64? = nil, isHalted: Bool = false, isOnLegalHold: Bool = false,
    keepDays: Int64? = nil, removedBefore: Timestamp? = nil, logOrigin: String, logSize: Int64 = 0,
    createdAt: Timestamp, budget: BudgetView
  ) {
    self.id = id
    self.name = name
    self.status = status
    self.timeZone = timeZone
    self.period = period
    self.limit = limit
    self.inDoubtChargeSeconds = inDoubtChargeSeconds
    self.isHalted = isHalted
    self.isOnLegalHold = isOnLegalHold
    self.keepDays = keepDays
    self.removedBefore = removedBefore
    self.logOrigin = logOrigin
    self.logSize = logSize
    self.createdAt = createdAt
    self.budget = budget
  }
}
