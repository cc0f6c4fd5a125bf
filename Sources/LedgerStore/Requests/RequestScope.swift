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
  }

  /// The longest that a scope may take, as for every transaction outside of migrations: an old snapshot would stop the
  /// pruning of hot rows.
  static let timeout: Duration = .seconds(2)

  private let team: TeamID
  private let pool: Pool

  /// A scope of `team` on a pool of the role `tally_request`.
  init(team: TeamID, pool: Pool) {
    self.team = team
    self.pool = pool
  }

  /// Runs what `build` appends, between BEGIN and COMMIT.
  /// - Returns: the answers, and what `build` returned: the slots under which to find its rows.
  /// - Throws: what the failure of the database means to the store's caller.
  func run<Slots: Sendable>(_ access: Access = .readOnly, _ build: (inout Pipeline) -> Slots) async throws(StoreError)
    -> (results: PipelineResults, slots: Slots)
  {
    var pipeline = Pipeline()
    pipeline.append(access == .readOnly ? .beginReadOnly : .begin)
    pipeline.append(Self.confine(to: team))
    let slots = build(&pipeline)
    pipeline.append(.commit)
    return (try await pool.run(pipeline, timeout: Self.timeout), slots)
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
