import Ledger
import Postgres

extension LaneLoad {
  /// What the Idempotency-Keys of members stand for.
  static let loadClaims = Statement<(ClaimID, ClaimedKey)>(
    "lane_load_claims",
    """
    SELECT v.team_id, v.member_id, v.key_digest, i.body_hash, i.record_id
      FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS v (team_id, member_id, key_digest)
     CROSS JOIN LATERAL (SELECT body_hash, record_id
                           FROM tally.idempotency
                          WHERE team_id = v.team_id AND member_id = v.member_id AND key_digest = v.key_digest
                         OFFSET 0) AS i
    """
  ) { (row) throws(PostgresError) in
    let id = ClaimID(team: try row.id(), member: try row.id(), keyDigest: try row.digest32())
    return (id, ClaimedKey(bodyHash: try row.digest32(), record: try row.id()))
  }

  /// The records that those keys stand for, in whatever state they are: the columns of `loadRecords`.
  static let loadClaimedRecords = Statement<LoadedRecord>(
    "lane_load_claimed_records",
    """
    SELECT v.team_id, r.record_id, r.member_id, r.key_id, r.instance_id, r.state, r.held, r.charged, r.credited, r.n,
           r.unit_price, r.price_version, r.hold_index, r.resolve_index, r.created_at, r.assumed, r.team_period_start,
           r.member_period_start, r.key_subject_id, r.key_period_start, r.model, r.quality, r.size, r.cause,
           r.evidence_index, r.resolved_at, l.leaf, CASE WHEN r.state = 'refused' THEN l.line END,
           r.erased_at IS NOT NULL
      FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS v (team_id, member_id, key_digest)
     CROSS JOIN LATERAL (SELECT record_id
                           FROM tally.idempotency
                          WHERE team_id = v.team_id AND member_id = v.member_id AND key_digest = v.key_digest
                         OFFSET 0) AS i
     CROSS JOIN LATERAL (SELECT *
                           FROM tally.record
                          WHERE team_id = v.team_id AND record_id = i.record_id OFFSET 0) AS r
      LEFT JOIN LATERAL (SELECT leaf, line
                           FROM tally.log_line
                          WHERE team_id = v.team_id
                            AND index = CASE WHEN r.state = 'refused' THEN r.hold_index ELSE r.resolve_index END
                         OFFSET 0) AS l ON true
    """
  ) { (row) throws(PostgresError) in
    try LoadedRecord(&row)
  }
}
