import Crypto
package import Ledger

/// The Idempotency-Key that an edit came with, and what it was said with: an edit and its retries under one key cost once
/// and get the same answer (docs/ledger.md, G5).
package struct IdempotencyClaim: Sendable, Hashable {
  /// The key's text without quotes, for the private payload.
  package var key: String
  /// SHA-256 of the key's text.
  package var keyDigest: Digest32
  /// SHA-256 of the body's bytes as received: the same key with another body is refused.
  package var bodyHash: Digest32

  /// The claim of a request with this key and these bytes as its body.
  package init(key: String, body: [UInt8]) {
    self.key = key
    keyDigest = Self.hash(Array(key.utf8))
    bodyHash = Self.hash(body)
  }

  private static func hash(_ bytes: [UInt8]) -> Digest32 {
    // SHA-256 has 32 bytes, always.
    Digest32(bytes: Array(SHA256.hash(data: bytes))) ?? .zero
  }
}

/// Names one Idempotency-Key of one member.
package struct ClaimID: Hashable, Sendable {
  package var team: TeamID
  package var member: MemberID
  package var keyDigest: Digest32

  /// The key with this digest, of this member.
  package init(team: TeamID, member: MemberID, keyDigest: Digest32) {
    self.team = team
    self.member = member
    self.keyDigest = keyDigest
  }
}

/// What an Idempotency-Key stands for.
package struct ClaimedKey: Hashable, Sendable {
  /// SHA-256 of the body that it came with.
  package var bodyHash: Digest32
  /// The record that it stands for.
  package var record: RecordID

  /// A key that stands for `record`.
  package init(bodyHash: Digest32, record: RecordID) {
    self.bodyHash = bodyHash
    self.record = record
  }
}
