import Ledger
import Postgres

extension Statement where Row == ClaimOutcome {
  /// What became of edits of a team and of their keys: members, digests, records. One statement sees one moment, so a
  /// key that is passed on meanwhile is never seen half.
  static let checkClaimOutcomes = Statement(
    "check claim outcomes",
    """
    SELECT v.record_id, i.record_id, i.created_at, r.state, r.cause, clock_timestamp()
      FROM unnest($2::uuid[], $3::bytea[], $4::uuid[]) AS v (member_id, key_digest, record_id)
      LEFT JOIN LATERAL (SELECT record_id, created_at
                           FROM tally.idempotency
                          WHERE team_id = $1 AND member_id = v.member_id AND key_digest = v.key_digest
                         OFFSET 0) AS i ON true
      LEFT JOIN LATERAL (SELECT state, cause
                           FROM tally.record
                          WHERE team_id = $1 AND record_id = v.record_id
                         OFFSET 0) AS r ON true
    """
  ) { (row) throws(PostgresError) in
    let record = try row.id(RecordID.self)
    let claimant = try row.optionalID(RecordID.self)
    let createdAt = try row.optionalTime()
    var standsFor: (record: RecordID, createdAt: Timestamp)?
    if let claimant, let createdAt { standsFor = (claimant, createdAt) }
    return ClaimOutcome(
      record: record, standsFor: standsFor, state: try row.next(), cause: try row.next(), now: try row.time())
  }
}

extension Statement where Row == CheckedClaim {
  /// Keys of a team in the order of their table, with their records: behind this member and digest, at most so many.
  static let checkClaims = Statement(
    "check claims",
    """
    SELECT i.member_id, i.key_digest, i.body_hash, i.record_id, i.created_at, r.member_id, r.created_at, p.beginning
      FROM (SELECT member_id, key_digest, body_hash, record_id, created_at
              FROM tally.idempotency
             WHERE team_id = $1 AND (member_id, key_digest) > ($2, $3)
             ORDER BY member_id, key_digest
             LIMIT $4) AS i
      LEFT JOIN LATERAL (SELECT member_id, created_at, hold_index
                           FROM tally.record
                          WHERE team_id = $1 AND record_id = i.record_id
                         OFFSET 0) AS r ON true
      LEFT JOIN LATERAL (SELECT substring(payload FROM 1 FOR 1024) AS beginning
                           FROM tally.log_private
                          WHERE team_id = $1 AND index = r.hold_index
                         OFFSET 0) AS p ON true
     ORDER BY i.member_id, i.key_digest
    """
  ) { (row) throws(PostgresError) in
    let member = try row.id(MemberID.self)
    let digest = try row.digest32()
    let bodyHash = try row.digest32()
    let record = try row.id(RecordID.self)
    let createdAt = try row.time()
    let sender = try row.optionalID(MemberID.self)
    let openedAt = try row.optionalTime()
    var opened: (member: MemberID, at: Timestamp)?
    if let sender, let openedAt { opened = (sender, openedAt) }
    return CheckedClaim(
      member: member, keyDigest: digest, bodyHash: bodyHash, record: record, createdAt: createdAt, opened: opened,
      payload: try row.next(PostgresBytes?.self)?.bytes)
  }
}
