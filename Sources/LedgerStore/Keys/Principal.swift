package import Ledger

/// Who sends a request: what a valid API key stands for.
package struct Principal: Sendable, Hashable {
  package var team: TeamID
  package var teamName: String
  package var teamStatus: AccountStatus
  package var timeZone: String
  package var member: MemberID
  package var userID: String
  package var userName: String
  package var userAvatar: String?
  package var role: MemberRole
  package var memberStatus: AccountStatus
  package var creditLimit: Credits?
  package var memberCreatedAt: Timestamp
  package var memberCreatedBy: String
  package var memberUpdatedAt: Timestamp
  package var memberUpdatedBy: String
  package var key: KeyID
  package var scopes: KeyScopes
  /// Requests a minute; null: the gateway's default; 0: none.
  package var ratePerMinute: Int?
  package var expiresAt: Timestamp?
  package var revokedAt: Timestamp?

  /// A principal with these fields.
  package init(
    team: TeamID, teamName: String, teamStatus: AccountStatus, timeZone: String, member: MemberID, userID: String,
    userName: String, userAvatar: String? = nil, role: MemberRole, memberStatus: AccountStatus,
    creditLimit: Credits? = nil, memberCreatedAt: Timestamp, memberCreatedBy: String, memberUpdatedAt: Timestamp,
    memberUpdatedBy: String, key: KeyID, scopes: KeyScopes, ratePerMinute: Int? = nil, expiresAt: Timestamp? = nil,
    revokedAt: Timestamp? = nil
  ) {
    self.team = team
    self.teamName = teamName
    self.teamStatus = teamStatus
    self.timeZone = timeZone
    self.member = member
    self.userID = userID
    self.userName = userName
    self.userAvatar = userAvatar
    self.role = role
    self.memberStatus = memberStatus
    self.creditLimit = creditLimit
    self.memberCreatedAt = memberCreatedAt
    self.memberCreatedBy = memberCreatedBy
    self.memberUpdatedAt = memberUpdatedAt
    self.memberUpdatedBy = memberUpdatedBy
    self.key = key
    self.scopes = scopes
    self.ratePerMinute = ratePerMinute
    self.expiresAt = expiresAt
    self.revokedAt = revokedAt
  }
}
