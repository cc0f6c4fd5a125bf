import Ledger
import Postgres

/// The sums of a span by member and key in one value, which stands in the span's own row. They are those of `usage_sum_key`, made in the
/// same transaction: sending thousands of rows takes PostgreSQL and this process several times as long as finding them.
enum PackedSums {
  /// Bytes of one row: member, key, and six counts.
  static let rowBytes = 80

  /// Makes them of the rows of some spans that are marked: team, starts, ends.
  static let pack = Statement<Void>(
    "pack sums",
    """
    UPDATE tally.usage_span AS m
       SET by_key = p.by_key
      FROM (SELECT v.span_start, v.span_end, \(packed) AS by_key
              FROM unnest($2::timestamptz[], $3::timestamptz[]) AS v (span_start, span_end)
              LEFT JOIN LATERAL (SELECT member_id, key_id, settled, released, refused, images, charged, credited
                                   FROM tally.usage_sum_key
                                  WHERE team_id = $1 AND span_start = v.span_start AND span_end = v.span_end OFFSET 0) AS s
                     ON true
             GROUP BY v.span_start, v.span_end) AS p
     WHERE m.team_id = $1 AND m.span_start = p.span_start AND m.span_end = p.span_end
    """)

  /// Those of some spans that are not what the full sums add up to: team, starts, ends, at most so many.
  static let wrong = Statement<WrongSum>(
    "wrong packed sums",
    """
    SELECT m.span_start, m.span_end
      FROM (SELECT s.span_start, s.span_end, \(packed) AS by_key
              FROM (SELECT v.span_start, v.span_end, s.member_id, s.key_id, sum(s.settled)::bigint AS settled,
                           sum(s.released)::bigint AS released, sum(s.refused)::bigint AS refused,
                           sum(s.images)::bigint AS images, sum(s.charged)::bigint AS charged,
                           sum(s.credited)::bigint AS credited
                      FROM unnest($2::timestamptz[], $3::timestamptz[]) AS v (span_start, span_end)
                      LEFT JOIN LATERAL (SELECT member_id, key_id, settled, released, refused, images, charged, credited
                                           FROM tally.usage_sum
                                          WHERE team_id = $1 AND span_start = v.span_start AND span_end = v.span_end
                                         OFFSET 0) AS s ON true
                     GROUP BY v.span_start, v.span_end, s.member_id, s.key_id) AS s
             GROUP BY s.span_start, s.span_end) AS p
      JOIN tally.usage_span AS m ON m.team_id = $1 AND m.span_start = p.span_start AND m.span_end = p.span_end
     WHERE m.by_key <> p.by_key
     ORDER BY m.span_start, m.span_end
     LIMIT $4
    """
  ) { (row) throws(PostgresError) in
    WrongSum(
      table: "usage_span", span: UsageSpan(start: try row.time(), end: try row.time()), group: UsageGroup(),
      found: UsageCounts(), expected: nil)
  }

  /// Rows as one value; none of one that has no rows.
  private static let packed = """
    coalesce(string_agg(uuid_send(s.member_id) || uuid_send(s.key_id) || int8send(s.settled) || int8send(s.released)
                        || int8send(s.refused) || int8send(s.images) || int8send(s.charged) || int8send(s.credited), ''
                        ORDER BY s.member_id, s.key_id), '')
    """
}

/// A span with how many rows of sums by member and key stand packed in it.
struct PackedSpan: Sendable {
  var span: UsageSpan
  /// Nil: they stand in their table alone.
  var rows: Int?
}

extension [PackedSpan] {
  /// Whether the sums of all these spans are packed, and are no more rows than that.
  func hold(_ parts: [SpanCover.Part], upTo maximum: Int) -> Bool {
    let rows = Dictionary(map { ($0.span, $0.rows) }) { first, _ in first }
    var sum = 0
    for part in parts {
      guard case let count?? = rows[UsageSpan(start: part.start, end: part.end)] else { return false }
      sum += count
    }
    return sum <= maximum
  }
}

extension Statement where Row == PackedSpan {
  /// Spans of a team that lie within a stretch of time. Of what is packed nothing but the length is looked at.
  static let packedSpans = Statement(
    "packed spans",
    """
    SELECT span_start, span_end, octet_length(by_key) FROM tally.usage_span
     WHERE team_id = $1 AND span_start >= $2 AND span_start < $3 AND span_end <= $3
    """
  ) { (row) throws(PostgresError) in
    PackedSpan(
      span: UsageSpan(start: try row.time(), end: try row.time()),
      rows: try row.next(Int32?.self).map { Int($0) / PackedSums.rowBytes })
  }
}

extension Statement where Row == UsageRows {
  /// What is packed in whole spans: team, buckets, starts and ends of the parts.
  static let packedRows = byColumn(
    "packed rows",
    """
    SELECT v.bucket, u.by_key
      FROM unnest($2::bigint[], $3::timestamptz[], $4::timestamptz[]) AS v (bucket, part_start, part_end)
     CROSS JOIN LATERAL (SELECT by_key
                           FROM tally.usage_span
                          WHERE team_id = $1 AND span_start = v.part_start AND span_end = v.part_end OFFSET 0) AS u
    """
  ) { (columns) throws(PostgresError) in try UsageRows(packed: columns) }
}
