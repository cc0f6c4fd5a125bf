import Ledger
import Postgres

extension LedgerStore {
  /// How long an Idempotency-Key is kept at least: retries come within minutes, disputes within a month.
  package static let idempotencyKeptAtLeast: Duration = .seconds(30 * 86_400)

  /// The most keys that one transaction of a pruning removes: some tens of milliseconds.
  package static let idempotencyPrunedAtOnce = 1_000

  /// Removes Idempotency-Keys that are older than `age`, the oldest first, but for those whose record is still open. It
  /// never touches a record. Every thousand is a transaction of its own; a key that a lane is just taking over is left
  /// to the next time.
  /// - Parameters:
  ///   - age: on the database's clock, at least `idempotencyKeptAtLeast`.
  ///   - limit: the most keys to remove, at least 1.
  /// - Returns: how many were removed; fewer than `limit`: there are no more.
  /// - Throws: `invalid` for an age or a limit out of its range; `unavailable`.
  package func pruneIdempotencyKeys(
    olderThan age: Duration = idempotencyKeptAtLeast, limit: Int
  ) async throws(StoreError) -> Int {
    guard age >= Self.idempotencyKeptAtLeast else {
      throw StoreError(.invalid(field: "age", message: "must be at least \(Self.idempotencyKeptAtLeast)"))
    }
    guard limit >= 1 else { throw StoreError(.invalid(field: "limit", message: "must be at least 1")) }
    var removed = 0
    while removed < limit {
      let wanted = min(limit - removed, Self.idempotencyPrunedAtOnce)
      let count = try await operatorRows(.pruneIdempotencyKeys, age.components.seconds, Int64(wanted)).first ?? 0
      removed += Int(count)
      if count < wanted { break }
    }
    return removed
  }
}

extension Statement where Row == Int64 {
  /// Removes old keys: older than so many seconds, at most so many. Rows that a lane has locked are passed over, and the
  /// age is asked of the row as it is once locked, so this neither waits for a lane nor removes what one has just
  /// written. Planned each time, for the numbers that it gets: a plan for any number might read the whole table.
  static let pruneIdempotencyKeys = Statement(
    "prune idempotency keys",
    """
    WITH removed AS (
      DELETE FROM tally.idempotency
       WHERE ctid = ANY (ARRAY(SELECT i.ctid
                                 FROM tally.idempotency AS i
                                WHERE i.created_at < now() - make_interval(secs => $1::bigint)
                                  AND NOT EXISTS (SELECT
                                                    FROM tally.record
                                                   WHERE team_id = i.team_id AND record_id = i.record_id
                                                     AND state IN ('held', 'in_doubt') OFFSET 0)
                                ORDER BY i.created_at
                                LIMIT $2::bigint
                                  FOR UPDATE SKIP LOCKED))
      RETURNING 1)
    SELECT count(*) FROM removed
    """, prepared: false
  ) { (row) throws(PostgresError) in try row.next() }
}
