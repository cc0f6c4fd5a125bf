package import Ledger
package import LedgerStore

/// A member in the wire format of the Feature API: the caller's own, never the provider's account
/// (docs/feature-api.md).
package struct TeamUser: Sendable, Equatable {
  /// The team.
  package var team: TeamID
  /// The member, by the administrator's name for it.
  package var userID: String
  /// The member's name.
  package var userName: String
  /// Address of a picture of the member.
  package var userAvatar: String?
  /// ACTIVE or SUSPENDED.
  package var status: AccountStatus
  /// ADMIN, MEMBER or FINANCE.
  package var role: MemberRole
  /// The member's limit; nil where there is none.
  package var creditLimit: Credits?
  /// What the member used in the current period.
  package var usedCredit: Credits
  /// When the member was added.
  package var createdAt: Timestamp
  /// By whom.
  package var createdBy: String
  /// When the member was changed last.
  package var updatedAt: Timestamp
  /// By whom.
  package var updatedBy: String

  /// The member who sends a request, with the budget as it is now.
  package init(_ principal: Principal, budget: BudgetView) {
    team = principal.team
    userID = principal.userID
    userName = principal.userName
    userAvatar = principal.userAvatar
    status = principal.memberStatus
    role = principal.role
    creditLimit = budget.limit
    usedCredit = budget.used
    createdAt = principal.memberCreatedAt
    createdBy = principal.memberCreatedBy
    updatedAt = principal.memberUpdatedAt
    updatedBy = principal.memberUpdatedBy
  }

  /// A member as the store has it.
  package init(_ member: MemberView) {
    team = member.team
    userID = member.userID
    userName = member.userName
    userAvatar = member.userAvatar
    status = member.status
    role = member.role
    creditLimit = member.limit
    usedCredit = member.budget.used
    createdAt = member.createdAt
    createdBy = member.createdBy
    updatedAt = member.updatedAt
    updatedBy = member.updatedBy
  }

  /// Writes the member, fields in the order of the Feature API page.
  package func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("teamId", team.description)
      writer.field("userId", userID)
      writer.field("userName", userName)
      writer.field("userAvatar", userAvatar)
      writer.field("status", status.rawValue)
      writer.field("role", role.rawValue)
      writer.field("creditLimit", creditLimit)
      writer.field("usedCredit", usedCredit)
      writer.field("createdAt", createdAt)
      writer.field("createdBy", createdBy)
      writer.field("updatedAt", updatedAt)
      writer.field("updatedBy", updatedBy)
    }
  }
}
