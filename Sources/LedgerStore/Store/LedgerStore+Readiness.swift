import Postgres

extension LedgerStore {
  /// Whether the database answers: for `/readyz`. It waits as long as any read of the operator's does, so the caller
  /// bounds its own time.
  package var isReady: Bool {
    get async {
      do throws(StoreError) {
        _ = try await operatorRows(.databaseAnswers)
        return true
      } catch {
        return false
      }
    }
  }
}

extension Statement where Row == Bool {
  /// One row, whatever the database holds.
  static let databaseAnswers = Statement("database answers", "SELECT true") { (row) throws(PostgresError) in
    try row.next()
  }
}
