/// `key.rotated`: a key was replaced by a new one, which takes over its settings and its budget.
package struct KeyRotated: Hashable, Sendable {
  /// The new key.
  package var key: KeyID
  /// The old key.
  package var replaces: KeyID
  /// Whose keys they are.
  package var member: MemberID
  /// The first key of the chain, which their budget is named after.
  package var budgetSubject: KeyID
  /// Their limit; nil for none.
  package var limit: Credits?
  /// The period of their budget.
  package var period: Period
  /// What they may be used for.
  package var scopes: KeyScopes
  /// From when on the new key no longer works; nil for never.
  package var expiresAt: Timestamp?
  /// Requests a minute that each may make; nil for the gateway's default.
  package var ratePerMinute: Int?
  /// When the old key would have expired.
  package var oldExpiryBefore: Timestamp?
  /// When the old key expires now, at the end of the overlap.
  package var oldExpiryAfter: Timestamp

  /// An event with these fields.
  package init(
    key: KeyID, replaces: KeyID, member: MemberID, budgetSubject: KeyID, limit: Credits?, period: Period,
    scopes: KeyScopes, expiresAt: Timestamp?, ratePerMinute: Int?, oldExpiryBefore: Timestamp?,
    oldExpiryAfter: Timestamp
  ) {
    self.key = key
    self.replaces = replaces
    self.member = member
    self.budgetSubject = budgetSubject
    self.limit = limit
    self.period = period
    self.scopes = scopes
    self.expiresAt = expiresAt
    self.ratePerMinute = ratePerMinute
    self.oldExpiryBefore = oldExpiryBefore
    self.oldExpiryAfter = oldExpiryAfter
  }
}
