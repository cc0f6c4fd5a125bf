package import Ledger

/// A member as people see it: the Feature API's `teamUser` (docs/feature-api.md) and what administers it.
package struct MemberView: Sendable, Hashable {
  /// The member's team.
  package var team: TeamID
  /// The id that stands in log lines.
  package var id: MemberID
  /// The administrator's own id of the user, unique in its team.
  package var userID: String
  /// The name shown in answers.
  package var userName: String
  /// Address of a picture shown in answers; nil: none.
  package var userAvatar: String?
  /// Which surfaces the member's keys may use.
  package var role: MemberRole
  /// Whether the member may submit edits.
  package var status: AccountStatus
  /// Credits that the member may use in a period; nil: no limit.
  package var limit: Credits?
  /// When the member was added.
  package var createdAt: Timestamp
  /// Who added the member.
  package var createdBy: String
  /// When the member was changed last.
  package var updatedAt: Timestamp
  /// Who changed the member last.
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
