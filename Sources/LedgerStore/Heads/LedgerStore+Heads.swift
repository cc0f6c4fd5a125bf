package import Ledger
import Postgres

/// Signed heads, for those who hand them out. They are signed elsewhere, by the one gateway that has the signer's lease;
/// whoever needs a newer one asks for it in a table and looks until it is there (docs/audit.md, heads).
extension LedgerStore {
  /// How soon a head that was asked for is looked for, at first and at most.
  private static let headPauses: (first: Duration, longest: Duration) = (.milliseconds(20), .milliseconds(160))

  /// The newest signed head of a team's log; nil where none was signed. A log that was opened anew has none of the log
  /// before.
  /// - Throws: `unavailable`.
  package func newestHead(of team: TeamID) async throws(StoreError) -> LogHead? {
    try await rows(.newestHead, team.uuid, nil as String?, of: team).first
  }

  /// A signed head that covers `size` lines at least: the newest one where that does, else one that the signer is asked
  /// for and that is waited for. No transaction is open while it waits.
  /// - Parameter limit: how long it may take, the first look not counted.
  /// - Returns: nil where nobody signed one in time.
  /// - Throws: `invalid` for a size that the log does not have; `notFound`; `unavailable`.
  package func signedHead(
    of team: TeamID, covering size: Int64, within limit: Duration
  ) async throws(StoreError) -> LogHead? {
    let deadline = ContinuousClock.now + limit
    if let head = try await newestHead(of: team), head.size >= size { return head }
    let state = try await logState(of: team)
    guard (0...state.size).contains(size) else {
      throw StoreError(
        .invalid(field: "size", message: "must not be larger than the log, which has \(state.size) lines"))
    }
    _ = try await rows(
      .requestHead, team.uuid, size, settings.now().timestamptz, of: team, access: .readWrite)
    var pause = Self.headPauses.first
    while ContinuousClock.now < deadline {
      do {
        try await Task.sleep(for: min(pause, deadline - .now))
      } catch {
        throw StoreError(.unavailable(mayBeHeld: false))
      }
      if let head = try await newestHead(of: team), head.size >= size { return head }
      pause = min(pause * 2, Self.headPauses.longest)
    }
    return nil
  }
}

extension Statement where Row == LogHead {
  /// The newest head of a log: the team, the log's name (null: the log that goes on).
  static let newestHead = Statement(
    "newest head",
    """
    SELECT c.team_id, c.log_origin, c.size, c.root, c.note, c.signed_at
      FROM tally.team AS t
      JOIN tally.checkpoint AS c ON c.team_id = t.team_id AND c.log_origin = coalesce($2, t.log_origin)
     WHERE t.team_id = $1
    """
  ) { (row) throws(PostgresError) in try LogHead(&row) }
}

extension Statement where Row == Int64 {
  /// Asks for a head: team, how many lines it is to cover, now. Brings what is asked for altogether.
  static let requestHead = Statement(
    "request head",
    """
    INSERT INTO tally.head_request AS r (team_id, wanted_size, asked_at)
    VALUES ($1, $2, $3)
        ON CONFLICT ON CONSTRAINT head_request_pkey DO UPDATE
       SET wanted_size = greatest(r.wanted_size, excluded.wanted_size), asked_at = excluded.asked_at
    RETURNING wanted_size
    """
  ) { (row) throws(PostgresError) in try row.next() }
}
