import Postgres

/// What is written of edits whose truth is not known yet (docs/ledger.md, in doubt).
extension LaneWrites {
  /// The upstream's id of an edit; the first one that is heard stays.
  static let attachToRecords = Statement<Void>(
    "lane_attach_to_records",
    """
    UPDATE tally.record AS x
       SET upstream_uuid = v.upstream_uuid
      FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS v (team_id, record_id, upstream_uuid)
     WHERE x.team_id = v.team_id AND x.record_id = v.record_id AND x.team_id = ANY($1) AND x.upstream_uuid IS NULL
    """)

  /// The same for an edit that is in doubt already: it can be asked for at once.
  static let attachToDoubts = Statement<Void>(
    "lane_attach_to_doubts",
    """
    UPDATE tally.doubt AS x
       SET upstream_uuid = v.upstream_uuid, ask_at = x.in_doubt_at
      FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS v (team_id, record_id, upstream_uuid)
     WHERE x.team_id = v.team_id AND x.record_id = v.record_id AND x.team_id = ANY($1) AND x.upstream_uuid IS NULL
    """)

  /// After the records are written, so that an id that was attached before is found there.
  static let insertDoubts = Statement<Void>(
    "lane_insert_doubts",
    """
    INSERT INTO tally.doubt (team_id, record_id, in_doubt_at, upstream_uuid, ask_at)
    SELECT v.team_id, v.record_id, v.at, r.upstream_uuid, v.at
      FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[]) AS v (team_id, record_id, at, upstream_uuid)
     CROSS JOIN LATERAL (SELECT coalesce(v.upstream_uuid, upstream_uuid) AS upstream_uuid
                           FROM tally.record
                          WHERE team_id = v.team_id AND record_id = v.record_id OFFSET 0) AS r
        ON CONFLICT DO NOTHING
    """)
}
