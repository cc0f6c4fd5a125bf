package import Ledger

/// A member as people see it: the Feature API's `teamUser` (docs/feature-api.md) and what administers it.
package struct MemberView: Sendable, Hashable {
  package var team: TeamID
  package var id: MemberID
  /// The administrator's own id of the user, unique in its team.
  package var userID: String
  package var userName: String
  package var userAvatar: String?
  package var role: MemberRole
  package var status: AccountStatus
  /// Credits that the member may use in a period; nil: no limit.
  package var limit: Credits?
  package var createdAt: Timestamp
  package var createdBy: String
  package var updatedAt: Timestamp
  package var updatedBy: String
  /// The member's budget of the running period, under the user's id.
  package var budget: BudgetView

  /// A member as people see it.
  package init(
    team: TeamID, id: MemberID, userID: String, userName: String, userAvatar: String? = nil,
    role: MemberRole = .member, status: AccountStatus = .active, limit: Credits? = nil, createdAt: Timestamp,
    createdBy: String, updatedAt: Timestamp, updatedBy: String, budget: BudgetView
  ) {
    self.team = team
    self.id = id
    self.userID = userID
    self.userName = userName
    self.userAvatar = userAvatar
    self.role = role
    self.status = status
    self.limit = limit
    self.createdAt = createdAt
    self.createdBy = createdBy
    self.updatedAt = updatedAt
    self.updatedBy = updatedBy
    self.budget = budget
  }
}
