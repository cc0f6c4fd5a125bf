import Ledger
import Postgres

extension Statement where Row == DueRemoval {
  /// What of a team is to go.
  static let dueRemoval = Statement(
    "due removal",
    """
    SELECT t.keep_days, t.removed_before, c.period_end, c.index
      FROM tally.team AS t
      LEFT JOIN LATERAL (SELECT period_end, index
                           FROM tally.closed_period
                          WHERE team_id = t.team_id
                            AND period_end <= clock_timestamp() - make_interval(secs => t.keep_days * 86400)
                          ORDER BY period_end DESC LIMIT 1) AS c ON true
     WHERE t.team_id = $1
    """
  ) { (row) throws(PostgresError) in
    DueRemoval(
      keepDays: try row.next(), removedBefore: try row.optionalTime(), before: try row.optionalTime(),
      until: try row.next())
  }
}

extension Statement where Row == TeamID {
  /// Teams behind an id, at most so many, of which something is to go or is going. Halted ones, and those on legal hold,
  /// are left out.
  static let teamsRemoving = Statement(
    "teams removing",
    """
    SELECT t.team_id
      FROM tally.team AS t
      LEFT JOIN LATERAL (SELECT period_end
                           FROM tally.closed_period
                          WHERE team_id = t.team_id
                            AND period_end <= clock_timestamp() - make_interval(secs => t.keep_days * 86400)
                          ORDER BY period_end DESC LIMIT 1) AS c ON true
     WHERE t.team_id > $1 AND NOT t.is_halted AND NOT t.legal_hold AND t.keep_days IS NOT NULL
       AND (t.removed_before IS NULL OR c.period_end > t.removed_before
            OR EXISTS (SELECT FROM tally.removal WHERE team_id = t.team_id AND index IS NULL))
       AND c.period_end IS NOT NULL
     ORDER BY t.team_id
     LIMIT $2
    """
  ) { (row) throws(PostgresError) in try row.id() }
}

extension Statement where Row == RemovalCandidate {
  /// The next edits that a removal looks at: team, removal, at most so many.
  static let removalCandidates = Statement(
    "removal candidates",
    """
    SELECT r.record_id, r.hold_index, r.created_at,
           r.is_old AND NOT EXISTS (SELECT FROM tally.doubt WHERE team_id = $1 AND record_id = r.record_id OFFSET 0),
           r.result_object
      FROM tally.removal AS m
     CROSS JOIN LATERAL (SELECT record_id, hold_index, created_at, result_object,
                                CASE WHEN state = 'refused' THEN created_at < m.before
                                     WHEN state IN ('settled', 'released') THEN resolved_at < m.before
                                     ELSE false END AS is_old
                           FROM tally.record
                          WHERE team_id = $1 AND hold_index >= m.next_index AND hold_index < m.until_index
                          ORDER BY hold_index
                          LIMIT $3) AS r
     WHERE m.team_id = $1 AND m.removal_id = $2
     ORDER BY r.hold_index
    """
  ) { (row) throws(PostgresError) in
    RemovalCandidate(
      record: try row.id(), holdIndex: try row.next(), createdAt: try row.time(), goes: try row.next(),
      resultKeys: try row.optionalTexts() ?? [])
  }
}

extension Statement where Row == Int64 {
  private static let count: @Sendable (inout RowReader) throws(PostgresError) -> Int64 = {
    (row) throws(PostgresError) in try row.next()
  }

  /// Team, records.
  static let removeRecords = Statement(
    "remove records",
    """
    WITH gone AS (DELETE FROM tally.record WHERE team_id = $1 AND record_id = ANY($2::uuid[]) RETURNING 1)
    SELECT count(*) FROM gone
    """, row: count)

  /// Keys that stand for these records: team, times at which the records were made, records.
  static let removeKeysOfRecords = Statement(
    "remove keys of records",
    """
    WITH gone AS (
      DELETE FROM tally.idempotency
       WHERE team_id = $1
         AND ctid = ANY (ARRAY(
               SELECT k.ctid
                 FROM unnest($2::timestamptz[], $3::uuid[]) AS g (created_at, record_id)
                CROSS JOIN LATERAL (
                  SELECT ctid, team_id, record_id FROM tally.idempotency WHERE created_at = g.created_at OFFSET 0) AS k
                WHERE k.team_id = $1 AND k.record_id = g.record_id))
      RETURNING 1)
    SELECT count(*) FROM gone
    """, row: count)

  /// Results of these records: team, storage keys, records.
  static let removeResults = Statement(
    "remove results",
    """
    WITH gone AS (
      DELETE FROM tally.asset
       WHERE team_id = $1 AND storage_key = ANY($2::text[]) AND record_id = ANY($3::uuid[])
      RETURNING 1)
    SELECT count(*) FROM gone
    """, row: count)

  /// Rows of usage before a bucket: team, the bucket's start, at most so many.
  static let removeUsage = Statement(
    "remove usage",
    """
    WITH gone AS (
      DELETE FROM tally.usage_bucket
       WHERE ctid = ANY (ARRAY(SELECT ctid FROM tally.usage_bucket
                                WHERE team_id = $1 AND bucket_start < $2 ORDER BY bucket_start LIMIT $3))
      RETURNING 1)
    SELECT count(*) FROM gone
    """, row: count)

  /// Days and months that begin before a moment: team, the moment, at most so many.
  static let removeSpans = remove(spans: "usage_span", "remove spans")

  /// Sums of days and months that begin before a moment: team, the moment, at most so many.
  static let removeSums = remove(spans: "usage_sum", "remove sums")

  /// How many records a removal would take of those that lines in a range opened: team, from, to (exclusive), before.
  static let countOldRecords = Statement(
    "count old records",
    """
    SELECT count(*)
      FROM (SELECT record_id,
                   CASE WHEN state = 'refused' THEN created_at < $4
                        WHEN state IN ('settled', 'released') THEN resolved_at < $4
                        ELSE false END AS is_old
              FROM tally.record
             WHERE team_id = $1 AND hold_index >= $2 AND hold_index < $3 OFFSET 0) AS r
     WHERE r.is_old AND NOT EXISTS (SELECT FROM tally.doubt WHERE team_id = $1 AND record_id = r.record_id OFFSET 0)
    """, row: count)

  /// How many rows of usage there are between two buckets: team, from, to (exclusive).
  static let countOldUsage = Statement(
    "count old usage",
    "SELECT count(*) FROM tally.usage_bucket WHERE team_id = $1 AND bucket_start >= $2 AND bucket_start < $3",
    row: count)
}

extension Statement where Row == FirstKept {
  /// The first bucket of a team's usage.
  static let firstUsage = Statement(
    "first usage",
    "SELECT bucket_start FROM tally.usage_bucket WHERE team_id = $1 ORDER BY bucket_start LIMIT 1"
  ) { (row) throws(PostgresError) in FirstKept(moment: try row.optionalTime()) }
}
