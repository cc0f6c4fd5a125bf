import Ledger

extension LedgerStore {
  /// How long the row of a run of a gateway is kept after its end: for whoever looks into what happened.
  private static let instancesKept: Duration = .seconds(30 * 86_400)
  /// Rows that one call removes at most: some milliseconds.
  private static let prunedAtOnce = 1_000

  /// Removes old rows that nothing needs any more, a bounded number of them.
  /// - Throws: `unavailable`.
  package func pruneOldRows() async throws(StoreError) {
    let now = try await databaseClock()
    _ = try await pruneIdempotencyKeys(limit: Self.idempotencyPrunedAtOnce)
    _ = try await pruneInstances(endedBefore: now.adding(.zero - Self.instancesKept), limit: Self.prunedAtOnce)
  }
}
