import Ledger
import Postgres

/// How long a span is: for the one who makes them. A reader looks at their bounds.
enum SpanKind: String, Sendable {
  case day, month
}

/// From what spans are summed up: the largest spans within each, and quarters of an hour.
struct SpanRecipe: Sendable {
  private let team: TeamID
  private let targets: [UsageSpan]
  private let cover: SpanCover

  /// Spans of a team, put together from those that are known and shorter.
  init(_ team: TeamID, _ targets: [UsageSpan], known: [UsageSpan]) {
    self.team = team
    self.targets = targets
    var cover = SpanCover()
    let known = known.sorted { $0.start < $1.start }
    for (bucket, target) in targets.enumerated() {
      cover.add(bucket, from: target.start, to: target.end, known.filter { $0.length < target.length })
    }
    self.cover = cover
  }

  /// Team, starts and ends.
  var bounds: [(any PostgresEncodable)?] {
    [team.uuid, targets.map(\.start.timestamptz), targets.map(\.end.timestamptz)]
  }

  /// Team, kind, starts and ends; then those of the spans among the parts.
  func marks(of kind: SpanKind) -> [(any PostgresEncodable)?] {
    [
      team.uuid, kind.rawValue, targets.map(\.start.timestamptz), targets.map(\.end.timestamptz),
      cover.spans.map(\.start.timestamptz), cover.spans.map(\.end.timestamptz),
    ]
  }

  /// Team, starts and ends; then for each part the start and end of the span that it belongs to, and its own: those that
  /// are spans, and those that are quarters.
  var parameters: [(any PostgresEncodable)?] {
    bounds + parameters(of: cover.spans) + parameters(of: cover.quarters)
  }

  private func parameters(of parts: [SpanCover.Part]) -> [(any PostgresEncodable)?] {
    [
      parts.map { targets[$0.bucket].start.timestamptz }, parts.map { targets[$0.bucket].end.timestamptz },
      parts.map(\.start.timestamptz), parts.map(\.end.timestamptz),
    ]
  }
}

extension SpanRecipe {
  /// Appends what makes the sums by fewer dimensions anew, from the full ones, and packs those that are.
  func appendNarrowSums(to pipeline: inout Pipeline) {
    for sums in NarrowSums.all {
      pipeline.append(sums.clear, parameters: bounds)
      pipeline.append(sums.add, parameters: bounds)
    }
    pipeline.append(PackedSums.pack, parameters: bounds)
  }

  /// Appends what finds sums by fewer dimensions that the full ones do not add up to, at most so many of each.
  func appendWrongNarrowSums(to pipeline: inout Pipeline, limit: Int) -> [Pipeline.Slot<WrongSum>] {
    (NarrowSums.all.map(\.wrong) + [PackedSums.wrong]).map { pipeline.append($0, parameters: bounds + [Int64(limit)]) }
  }
}

extension Statement where Row == Void {
  /// Locks the rollups of a team that are closed, until the end of the transaction: for whoever makes, rebuilds or removes
  /// some. The lanes do not know it.
  static let lockUsage = Statement(
    "lock usage",
    """
    INSERT INTO tally.usage_upkeep AS x (team_id, touched_at) VALUES ($1, clock_timestamp())
        ON CONFLICT ON CONSTRAINT usage_upkeep_pkey DO UPDATE SET touched_at = excluded.touched_at
    """)

  /// Takes away the sums of spans: team, starts, ends.
  static let clearSums = clear(sums: "usage_sum", "clear sums")

  /// Sums up those of some spans that are marked, which have no sums: the parameters of a recipe.
  static let sumSpans = Statement(
    "sum spans",
    """
    WITH \(spanParts)
    INSERT INTO tally.usage_sum (team_id, span_start, span_end, member_id, key_id, model, quality, size, settled,
                                 released, refused, images, charged, credited)
    SELECT $1, m.span_start, m.span_end, p.member_id, p.key_id, p.model, p.quality, p.size, p.settled, p.released,
           p.refused, p.images, p.charged, p.credited
      FROM unnest($2::timestamptz[], $3::timestamptz[]) AS v (span_start, span_end)
      JOIN tally.usage_span AS m ON m.team_id = $1 AND m.span_start = v.span_start AND m.span_end = v.span_end
      JOIN part AS p ON p.span_start = m.span_start AND p.span_end = m.span_end
    """)
}

extension Statement where Row == Int64 {
  /// Marks spans as made, but for those that are marked, that are not over, or whose parts are not there any more:
  /// one row for each.
  static let markSpans = Statement(
    "mark spans",
    """
    INSERT INTO tally.usage_span (team_id, span_start, span_end, kind)
    SELECT $1, v.span_start, v.span_end, $2
      FROM unnest($3::timestamptz[], $4::timestamptz[]) AS v (span_start, span_end)
     WHERE EXISTS (SELECT FROM tally.team
                    WHERE team_id = $1 AND log_last_at >= v.span_end
                      AND (removed_before IS NULL OR removed_before <= v.span_start))
       AND NOT EXISTS (SELECT FROM unnest($5::timestamptz[], $6::timestamptz[]) AS p (part_start, part_end)
                        WHERE NOT EXISTS (SELECT FROM tally.usage_span
                                           WHERE team_id = $1 AND span_start = p.part_start AND span_end = p.part_end))
        ON CONFLICT ON CONSTRAINT usage_span_primary DO NOTHING
    RETURNING 1::bigint
    """
  ) { (row) throws(PostgresError) in try row.next() }
}

