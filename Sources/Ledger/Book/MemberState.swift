/// What a member may do.
package enum MemberRole: String, Hashable, Sendable, CaseIterable {
  /// Edits, manages the team and reads all of it.
  case admin = "ADMIN"
  /// Edits, and sees own records.
  case member = "MEMBER"
  /// Reads reports and exports, and submits nothing.
  case finance = "FINANCE"
}

/// A member and its standing settings.
package struct MemberState: Hashable, Sendable {
  /// The member's id.
  package var id: MemberID
  /// What the member may do; checked where the request is authenticated, not here.
  package var role: MemberRole
  /// Whether the member may submit edits.
  package var status: AccountStatus
  /// The limit that a new budget of the member opens with (`creditLimit` of the Feature API's `teamUser`); nil when
  /// there is none.
  package var limit: Credits?
  /// The period that a new budget of the member opens with.
  package var period: Period

  /// A member with these settings.
  package init(
    id: MemberID, role: MemberRole = .member, status: AccountStatus = .active, limit: Credits? = nil,
    period: Period = .month
  ) {
    self.id = id
    self.role = role
    self.status = status
    self.limit = limit
    self.period = period
  }
}
