package import Ledger

/// An API key as people see it. Neither the key nor its hash is ever shown.
package struct KeyView: Sendable, Hashable {
  /// The key's team.
  package var team: TeamID
  /// The id that stands in log lines.
  package var id: KeyID
  /// The key whose budget it spends: itself, or the one that it took the place of.
  package var budgetSubject: KeyID
  /// Whose edits are sent with it.
  package var member: MemberID
  /// The member's user id.
  package var userID: String
  /// The key's last characters.
  package var hint: String
  /// What it may be used for.
  package var scopes: KeyScopes
  /// Credits that the key may use in a period; nil: it has no budget of its own.
  package var limit: Credits?
  /// The period of its budget.
  package var period: Period
  /// Requests a minute; nil: the gateway's default; 0: no rate limit.
  package var ratePerMinute: Int?
  /// When it was issued.
  package var createdAt: Timestamp
  /// From then on the key is refused; nil: never.
  package var expiresAt: Timestamp?
  /// From then on the key is refused; nil: it was not revoked.
  package var revokedAt: Timestamp?
  /// The last request that was noted, at most a minute too early; nil: none.
  package var lastUsedAt: Timestamp?
  /// The key's budget of the running period; nil when it has none of its own.
  package var budget: BudgetView?

  /// A key as people see it.
  package init(
    team: TeamID, id: KeyID, budgetSubject: KeyID? = nil, member: MemberID, userID: String, hint: String,
    scopes: KeyScopes,
    limit: Credits? = nil, period: Period = .total, ratePerMinute: Int? = nil, createdAt: Timestamp,
    expiresAt: Timestamp? = nil, revokedAt: Timestamp? = nil, lastUsedAt: Timestamp? = nil, budget: BudgetView? = nil
  ) {
    self.team = team
    self.id = id
    self.budgetSubject = budgetSubject ?? id
    self.member = member
    self.userID = userID
    self.hint = hint
    self.scopes = scopes
    self.limit = limit
    self.period = period
    self.ratePerMinute = ratePerMinute
    self.createdAt = createdAt
    self.expiresAt = expiresAt
    self.revokedAt = revokedAt
    self.lastUsedAt = lastUsedAt
    self.budget = budget
  }
}
