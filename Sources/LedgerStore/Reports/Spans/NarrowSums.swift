import Ledger
import Postgres

/// A table of sums of spans by fewer dimensions than all, and its statements. Its rows are made of the full sums of the same
/// spans, in the same transaction, so that both always say the same.
struct NarrowSums: Sendable {
  /// By member and key.
  static let byKey = NarrowSums(table: "usage_sum_key", name: "key sums", columns: "member_id, key_id") {
    (row) throws(PostgresError) in
    UsageGroup(member: try row.optionalID(), key: try row.optionalID())
  }

  /// By model, quality and size.
  static let byProduct = NarrowSums(table: "usage_sum_product", name: "product sums", columns: "model, quality, size") {
    (row) throws(PostgresError) in
    UsageGroup(model: try row.next(), quality: try row.next(), size: try row.next())
  }

  /// All there are.
  static let all = [byKey, byProduct]

  /// The table's name.
  let table: String
  /// Takes away the sums of spans: team, starts, ends.
  let clear: Statement<Void>
  /// Makes the sums of those of some spans that are marked, from their full ones: team, starts, ends.
  let add: Statement<Void>
  /// The sums of those of some spans that are marked which are not what the full ones add up to: team, starts, ends, at most
  /// so many.
  let wrong: Statement<WrongSum>
  /// Spans of sums that are not marked: team, the moment from which on, at most so many.
  let stray: Statement<UsageSpan>
  /// Takes away sums of spans that begin before a moment: team, the moment, at most so many. Tells how many.
  let remove: Statement<Int64>

  private init(
    table: String, name: String, columns: String,
    group: @escaping @Sendable (inout RowReader) throws(PostgresError) -> UsageGroup
  ) {
    self.table = table
    clear = .clear(sums: table, "clear \(name)")
    stray = .stray(sums: table, "stray \(name)")
    remove = .remove(spans: table, "remove \(name)")
    add = Statement(
      "add \(name)",
      """
      INSERT INTO tally.\(table) (team_id, span_start, span_end, \(columns), settled, released, refused, images, charged,
                                  credited)
      SELECT $1, m.span_start, m.span_end, \(columns), sum(s.settled)::bigint, sum(s.released)::bigint,
             sum(s.refused)::bigint, sum(s.images)::bigint, sum(s.charged)::bigint, sum(s.credited)::bigint
        FROM unnest($2::timestamptz[], $3::timestamptz[]) AS v (span_start, span_end)
        JOIN tally.usage_span AS m ON m.team_id = $1 AND m.span_start = v.span_start AND m.span_end = v.span_end
       CROSS JOIN LATERAL (SELECT \(columns), settled, released, refused, images, charged, credited
                             FROM tally.usage_sum
                            WHERE team_id = $1 AND span_start = v.span_start AND span_end = v.span_end OFFSET 0) AS s
       GROUP BY m.span_start, m.span_end, \(columns)
       ORDER BY m.span_start, m.span_end, \(columns)
      """)
    wrong = Statement(
      "wrong \(name)",
      """
      WITH part AS (
        SELECT v.span_start, v.span_end, \(columns), sum(s.settled)::bigint AS settled,
               sum(s.released)::bigint AS released, sum(s.refused)::bigint AS refused, sum(s.images)::bigint AS images,
               sum(s.charged)::bigint AS charged, sum(s.credited)::bigint AS credited
          FROM unnest($2::timestamptz[], $3::timestamptz[]) AS v (span_start, span_end)
         CROSS JOIN LATERAL (SELECT \(columns), settled, released, refused, images, charged, credited
                               FROM tally.usage_sum
                              WHERE team_id = $1 AND span_start = v.span_start AND span_end = v.span_end OFFSET 0) AS s
         GROUP BY v.span_start, v.span_end, \(columns)),
      found AS (
        SELECT v.span_start, v.span_end, s.*
          FROM unnest($2::timestamptz[], $3::timestamptz[]) AS v (span_start, span_end)
         CROSS JOIN LATERAL (SELECT \(columns), settled, released, refused, images, charged, credited
                               FROM tally.\(table)
                              WHERE team_id = $1 AND span_start = v.span_start AND span_end = v.span_end OFFSET 0) AS s)
      SELECT span_start, span_end, \(columns), f.settled, f.released, f.refused, f.images, f.charged, f.credited,
             p.settled, p.released, p.refused, p.images, p.charged, p.credited
        FROM found AS f
        FULL JOIN part AS p USING (span_start, span_end, \(columns))
       WHERE (f.settled, f.released, f.refused, f.images, f.charged, f.credited)
             IS DISTINCT FROM (p.settled, p.released, p.refused, p.images, p.charged, p.credited)
         AND EXISTS (SELECT FROM tally.usage_span AS m
                      WHERE m.team_id = $1 AND m.span_start = coalesce(f.span_start, p.span_start)
                        AND m.span_end = coalesce(f.span_end, p.span_end))
       ORDER BY span_start, span_end, \(columns)
       LIMIT $4
      """
    ) { (row) throws(PostgresError) in
      WrongSum(
        table: table, span: UsageSpan(start: try row.time(), end: try row.time()), group: try group(&row),
        found: try row.optionalUsageCounts(), expected: try row.optionalUsageCounts())
    }
  }
}

// What is said of each table of sums, the full one's among them.

extension Statement where Row == Void {
  /// Takes away the sums of spans: team, starts, ends.
  static func clear(sums table: String, _ name: String) -> Statement {
    Statement(
      name,
      """
      DELETE FROM tally.\(table) AS s
       USING unnest($2::timestamptz[], $3::timestamptz[]) AS v (span_start, span_end)
       WHERE s.team_id = $1 AND s.span_start = v.span_start AND s.span_end = v.span_end
      """)
  }
}

extension Statement where Row == UsageSpan {
  /// Spans of sums that are not marked: team, the moment from which on, at most so many.
  static func stray(sums table: String, _ name: String) -> Statement {
    Statement(
      name,
      """
      SELECT s.span_start, s.span_end
        FROM tally.\(table) AS s
       WHERE s.team_id = $1 AND s.span_start >= $2
         AND NOT EXISTS (SELECT FROM tally.usage_span
                          WHERE team_id = $1 AND span_start = s.span_start AND span_end = s.span_end)
       GROUP BY s.span_start, s.span_end
       LIMIT $3
      """
    ) { (row) throws(PostgresError) in UsageSpan(start: try row.time(), end: try row.time()) }
  }
}

extension Statement where Row == Int64 {
  /// Takes away rows of days and months that begin before a moment: team, the moment, at most so many. Tells how many.
  static func remove(spans table: String, _ name: String) -> Statement {
    Statement(
      name,
      """
      WITH gone AS (
        DELETE FROM tally.\(table)
         WHERE ctid = ANY (ARRAY(SELECT ctid FROM tally.\(table)
                                  WHERE team_id = $1 AND span_start < $2 ORDER BY span_start LIMIT $3))
        RETURNING 1)
      SELECT count(*) FROM gone
      """
    ) { (row) throws(PostgresError) in try row.next() }
  }
}
