package import Ledger

/// A key to be issued. The key itself never comes here, only its hash.
package struct NewKey: Sendable {
  package var team: TeamID
  package var id: KeyID
  package var member: MemberID
  /// SHA-256 of the key's text.
  package var hash: Digest32
  /// The key's last characters, so that people can tell keys apart.
  package var hint: String
  package var scopes: KeyScopes
  /// A budget of the key's own; nil: none.
  package var limit: Credits?
  package var period: Period
  /// Requests a minute; nil: the gateway's default; 0: no rate limit.
  package var ratePerMinute: Int?
  package var expiresAt: Timestamp?

  /// A key without a budget of its own.
  package init(
    team: TeamID, id: KeyID, member: MemberID, hash: Digest32, hint: String, scopes: KeyScopes, limit: Credits? = nil,
    period: Period = .total, ratePerMinute: Int? = nil, expiresAt: Timestamp? = nil
  ) {
    self.team = team
    self.id = id
    self.member = member
    self.hash = hash
    self.hint = hint
    self.scopes = scopes
    self.limit = limit
    self.period = period
    self.ratePerMinute = ratePerMinute
    self.expiresAt = expiresAt
  }
}

/// A key that takes another's place, which stays good for a while.
package struct KeyRotation: Sendable {
  package var team: TeamID
  /// The key that is replaced.
  package var key: KeyID
  package var newKey: KeyID
  /// SHA-256 of the new key's text.
  package var hash: Digest32
  package var hint: String
  /// How long the replaced key stays good, in seconds.
  package var overlapSeconds: Int64

  /// A rotation.
  package init(team: TeamID, key: KeyID, newKey: KeyID, hash: Digest32, hint: String, overlapSeconds: Int64) {
    self.team = team
    self.key = key
    self.newKey = newKey
    self.hash = hash
    self.hint = hint
    self.overlapSeconds = overlapSeconds
  }
}
