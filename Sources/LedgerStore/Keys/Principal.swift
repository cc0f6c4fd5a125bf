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
}
