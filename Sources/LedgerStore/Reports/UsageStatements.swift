import Ledger
import Postgres

/// The bounds of a span: a row of `tally.usage_span`.
extension Statement where Row == UsageSpan {
  /// Spans of a team that lie within a stretch of time.
  static let usageSpans = Statement(
    "usage spans",
    """
    SELECT span_start, span_end FROM tally.usage_span
     WHERE team_id = $1 AND span_start >= $2 AND span_start < $3 AND span_end <= $3
    """
  ) { (row) throws(PostgresError) in UsageSpan(start: try row.time(), end: try row.time()) }
}

// One statement for each level of rollups. Their parameters 1 to 11 are a selection's; then come the parts of a cover:
// buckets, starts and ends. The inner statement is run for each part: a range of the primary key.
extension Statement where Row == UsageRow {
  /// Sums of whole quarters of an hour.
  static let usageOfQuarters = Statement(
    "usage of quarters",
    """
    SELECT v.bucket, CASE WHEN $7 THEN u.member_id END, CASE WHEN $8 THEN u.key_id END, CASE WHEN $9 THEN u.model END,
           CASE WHEN $10 THEN u.quality END, CASE WHEN $11 THEN u.size END, sum(u.settled)::bigint,
           sum(u.released)::bigint, sum(u.refused)::bigint, sum(u.images)::bigint, sum(u.charged)::bigint,
           sum(u.credited)::bigint
      FROM unnest($12::integer[], $13::timestamptz[], $14::timestamptz[]) AS v (bucket, part_start, part_end)
     CROSS JOIN LATERAL (SELECT member_id, key_id, model, quality, size, settled, released, refused, images, charged,
                                credited
                           FROM tally.usage_bucket
                          WHERE team_id = $1 AND bucket_start >= v.part_start AND bucket_start < v.part_end
                            AND ($2::uuid[] IS NULL OR member_id = ANY ($2)) AND ($3::uuid[] IS NULL OR key_id = ANY ($3))
                            AND ($4::text[] IS NULL OR model = ANY ($4))
                            AND ($5::text[] IS NULL OR quality = ANY ($5))
                            AND ($6::text[] IS NULL OR size = ANY ($6))
                         OFFSET 0) AS u
     GROUP BY 1, 2, 3, 4, 5, 6
    """
  ) { (row) throws(PostgresError) in try UsageRow(&row) }

  /// Sums of whole spans.
  static let usageOfSpans = Statement(
    "usage of spans",
    """
    SELECT v.bucket, CASE WHEN $7 THEN u.member_id END, CASE WHEN $8 THEN u.key_id END, CASE WHEN $9 THEN u.model END,
           CASE WHEN $10 THEN u.quality END, CASE WHEN $11 THEN u.size END, sum(u.settled)::bigint,
           sum(u.released)::bigint, sum(u.refused)::bigint, sum(u.images)::bigint, sum(u.charged)::bigint,
           sum(u.credited)::bigint
      FROM unnest($12::integer[], $13::timestamptz[], $14::timestamptz[]) AS v (bucket, part_start, part_end)
     CROSS JOIN LATERAL (SELECT member_id, key_id, model, quality, size, settled, released, refused, images, charged,
                                credited
                           FROM tally.usage_sum
                          WHERE team_id = $1 AND span_start = v.part_start AND span_end = v.part_end
                            AND ($2::uuid[] IS NULL OR member_id = ANY ($2)) AND ($3::uuid[] IS NULL OR key_id = ANY ($3))
                            AND ($4::text[] IS NULL OR model = ANY ($4))
                            AND ($5::text[] IS NULL OR quality = ANY ($5))
                            AND ($6::text[] IS NULL OR size = ANY ($6))
                         OFFSET 0) AS u
     GROUP BY 1, 2, 3, 4, 5, 6
    """
  ) { (row) throws(PostgresError) in try UsageRow(&row) }
}

/// What the record of an edit says of it.
struct LabelledRecord: Sendable {
  var record: RecordID
  var labels: EditLabels
}

extension Statement where Row == LabelledRecord {
  /// What the columns of a usage bucket need to know of edits of a team.
  static let editLabels = Statement(
    "edit labels",
    """
    SELECT record_id, member_id, key_id, model, quality, size
      FROM tally.record WHERE team_id = $1 AND record_id = ANY ($2)
    """
  ) { (row) throws(PostgresError) in
    LabelledRecord(
      record: try row.id(),
      labels: EditLabels(
        member: try row.id(), key: try row.id(),
        options: EditOptions(model: try row.next(), quality: try row.next(), size: try row.next())))
  }
}

/// A team's log as a report needs it.
struct UsageLog: Sendable {
  var state: LogState
  /// The place of its first line: above 0 where it took another's place.
  var base: Int64
  /// Lines below this index were pruned.
  var prunedBefore: Int64
  /// Usage from before it was removed, or is being; nil: none was.
  var removedBefore: Timestamp?
}

extension Statement where Row == UsageLog {
  /// Where a team's log stands: the team.
  static let usageLog = Statement(
    "usage log",
    """
    SELECT log_origin, log_size, log_peaks, log_last_at, log_base, pruned_before, removed_before
      FROM tally.team WHERE team_id = $1
    """
  ) { (row) throws(PostgresError) in
    UsageLog(
      state: try LogState(&row), base: try row.next(), prunedBefore: try row.next(),
      removedBefore: try row.optionalTime())
  }
}
