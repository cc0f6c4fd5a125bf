/// An API key, without the key itself or its hash.
package struct KeyState: Hashable, Sendable {
  /// The key's id.
  package var id: KeyID
  /// Whose key it is.
  package var member: MemberID
  /// The id of the first key of the chain of rotations: all of them share one budget.
  package var budgetSubject: KeyID
  /// The limit that a new budget of the key opens with; nil when the key has no budget of its own.
  package var limit: Credits?
  /// The period that a new budget of the key opens with.
  package var period: Period
  /// What the key may be used for.
  package var scopes: KeyScopes
  /// From when on it no longer works; nil for never.
  package var expiresAt: Timestamp?
  /// When it was revoked; nil while it is not.
  package var revokedAt: Timestamp?
  /// Requests a minute that it may make; nil for the gateway's default, 0 for no rate limit.
  package var ratePerMinute: Int?

  /// The highest rate that can be set: above it nothing would be limited, which is what 0 says.
  package static let maximumRatePerMinute = 1_000_000

  /// A key with these settings.
  package init(
    id: KeyID, member: MemberID, budgetSubject: KeyID, limit: Credits? = nil, period: Period = .total,
    scopes: KeyScopes = [.edit], expiresAt: Timestamp? = nil, revokedAt: Timestamp? = nil, ratePerMinute: Int? = nil
  ) {
    self.id = id
    self.member = member
    self.budgetSubject = budgetSubject
    self.limit = limit
    self.period = period
    self.scopes = scopes
    self.expiresAt = expiresAt
    self.revokedAt = revokedAt
    self.ratePerMinute = ratePerMinute
  }

  /// Why the key does not work at `moment`; nil when it does.
  package func denial(at moment: Timestamp) -> Denial? {
    if revokedAt != nil { return .keyRevoked }
    if let expiresAt, expiresAt <= moment { return .keyExpired }
    return nil
  }
}
