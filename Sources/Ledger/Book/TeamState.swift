/// Whether a team or a member may submit edits.
package enum AccountStatus: String, Hashable, Sendable, CaseIterable {
  /// Edits are admitted.
  case active = "ACTIVE"
  /// New edits are refused; open holds are still settled.
  case suspended = "SUSPENDED"
}

/// A team and its standing settings.
package struct TeamState: Hashable, Sendable {
  /// The team's id.
  package var id: TeamID
  /// Whether its members may submit edits.
  package var status: AccountStatus
  /// The limit that a new team budget opens with; nil when there is none.
  package var limit: Credits?
  /// The period that a new team budget opens with.
  package var period: Period
  /// The IANA name of the zone whose calendar months count. The ledger never looks into it.
  package var timeZone: String
  /// After how many seconds an edit in doubt is charged by assumption; nil for never.
  package var inDoubtChargeAfterSeconds: Int64?
  /// Whether the team's log was found damaged or a hold was lost, so that every command is refused until an operator
  /// recovers it. Set from outside: a log that is not to be trusted says nothing about itself, so no line carries it.
  package var isHalted: Bool
  /// Whether a legal hold forbids to erase or prune anything of the team. It hinders no edit.
  package var isOnLegalHold: Bool
  /// The end of the newest period that was closed; nil for none, and where it was not loaded: a book may be partial.
  package var closedThrough: Timestamp?

  /// How long an edit stays in doubt before it is charged, unless a team says otherwise: 24 hours, in seconds.
  package static let defaultInDoubtChargeAfterSeconds: Int64 = 86_400

  /// The longest such time, in seconds: ten years of 366 days. Longer means never, so never is what it is called.
  package static let inDoubtChargeAfterSecondsMaximum: Int64 = 10 * 366 * 86_400

  /// A team with these settings.
  package init(
    id: TeamID, status: AccountStatus = .active, limit: Credits? = nil, period: Period = .month,
    timeZone: String = "UTC", inDoubtChargeAfterSeconds: Int64? = TeamState.defaultInDoubtChargeAfterSeconds,
    isHalted: Bool = false, isOnLegalHold: Bool = false, closedThrough: Timestamp? = nil
  ) {
    self.id = id
    self.status = status
    self.limit = limit
    self.period = period
    self.timeZone = timeZone
    self.inDoubtChargeAfterSeconds = inDoubtChargeAfterSeconds
    self.isHalted = isHalted
    self.isOnLegalHold = isOnLegalHold
    self.closedThrough = closedThrough
  }
}
