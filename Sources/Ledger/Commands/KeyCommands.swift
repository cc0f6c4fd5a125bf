/// Issues a new key to a member.
package struct IssueKeyCommand: Hashable, Sendable {
  /// The new key's id.
  package var key: KeyID
  /// Whose key it is.
  package var member: MemberID
  /// The key's own limit; nil for none, and then it has no budget of its own.
  package var limit: Credits?
  /// The period of the key's budget.
  package var period: Period
  /// What the key may be used for.
  package var scopes: KeyScopes
  /// From when on it no longer works; nil for never.
  package var expiresAt: Timestamp?
  /// Requests a minute that it may make; nil for the gateway's default.
  package var ratePerMinute: Int?

  /// A command with these settings; the defaults are those of the command line (docs/command-line.md).
  package init(
    key: KeyID, member: MemberID, limit: Credits? = nil, period: Period = .total, scopes: KeyScopes = [.edit],
    expiresAt: Timestamp? = nil, ratePerMinute: Int? = nil
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

/// Replaces a key by a new one that takes over member, limit, period, scopes, rate, expiry and budget.
package struct RotateKeyCommand: Hashable, Sendable {
  /// The key that is replaced.
  package var key: KeyID
  /// The new key's id.
  package var newKey: KeyID
  /// How many seconds the old key goes on working, if it does not expire before; 0 for not at all.
  package var overlapSeconds: Int64

  /// The longest overlap, in seconds: 366 days. A key that is to live on needs no rotation.
  package static let overlapSecondsMaximum: Int64 = 366 * 86_400

  /// A command that replaces `key` by `newKey`.
  package init(key: KeyID, newKey: KeyID, overlapSeconds: Int64) {
    self.key = key
    self.newKey = newKey
    self.overlapSeconds = overlapSeconds
  }
}

/// Revokes a key at once.
package struct RevokeKeyCommand: Hashable, Sendable {
  /// The key.
  package var key: KeyID

  /// A command that revokes `key`.
  package init(key: KeyID) {
    self.key = key
  }
}
