import Postgres
import TallyTesting

/// A lock that another session holds, so that whoever needs it stands at a known place until it is given back.
struct HeldLock: Sendable {
  private static let maximumLooks = 50_000

  private static let isWaitedFor = Statement<Bool>(
    "is waited for",
    "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))",
    row: { row throws(PostgresError) in try row.next() })

  private struct NeverWaitedFor: Error {}

  private let connection: Connection

  /// Takes the lock that a statement takes.
  static func take(_ sql: String, in database: LedgerDatabase) async throws -> HeldLock {
    let connection = try await database.database.connect()
    try await connection.execute(
      script: "SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0; BEGIN; \(sql)")
    return HeldLock(connection: connection)
  }

  /// Returns once somebody waits for it. Each look is a round trip, so the loop needs no sleep; it has an end.
  func waitForSomebody() async throws {
    for _ in 0..<Self.maximumLooks where try await connection.query(Self.isWaitedFor) == [true] { return }
    throw NeverWaitedFor()
  }

  /// Lets whoever waits go on.
  func giveBack() async {
    await connection.close()
  }
}
