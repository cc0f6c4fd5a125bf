import Ledger
import Postgres

/// What the statements of a report have in common: filters and grouping, as their parameters 1 to 11 behind the team's.
struct UsageSelection: Sendable {
  var team: TeamID
  var filters: UsageFilters
  var grouping: Set<UsageDimension>

  /// Team, members, keys, models, qualities, sizes, and for each dimension whether it is grouped by.
  var parameters: [(any PostgresEncodable)?] {
    let filtered: [(any PostgresEncodable)?] = [
      team.uuid, filters.members?.map(\.uuid), filters.keys?.map(\.uuid), filters.models, filters.qualities,
      filters.sizes,
    ]
    return filtered + UsageDimension.allCases.map { grouping.contains($0) }
  }
}

extension Statement where Row == UsageRow {
  /// Sums of quarters of an hour: a selection, then which bucket gets which stretch: buckets, starts, ends.
  static let usageOfQuarters = Statement(
    "usage of quarters",
    """
    SELECT v.bucket, CASE WHEN $7 THEN u.member_id END, CASE WHEN $8 THEN u.key_id END, CASE WHEN $9 THEN u.model END,
           CASE WHEN $10 THEN u.quality END, CASE WHEN $11 THEN u.size END, sum(u.settled)::bigint,
           sum(u.released)::bigint, sum(u.refused)::bigint, sum(u.images)::bigint, sum(u.charged)::bigint,
           sum(u.credited)::bigint
      FROM unnest($12::integer[], $13::timestamptz[], $14::timestamptz[]) AS v (bucket, start, stop)
     CROSS JOIN LATERAL (SELECT *
                           FROM tally.usage_bucket
                          WHERE team_id = $1 AND bucket_start >= v.start AND bucket_start < v.stop
                            AND ($2::uuid[] IS NULL OR member_id = ANY ($2)) AND ($3::uuid[] IS NULL OR key_id = ANY ($3))
                            AND ($4::text[] IS NULL OR model = ANY ($4))
                            AND ($5::text[] IS NULL OR quality = ANY ($5))
                            AND ($6::text[] IS NULL OR size = ANY ($6))
                         OFFSET 0) AS u
     GROUP BY 1, 2, 3, 4, 5, 6
    """
  ) { (row) throws(PostgresError) in try UsageRow(&row) }
}
