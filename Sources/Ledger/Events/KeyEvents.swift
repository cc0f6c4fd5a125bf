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

/// `key.revoked`: a key no longer works, from the time of this line on.
package struct KeyRevoked: Hashable, Sendable {
  /// The key.
  package var key: KeyID

  /// An event for that key.
  package init(key: KeyID) {
    self.key = key
  }
}
