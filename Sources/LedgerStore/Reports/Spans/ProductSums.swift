import Ledger
import Postgres

// Sums of spans by model, quality and size (`tally.usage_sum_product`). They are made of the full sums of the
// same spans, in the same transaction.

extension Statement where Row == Void {
  /// Takes away the sums by product of spans: team, starts, ends.
  static let clearProductSums = Statement(
    "clear product sums",
    """
    DELETE FROM tally.usage_sum_product AS s
     USING unnest($2::timestamptz[], $3::timestamptz[]) AS v (span_start, span_end)
     WHERE s.team_id = $1 AND s.span_start = v.span_start AND s.span_end = v.span_end
    """)

  /// Makes the sums by product of those of some spans that are marked, from their full ones: team, starts, ends.
  static let addProductSums = Statement(
    "add product sums",
    """
    INSERT INTO tally.usage_sum_product (team_id, span_start, span_end, model, quality, size, settled, released, refused,
                               images, charged, credited)
    SELECT $1, m.span_start, m.span_end, s.model, s.quality, s.size, sum(s.settled)::bigint, sum(s.released)::bigint,
           sum(s.refused)::bigint, sum(s.images)::bigint, sum(s.charged)::bigint, sum(s.credited)::bigint
      FROM unnest($2::timestamptz[], $3::timestamptz[]) AS v (span_start, span_end)
      JOIN tally.usage_span AS m ON m.team_id = $1 AND m.span_start = v.span_start AND m.span_end = v.span_end
     CROSS JOIN LATERAL (SELECT model, quality, size, settled, released, refused, images, charged, credited
                           FROM tally.usage_sum
                          WHERE team_id = $1 AND span_start = v.span_start AND span_end = v.span_end OFFSET 0) AS s
     GROUP BY m.span_start, m.span_end, s.model, s.quality, s.size
     ORDER BY m.span_start, m.span_end, s.model, s.quality, s.size
    """)
}

extension Statement where Row == WrongSum {
  /// The sums by product of those of some spans that are marked which are not what the full ones add up to: team, starts,
  /// ends, at most so many.
  static let wrongProductSums = Statement(
    "wrong product sums",
    """
    WITH part AS (
      SELECT v.span_start, v.span_end, s.model, s.quality, s.size, sum(s.settled)::bigint AS settled,
             sum(s.released)::bigint AS released, sum(s.refused)::bigint AS refused, sum(s.images)::bigint AS images,
             sum(s.charged)::bigint AS charged, sum(s.credited)::bigint AS credited
        FROM unnest($2::timestamptz[], $3::timestamptz[]) AS v (span_start, span_end)
       CROSS JOIN LATERAL (SELECT model, quality, size, settled, released, refused, images, charged, credited
                             FROM tally.usage_sum
                            WHERE team_id = $1 AND span_start = v.span_start AND span_end = v.span_end OFFSET 0) AS s
       GROUP BY v.span_start, v.span_end, s.model, s.quality, s.size),
    found AS (
      SELECT v.span_start, v.span_end, s.*
        FROM unnest($2::timestamptz[], $3::timestamptz[]) AS v (span_start, span_end)
       CROSS JOIN LATERAL (SELECT model, quality, size, settled, released, refused, images, charged, credited
                             FROM tally.usage_sum_product
                            WHERE team_id = $1 AND span_start = v.span_start AND span_end = v.span_end OFFSET 0) AS s)
    SELECT span_start, span_end, model, quality, size, f.settled, f.released, f.refused, f.images, f.charged, f.credited,
           p.settled, p.released, p.refused, p.images, p.charged, p.credited
      FROM found AS f
      FULL JOIN part AS p USING (span_start, span_end, model, quality, size)
     WHERE (f.settled, f.released, f.refused, f.images, f.charged, f.credited)
           IS DISTINCT FROM (p.settled, p.released, p.refused, p.images, p.charged, p.credited)
       AND EXISTS (SELECT FROM tally.usage_span AS m
                    WHERE m.team_id = $1 AND m.span_start = coalesce(f.span_start, p.span_start)
                      AND m.span_end = coalesce(f.span_end, p.span_end))
     ORDER BY span_start, span_end, model, quality, size
     LIMIT $4
    """
  ) { (row) throws(PostgresError) in
    WrongSum(
      table: "usage_sum_product", span: UsageSpan(start: try row.time(), end: try row.time()),
      group: UsageGroup(model: try row.next(), quality: try row.next(), size: try row.next()),
      found: try row.optionalUsageCounts(), expected: try row.optionalUsageCounts())
  }
}

extension Statement where Row == UsageSpan {
  /// Sums by product of a team without a span, from a moment on, at most so many.
  static let strayProductSums = Statement(
    "stray product sums",
    """
    SELECT s.span_start, s.span_end
      FROM tally.usage_sum_product AS s
     WHERE s.team_id = $1 AND s.span_start >= $2
       AND NOT EXISTS (SELECT FROM tally.usage_span
                        WHERE team_id = $1 AND span_start = s.span_start AND span_end = s.span_end)
     GROUP BY s.span_start, s.span_end
     LIMIT $3
    """
  ) { (row) throws(PostgresError) in UsageSpan(start: try row.time(), end: try row.time()) }
}

extension Statement where Row == Int64 {
  /// Sums by product of days and months that begin before a moment: team, the moment, at most so many.
  static let removeProductSums = Statement(
    "remove product sums",
    """
    WITH gone AS (
      DELETE FROM tally.usage_sum_product
       WHERE ctid = ANY (ARRAY(SELECT ctid FROM tally.usage_sum_product
                                WHERE team_id = $1 AND span_start < $2 ORDER BY span_start LIMIT $3))
      RETURNING 1)
    SELECT count(*) FROM gone
    """
  ) { (row) throws(PostgresError) in try row.next() }
}
