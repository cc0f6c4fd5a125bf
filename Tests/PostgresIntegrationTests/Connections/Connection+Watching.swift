import Postgres
import TallyTesting

/// Watching what the server does for another connection. Each look is a round trip, so the loops need no sleep; they have an end.
extension Connection {
  private static let maximumLooks = 50_000

  private static let isAtWork = Statement<Bool>(
    "is at work",
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event_type IN ('Lock', 'Timeout'))",
    row: { row throws(PostgresError) in try row.next() })
  private static let isThere = Statement<Bool>(
    "is there", "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1)",
    row: { row throws(PostgresError) in try row.next() })

  /// Returns once the server waits for a lock or a `pg_sleep` for that process.
  func waitForWork(of process: Int32) throws {
    for _ in 0..<Self.maximumLooks where try query(Self.isAtWork, process) == [true] { return }
    throw NeverHappened(what: "work of \(process)")
  }

  /// Returns once that process of the server is gone.
  func waitForEnd(of process: Int32) throws {
    for _ in 0..<Self.maximumLooks where try query(Self.isThere, process) == [false] { return }
    throw NeverHappened(what: "the end of \(process)")
  }
}

/// What a test waited for did not come.
struct NeverHappened: Error {
  let what: String
}

/// Runs a test in the database that all share, where it may make temporary tables only.
func withSharedDatabase(_ body: (TestDatabase) async throws -> Void) async throws {
  try await body(try await TestDatabase.shared())
}
