import Ledger
import Postgres

// Two statements for each source of rollups. Their first parameters are a selection's (team, filters, whether each dimension is
// grouped by); then come the parts of a cover: buckets, starts and ends; and at most how many rows. The inner statement is run for each part: a range of
// the primary key. `bigint` is summed up as `numeric`, which costs ten times what reading a row does: a few rows are added up
// here instead.
extension Statement where Row == UsageRows {
  /// Rows of whole quarters of an hour, as they are stored.
  static let rowsOfQuarters = byColumn(
    "rows of quarters",
    """
    SELECT v.bucket, CASE WHEN $7 THEN u.member_id END, CASE WHEN $8 THEN u.key_id END, CASE WHEN $9 THEN u.model END,
           CASE WHEN $10 THEN u.quality END, CASE WHEN $11 THEN u.size END, u.settled, u.released, u.refused,
           u.images, u.charged, u.credited
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
     LIMIT $15
    """
  ) { (columns) throws(PostgresError) in try UsageRows(columns, UsageDimension.allCases) }

  /// Rows of whole spans, by every dimension, as they are stored.
  static let rowsOfSums = byColumn(
    "rows of sums",
    """
    SELECT v.bucket, CASE WHEN $7 THEN u.member_id END, CASE WHEN $8 THEN u.key_id END, CASE WHEN $9 THEN u.model END,
           CASE WHEN $10 THEN u.quality END, CASE WHEN $11 THEN u.size END, u.settled, u.released, u.refused,
           u.images, u.charged, u.credited
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
     LIMIT $15
    """
  ) { (columns) throws(PostgresError) in try UsageRows(columns, UsageDimension.allCases) }

  /// Rows of whole spans, by member and key, as they are stored.
  static let rowsOfKeySums = byColumn(
    "rows of key sums",
    """
    SELECT v.bucket, CASE WHEN $4 THEN u.member_id END, CASE WHEN $5 THEN u.key_id END, u.settled, u.released,
           u.refused, u.images, u.charged, u.credited
      FROM unnest($6::bigint[], $7::timestamptz[], $8::timestamptz[]) AS v (bucket, part_start, part_end)
     CROSS JOIN LATERAL (SELECT member_id, key_id, settled, released, refused, images, charged, credited
                           FROM tally.usage_sum_key
                          WHERE team_id = $1 AND span_start = v.part_start AND span_end = v.part_end
                            AND ($2::uuid[] IS NULL OR member_id = ANY ($2))
                            AND ($3::uuid[] IS NULL OR key_id = ANY ($3))
                         OFFSET 0) AS u
     LIMIT $9
    """
  ) { (columns) throws(PostgresError) in try UsageRows(columns, UsageSource.sumsByKey.dimensions) }

  /// Rows of whole spans, by product, as they are stored.
  static let rowsOfProductSums = byColumn(
    "rows of product sums",
    """
    SELECT v.bucket, CASE WHEN $5 THEN u.model END, CASE WHEN $6 THEN u.quality END, CASE WHEN $7 THEN u.size END,
           u.settled, u.released, u.refused, u.images, u.charged, u.credited
      FROM unnest($8::bigint[], $9::timestamptz[], $10::timestamptz[]) AS v (bucket, part_start, part_end)
     CROSS JOIN LATERAL (SELECT model, quality, size, settled, released, refused, images, charged, credited
                           FROM tally.usage_sum_product
                          WHERE team_id = $1 AND span_start = v.part_start AND span_end = v.part_end
                            AND ($2::text[] IS NULL OR model = ANY ($2))
                            AND ($3::text[] IS NULL OR quality = ANY ($3))
                            AND ($4::text[] IS NULL OR size = ANY ($4))
                         OFFSET 0) AS u
     LIMIT $11
    """
  ) { (columns) throws(PostgresError) in try UsageRows(columns, UsageSource.sumsByProduct.dimensions) }
}
