/// `key.issued`: a member got a new key, which begins a chain of rotations and a budget of its own.
package struct KeyIssued: Hashable, Sendable {
  /// The key.
  package var key: KeyID
  /// Whose key it is.
  package var member: MemberID
  /// The key's own limit; nil for none.
  package var limit: Credits?
  /// The period of the key's budget.
  package var period: Period
  /// What the key may be used for.
  package var scopes: KeyScopes
  /// From when on it no longer works; nil for never.
  package var expiresAt: Timestamp?
  /// Requests a minute that it may make; nil for the gateway's default.
  package var ratePerMinute: Int?

  /// An event with these fields.
  package init(
    key: KeyID, member: MemberID, limit: Credits?, period: Period, scopes: KeyScopes, expiresAt: Timestamp?,
    ratePerMinute: Int?
  ) {
    self.key = key
    self.member = member
    self.limit = limit
    self.period = period
    self.scopes = scopes
    self.expiresAt = expiresAt
    self.ratePerMinute = ratePerMinute
  }
}