/// What the parts of some spans add up to, by the parameters of a recipe: read by what makes spans and by what checks them.
private let spanParts = """
  part AS (
    SELECT u.span_start, u.span_end, u.member_id, u.key_id, u.model, u.quality, u.size, sum(u.settled)::bigint AS settled,
           sum(u.released)::bigint AS released, sum(u.refused)::bigint AS refused, sum(u.images)::bigint AS images,
           sum(u.charged)::bigint AS charged, sum(u.credited)::bigint AS credited
      FROM (SELECT p.span_start, p.span_end, s.*
              FROM unnest($4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[])
                   AS p (span_start, span_end, part_start, part_end)
             CROSS JOIN LATERAL (SELECT member_id, key_id, model, quality, size, settled, released, refused, images,
                                        charged, credited
                                   FROM tally.usage_sum
                                  WHERE team_id = $1 AND span_start = p.part_start AND span_end = p.part_end
                                 OFFSET 0) AS s
             UNION ALL
            SELECT p.span_start, p.span_end, b.*
              FROM unnest($8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[])
                   AS p (span_start, span_end, part_start, part_end)
             CROSS JOIN LATERAL (SELECT member_id, key_id, model, quality, size, settled, released, refused, images,
                                        charged, credited
                                   FROM tally.usage_bucket
                                  WHERE team_id = $1 AND bucket_start >= p.part_start AND bucket_start < p.part_end
                                 OFFSET 0) AS b) AS u
     GROUP BY u.span_start, u.span_end, u.member_id, u.key_id, u.model, u.quality, u.size)
  """

/// A sum of a span that is not what its parts add up to.
struct WrongSum: Sendable {
  /// Where the row stands.
  var table: String
  var span: UsageSpan
  /// Whose usage it is.
  var group: UsageGroup
  /// What the row has; nil: there is none.
  var found: UsageCounts?
  /// What its parts add up to; nil: they have nothing.
  var expected: UsageCounts?
}

extension Statement where Row == WrongSum {
  /// The sums of some spans, of those that are marked, that are not what their parts add up to: the parameters of a recipe,
  /// then at most so many.
  static let wrongSums = Statement(
    "wrong sums",
    """
    WITH \(spanParts),
    found AS (
      SELECT s.*
        FROM unnest($2::timestamptz[], $3::timestamptz[]) AS v (span_start, span_end)
       CROSS JOIN LATERAL (SELECT span_start, span_end, member_id, key_id, model, quality, size, settled, released,
                                  refused, images, charged, credited
                             FROM tally.usage_sum
                            WHERE team_id = $1 AND span_start = v.span_start AND span_end = v.span_end OFFSET 0) AS s)
    SELECT span_start, span_end, member_id, key_id, model, quality, size, f.settled, f.released, f.refused, f.images,
           f.charged, f.credited, p.settled, p.released, p.refused, p.images, p.charged, p.credited
      FROM found AS f
      FULL JOIN part AS p USING (span_start, span_end, member_id, key_id, model, quality, size)
     WHERE (f.settled, f.released, f.refused, f.images, f.charged, f.credited)
           IS DISTINCT FROM (p.settled, p.released, p.refused, p.images, p.charged, p.credited)
       AND EXISTS (SELECT FROM tally.usage_span AS m
                    WHERE m.team_id = $1 AND m.span_start = coalesce(f.span_start, p.span_start)
                      AND m.span_end = coalesce(f.span_end, p.span_end))
     ORDER BY span_start, span_end, member_id, key_id, model, quality, size
     LIMIT $12
    """
  ) { (row) throws(PostgresError) in
    WrongSum(
      table: "usage_sum", span: UsageSpan(start: try row.time(), end: try row.time()),
      group: UsageGroup(
        member: try row.optionalID(), key: try row.optionalID(), model: try row.next(), quality: try row.next(),
        size: try row.next()),
      found: try row.optionalUsageCounts(), expected: try row.optionalUsageCounts())
  }
}

extension RowReader {
  /// Reads six counts, all of which may be null.
  mutating func optionalUsageCounts() throws(PostgresError) -> UsageCounts? {
    let settled = try next(Int64?.self)
    let released = try next(Int64?.self)
    let refused = try next(Int64?.self)
    let images = try next(Int64?.self)
    let charged = try next(Int64?.self)
    let credited = try next(Int64?.self)
    guard let settled, let released, let refused, let images, let charged, let credited else { return nil }
    return UsageCounts(
      settled: settled, released: released, refused: refused, images: images, charged: charged, credited: credited)
  }
}
