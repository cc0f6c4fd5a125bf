import Ledger
import LedgerStore
import Postgres

/// The rows of one team in words, from either database.
struct TeamRows: Equatable {
  var lines: [[UInt8]] = []
  var budgets: [String] = []
  var records: [String] = []
  var usage: [String] = []
  var assets: [String] = []

  /// From the simulated one.
  init(_ tables: SimulatedTables, _ team: TeamID) {
    guard let rows = tables.teams[team] else { return }
    lines = rows.lines
    budgets = rows.book.budgets.values.map { row in
      let end = row.end.map { "\($0.microseconds)" } ?? "-"
      let limit = row.limit.map { "\($0.value)" } ?? "-"
      return "\(row.id.scope.rawValue) \(row.id.start.microseconds) \(row.id.period.rawValue) \(end) \(limit) "
        + "\(row.used.value) \(row.held.value) \(row.isOverLimit)"
    }.sorted()
    records = rows.records.map { id, row in
      let state = rows.book.records[id]
      let resolvedAt = row.resolvedAt.map { "\($0.microseconds)" } ?? "-"
      return "\(id) \(state?.state.rawValue ?? "") \(state?.charged.value ?? 0) \(state?.credited.value ?? 0) "
        + "\(row.variance.value) \(resolvedAt) \(row.cause ?? "-") \(row.upstreamUUID ?? "-") \(row.hasResults)"
    }.sorted()
    usage = rows.usage.map { key, counts in
      "\(key.bucketStart.microseconds) \(key.member) \(key.key) \(key.model) \(key.quality) \(key.size) "
        + "\(counts.settled) \(counts.released) \(counts.refused) \(counts.images) \(counts.charged) \(counts.credited)"
    }.sorted()
    assets = rows.assets.map { "\($0.key) \($0.value)" }.sorted()
  }

  private init(lines: [[UInt8]], budgets: [String], records: [String], usage: [String], assets: [String]) {
    self.lines = lines
    self.budgets = budgets
    self.records = records
    self.usage = usage
    self.assets = assets
  }

  /// From PostgreSQL.
  static func read(_ team: TeamID, _ connection: Connection) async throws -> TeamRows {
    let id = PostgresUUID(bits: team.bits)
    return TeamRows(
      lines: try await connection.query(.linesOfTeam, id).map(\.bytes),
      budgets: try await connection.query(.budgetsOfTeam, id).sorted(),
      records: try await connection.query(.recordsOfTeam, id).sorted(),
      usage: try await connection.query(.usageOfTeam, id).sorted(),
      assets: try await connection.query(.assetsOfTeam, id).sorted())
  }
}

extension Statement where Row == PostgresBytes {
  fileprivate static let linesOfTeam = Statement(
    "lines of team", "SELECT line FROM tally.log_line WHERE team_id = $1 ORDER BY index"
  ) { (row) throws(PostgresError) in try row.next() }
}

extension Statement where Row == String {
  /// Microseconds since 1970 of a column, or a dash.
  private static func time(_ column: String) -> String {
    "coalesce((extract(epoch FROM \(column)) * 1000000)::bigint::text, '-')"
  }

  private static func text(_ name: String, _ sql: String) -> Statement<String> {
    Statement(name, sql) { (row) throws(PostgresError) in try row.next() }
  }

  fileprivate static let budgetsOfTeam = text(
    "budgets of team",
    """
    SELECT concat_ws(' ', scope, \(time("period_start")), period, \(time("period_end")),
                     coalesce(credit_limit::text, '-'), used, held, is_over_limit::text)
      FROM tally.budget WHERE team_id = $1
    """)

  fileprivate static let recordsOfTeam = text(
    "records of team",
    """
    SELECT concat_ws(' ', record_id, state, charged, credited, variance, \(time("resolved_at")), coalesce(cause, '-'),
                     coalesce(upstream_uuid, '-'), (result_object IS NOT NULL)::text)
      FROM tally.record WHERE team_id = $1
    """)

  fileprivate static let usageOfTeam = text(
    "usage of team",
    """
    SELECT concat_ws(' ', \(time("bucket_start")), member_id, key_id, model, quality, size, settled, released, refused,
                     images, charged, credited)
      FROM tally.usage_bucket WHERE team_id = $1
    """)

  fileprivate static let assetsOfTeam = text(
    "assets of team", "SELECT concat_ws(' ', storage_key, record_id) FROM tally.asset WHERE team_id = $1")
}
