import Ledger
import Postgres

/// Runs statements as one team's request: the role `tally_request` with the setting `tally.team_id`, so that row level
/// security shows that team's rows and no others (docs/architecture.md, "The database"). Every statement names the team
/// itself too: this is the second fence.
///
/// A scope is one transaction in one round trip. The setting ends with it, also when it fails, so a pooled connection
/// carries no team from one request to the next.
struct RequestScope {
  /// Whether the transaction may write.
  enum Access {
    case readOnly, readWrite
    /// It may not, and all of its statements see the same moment.
    case snapshot
  }

  /// The longest that a scope may take, as for every transaction outside of migrations: an old snapshot would stop the
  /// pruning of hot rows.
  static let timeout: Duration = .seconds(2)

  private var pipeline = Pipeline()

  /// A scope of `team` without statements.
  init(team: TeamID, _ access: Access = .readOnly) {
    switch access {
    case .readOnly: pipeline.append(.beginReadOnly)
    case .readWrite: pipeline.append(.begin)
    case .snapshot: pipeline.append(.beginSnapshot)
    }
    pipeline.append(Self.confine(to: team))
  }

  /// Appends a statement with its parameters, nil for NULL.
  /// - Returns: where to find its rows in the results.
  @discardableResult
  mutating func append<Row>(_ statement: Statement<Row>, _ parameters: (any PostgresEncodable)?...)
    -> Pipeline.Slot<Row>
  {
    append(statement, parameters: parameters)
  }

  /// The same for parameters that are in an array already.
  mutating func append<Row>(_ statement: Statement<Row>, parameters: [(any PostgresEncodable)?]) -> Pipeline.Slot<Row> {
    pipeline.append(statement, parameters: parameters)
  }

  /// Commits.
  /// - Parameter pool: connections with the role `tally_request`.
  /// - Throws: what the failure of the database means to the store's caller.
  consuming func run(on pool: Pool) async throws(StoreError) -> PipelineResults {
    pipeline.append(.commit)
    return try await pool.run(pipeline, timeout: Self.timeout)
  }

  /// Leaves the transaction open, for statements that depend on what the first ones found: the caller runs them with a
  /// COMMIT.
  /// - Parameter connection: one with the role `tally_request`, lent by its pool, which rolls back what is left open.
  consuming func begin(on connection: Connection) async throws -> PipelineResults {
    try await connection.run(pipeline, timeout: Self.timeout)
  }

  /// SET takes no parameters, so the team is spliced into the text: a typed id, whose text is hexadecimal digits and
  /// dashes. This is the one place where SQL is put together.
  private static func confine(to team: TeamID) -> Statement<Void> {
    Statement("confine to a team", "SET LOCAL tally.team_id = '\(team)'", prepared: false)
  }
}

extension Statement where Row == Void {
  /// Opens a transaction that cannot write.
  static var beginReadOnly: Self { Self("begin read only", "BEGIN READ ONLY") }

  /// Opens a transaction whose statements all see the same moment.
  static var beginSnapshot: Self { Self("begin snapshot", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") }
}

extension Pool {
  /// Runs a pipeline on a connection of the pool.
  /// - Throws: what the failure means to the store's caller.
  func run(_ pipeline: Pipeline, timeout: Duration) async throws(StoreError) -> PipelineResults {
    do {
      return try await withConnection { connection in try await connection.run(pipeline, timeout: timeout) }
    } catch {
      throw StoreError(wrapping: error)
    }
  }
}
