import Ledger
import Postgres

// The same of very many rows, added up to groups. No plan has more of them than one answer may have.
extension Statement where Row == UsageRows {
  /// Groups of whole quarters of an hour.
  static let groupsOfQuarters = byColumn(
    "groups of quarters",
    """
    SELECT v.bucket, CASE WHEN $7 THEN u.member_id END, CASE WHEN $8 THEN u.key_id END, CASE WHEN $9 THEN u.model END,
           CASE WHEN $10 THEN u.quality END, CASE WHEN $11 THEN u.size END, sum(u.settled)::bigint,
           sum(u.released)::bigint, sum(u.refused)::bigint, sum(u.images)::bigint, sum(u.charged)::bigint,
           sum(u.credited)::bigint
      FROM unnest($12::bigint[], $13::timestamptz[], $14::timestamptz[]) AS v (bucket, part_start, part_end)
     CROSS JOIN LATERAL (SELECT member_id, key_id, model, quality, size, settled, released, refused, images, charged,
                                credited
                           FROM tally.usage_bucket
                          WHERE team_id = $1 AND bucket_start >= v.part_start AND bucket_start < v.part_end
                            AND ($2::uuid[] IS NULL OR member_id = ANY ($2))
                            AND ($3::uuid[] IS NULL OR key_id = ANY ($3))
                            AND ($4::text[] IS NULL OR model = ANY ($4))
                            AND ($5::text[] IS NULL OR quality = ANY ($5))
                            AND ($6::text[] IS NULL OR size = ANY ($6))
                         OFFSET 0) AS u
     GROUP BY 1, 2, 3, 4, 5, 6
     LIMIT $15
    """
  ) { (columns) throws(PostgresError) in try UsageRows(columns, UsageDimension.allCases) }

  /// Groups of whole spans, by every dimension.
  static let groupsOfSums = byColumn(
    "groups of sums",
    """
    SELECT v.bucket, CASE WHEN $7 THEN u.member_id END, CASE WHEN $8 THEN u.key_id END, CASE WHEN $9 THEN u.model END,
           CASE WHEN $10 THEN u.quality END, CASE WHEN $11 THEN u.size END, sum(u.settled)::bigint,
           sum(u.released)::bigint, sum(u.refused)::bigint, sum(u.images)::bigint, sum(u.charged)::bigint,
           sum(u.credited)::bigint
      FROM unnest($12::bigint[], $13::timestamptz[], $14::timestamptz[]) AS v (bucket, part_start, part_end)
     CROSS JOIN LATERAL (SELECT member_id, key_id, model, quality, size, settled, released, refused, images, charged,
                                credited
                           FROM tally.usage_sum
                          WHERE team_id = $1 AND span_start = v.part_start AND span_end = v.part_end
                            AND ($2::uuid[] IS NULL OR member_id = ANY ($2))
                            AND ($3::uuid[] IS NULL OR key_id = ANY ($3))
                            AND ($4::text[] IS NULL OR model = ANY ($4))
                            AND ($5::text[] IS NULL OR quality = ANY ($5))
                            AND ($6::text[] IS NULL OR size = ANY ($6))
                         OFFSET 0) AS u
     GROUP BY 1, 2, 3, 4, 5, 6
     LIMIT $15
    """
  ) { (columns) throws(PostgresError) in try UsageRows(columns, UsageDimension.allCases) }

  /// Groups of whole spans, by member and key.
  static let groupsOfKeySums = byColumn(
    "groups of key sums",
    """
    SELECT v.bucket, CASE WHEN $4 THEN u.member_id END, CASE WHEN $5 THEN u.key_id END, sum(u.settled)::bigint,
           sum(u.released)::bigint, sum(u.refused)::bigint, sum(u.images)::bigint, sum(u.charged)::bigint,
           sum(u.credited)::bigint
      FROM unnest($6::bigint[], $7::timestamptz[], $8::timestamptz[]) AS v (bucket, part_start, part_end)
     CROSS JOIN LATERAL (SELECT member_id, key_id, settled, released, refused, images, charged, credited
                           FROM tally.usage_sum_key
                          WHERE team_id = $1 AND span_start = v.part_start AND span_end = v.part_end
                            AND ($2::uuid[] IS NULL OR member_id = ANY ($2))
                            AND ($3::uuid[] IS NULL OR key_id = ANY ($3))
                         OFFSET 0) AS u
     GROUP BY 1, 2, 3
     LIMIT $9
    """
  ) { (columns) throws(PostgresError) in try UsageRows(columns, UsageSource.sumsByKey.dimensions) }

  /// Groups of whole spans, by product.
  static let groupsOfProductSums = byColumn(
    "groups of product sums",
    """
    SELECT v.bucket, CASE WHEN $5 THEN u.model END, CASE WHEN $6 THEN u.quality END, CASE WHEN $7 THEN u.size END,
           sum(u.settled)::bigint, sum(u.released)::bigint, sum(u.refused)::bigint, sum(u.images)::bigint,
           sum(u.charged)::bigint, sum(u.credited)::bigint
      FROM unnest($8::bigint[], $9::timestamptz[], $10::timestamptz[]) AS v (bucket, part_start, part_end)
     CROSS JOIN LATERAL (SELECT model, quality, size, settled, released, refused, images, charged, credited
                           FROM tally.usage_sum_product
                          WHERE team_id = $1 AND span_start = v.part_start AND span_end = v.part_end
                            AND ($2::text[] IS NULL OR model = ANY ($2))
                            AND ($3::text[] IS NULL OR quality = ANY ($3))
                            AND ($4::text[] IS NULL OR size = ANY ($4))
                         OFFSET 0) AS u
     GROUP BY 1, 2, 3, 4
     LIMIT $11
    """
  ) { (columns) throws(PostgresError) in try UsageRows(columns, UsageSource.sumsByProduct.dimensions) }
}
