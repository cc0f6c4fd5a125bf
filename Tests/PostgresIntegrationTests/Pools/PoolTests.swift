import Postgres
import Synchronization
import TallyTesting
import Testing

@Suite struct PoolTests {
  private static let one = Statement<Int64>("one", "SELECT 1::int8") { row throws(PostgresError) in try row.next() }
  private static let sleep = Statement<Void>("sleep", "SELECT pg_sleep(30)")

  private struct Unrelated: Error {}

  /// How many are at work, and how many ever were at once.
  private final class Crowd: Sendable {
    private let now = Atomic(0)
    private let most = Atomic(0)

    func enter() { most.max(now.add(1, ordering: .relaxed).newValue, ordering: .relaxed) }
    func leave() { now.subtract(1, ordering: .relaxed) }
    var maximum: Int { most.load(ordering: .relaxed) }
  }

  private func withPool(
    size: Int, waiters: Int = 1_000, timeout: Duration = .seconds(30), _ body: (Pool, TestDatabase) async throws -> Void
  ) async throws {
    try await withSharedDatabase { database in
      let pool = Pool(
        settings: database.superuserSettings,
        configuration: PoolConfiguration(maximumSize: size, maximumWaiters: waiters, acquireTimeout: timeout),
        logger: TestCluster.logger)
      do {
        try await body(pool, database)
        await pool.close()
      } catch {
        await pool.close()
        throw error
      }
      #expect(pool.statistics.size == 0)
    }
  }

  @Test func aHundredCallersShareAFewConnections() async throws {
    try await withPool(size: 4) { pool, _ in
      let crowd = Crowd()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<100 {
          group.addTask {
            try await pool.withConnection { connection in
              crowd.enter()
              let rows = try await connection.query(Self.one)
              #expect(rows == [1])
              crowd.leave()
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(crowd.maximum <= 4)
      #expect(pool.statistics.size <= 4 && pool.statistics.leased == 0)
    }
  }

  @Test func anOpenTransactionIsRolledBackOnReturn() async throws {
    try await withPool(size: 1) { pool, database in
      let process = try await pool.withConnection { connection in
        try await connection.execute(script: "CREATE TEMPORARY TABLE t (id int8)")
        return await connection.backendProcessID
      }
      await #expect(throws: Unrelated.self) {
        try await pool.withConnection { connection in
          try await connection.execute(script: "BEGIN; INSERT INTO t VALUES (1)")
          throw Unrelated()
        }
      }
      // The same for a caller whose task has been cancelled meanwhile.
      let task = Task {
        try await pool.withConnection { connection in
          try await connection.execute(script: "BEGIN; INSERT INTO t VALUES (1)")
          withUnsafeCurrentTask { $0?.cancel() }
        }
      }
      try await task.value
      try await pool.withConnection { connection in
        #expect(connection.isIdle)
        #expect(await connection.backendProcessID == process, "it was worth keeping")
        let count = Statement<Int64>("count", "SELECT count(*) FROM t") { row throws(PostgresError) in try row.next() }
        let rows = try await connection.query(count)
        #expect(rows == [0])
      }
    }
  }

  @Test func aTransactionCommitsOrNot() async throws {
    try await withPool(size: 1) { pool, _ in
      let count = Statement<Int64>("count", "SELECT count(*) FROM t") { row throws(PostgresError) in try row.next() }
      try await pool.withTransaction {
        try await $0.execute(script: "CREATE TEMPORARY TABLE t (id int8); INSERT INTO t VALUES (1)")
      }
      await #expect(throws: Unrelated.self) {
        try await pool.withTransaction { connection in
          try await connection.execute(script: "INSERT INTO t VALUES (2)")
          throw Unrelated()
        }
      }
      #expect(try await pool.withConnection { try await $0.query(count) } == [1])
    }
  }

  @Test func aDeadConnectionIsReplaced() async throws {
    try await withPool(size: 1) { pool, database in
      let process = try await pool.withConnection { await $0.backendProcessID }
      let killer = try await database.connect()
      _ = try await killer.query(Statement<Void>("kill", "SELECT pg_terminate_backend($1)"), process)
      try await killer.waitForEnd(of: process)
      // Whether it was noticed while idle or only now, nothing was sent, and the next attempt has a new connection.
      do {
        #expect(try await pool.withConnection { try await $0.query(Self.one) } == [1])
      } catch let error as PostgresError {
        #expect(error.outcome == .notSent)
        #expect(try await pool.withConnection { try await $0.query(Self.one) } == [1])
      }
    }
  }

  @Test func overTheLineCallersAreRefusedAtOnce() async throws {
    try await withPool(size: 1, waiters: 0) { pool, _ in
      try await pool.withConnection { _ in
        let error = await #expect(throws: PostgresError.self) { try await pool.withConnection { _ in } }
        #expect(error?.code == .poolExhausted && error?.outcome == .notSent)
      }
      try await pool.withConnection { _ in }
    }
  }

  @Test func waitingHasADeadlineAndCanBeCancelled() async throws {
    try await withPool(size: 1) { pool, _ in
      try await pool.withConnection { _ in
        let late = await #expect(throws: PostgresError.self) {
          try await pool.withConnection(timeout: .milliseconds(20)) { _ in }
        }
        #expect(late?.code == .timedOut && late?.outcome == .notSent)
        let waiting = Task { try await pool.withConnection { _ in } }
        while pool.statistics.waiting == 0 { await Task.yield() }
        waiting.cancel()
        let error = await #expect(throws: PostgresError.self) { try await waiting.value }
        #expect(error?.code == .cancelled && error?.outcome == .notSent)
        #expect(pool.statistics.waiting == 0)
      }
    }
  }

  @Test func withoutAServerCallersHearItAtOnce() async throws {
    let settings = ConnectionSettings(hosts: [.init("127.0.0.1", port: 1)], database: "d", user: "u")
    // Longer than a busy machine takes to refuse a connection: what is asked is which of the two ends the waiting.
    let configuration = PoolConfiguration(maximumSize: 2, acquireTimeout: .seconds(600))
    let pool = Pool(settings: settings, configuration: configuration, logger: TestCluster.logger)
    let error = await #expect(throws: PostgresError.self) { try await pool.withConnection { _ in } }
    #expect(error?.code == .connectionFailed && error?.outcome == .notSent)
    await pool.close()
    let closed = await #expect(throws: PostgresError.self) { try await pool.withConnection { _ in } }
    #expect(closed?.code == .poolClosed)
  }

  @Test func closingEndsWhatStillRuns() async throws {
    try await withPool(size: 2) { pool, database in
      let work = Task { try await pool.withConnection { try await $0.query(Self.sleep, timeout: .seconds(60)) } }
      while pool.statistics.leased == 0 { await Task.yield() }
      await pool.close(grace: .milliseconds(10))
      let error = await #expect(throws: PostgresError.self) { try await work.value }
      // Ended in the middle, or before it had begun: a busy machine decides.
      #expect(error?.code == .cancelled || error?.code == .closed)
    }
  }

  @Test func runningKeepsTheMinimumAndEndsWithItsTask() async throws {
    try await withSharedDatabase { database in
      let pool = Pool(
        settings: database.superuserSettings, configuration: PoolConfiguration(maximumSize: 3, minimumSize: 2),
        logger: TestCluster.logger)
      let run = Task { await pool.run() }
      while pool.statistics.idle < 2 { await Task.yield() }
      run.cancel()
      await run.value
      #expect(pool.statistics.size == 0)
    }
  }
}
