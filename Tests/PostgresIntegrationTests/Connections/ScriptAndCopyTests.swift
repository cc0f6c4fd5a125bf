import Postgres
import Synchronization
import TallyTesting
import Testing

@Suite struct ScriptAndCopyTests {
  private static let count = Statement<Int64>("count", "SELECT count(*) FROM t") { row throws(PostgresError) in
    try row.next()
  }

  @Test func aScriptWithoutCommitIsOneTransaction() async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      try await connection.execute(script: "CREATE TEMPORARY TABLE t (id int8); INSERT INTO t VALUES (1), (2);")
      #expect(try await connection.query(Self.count) == [2])
      let error = await #expect(throws: PostgresError.self) {
        try await connection.execute(script: "INSERT INTO t VALUES (3); SELEC 1; INSERT INTO t VALUES (4)")
      }
      #expect(error?.sqlState == "42601" && error?.outcome == .failed && error?.position != nil)
      #expect(try await connection.query(Self.count) == [2])
    }
  }

  @Test func anErrorBehindTheScriptsOwnCommitIsUnknown() async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      try await connection.execute(script: "CREATE TEMPORARY TABLE t (id int8)")
      let error = await #expect(throws: PostgresError.self) {
        try await connection.execute(script: "BEGIN; INSERT INTO t VALUES (3); COMMIT; SELECT 1/0")
      }
      #expect(error?.outcome == .unknown)
      #expect(try await connection.query(Self.count) == [1])
    }
  }

  @Test func aScriptThatWantsToCopyIsRefused() async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      let error = await #expect(throws: PostgresError.self) {
        try await connection.execute(script: "CREATE TEMPORARY TABLE t (id int8); COPY t FROM STDIN")
      }
      #expect(error?.code == .misuse)
      #expect(!connection.isUsable)
    }
  }

  @Test func copyOutHandsOverEveryRow() async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      let total = Atomic(0)
      let rows = Atomic(0)
      try await connection.copyOut(
        "COPY (SELECT n, repeat('x', 1000) FROM generate_series(1, 20000) n) TO STDOUT", timeout: .seconds(60)
      ) { chunk in
        total.add(chunk.count, ordering: .relaxed)
        rows.add(1, ordering: .relaxed)
      }
      #expect(rows.load(ordering: .relaxed) == 20_000)
      #expect(total.load(ordering: .relaxed) > 20_000_000)
      #expect(connection.isIdle)
      let error = await #expect(throws: PostgresError.self) {
        try await connection.copyOut("COPY nonsense TO STDOUT", timeout: .seconds(5)) { _ in }
      }
      #expect(error?.sqlState == "42P01" && error?.outcome == .failed)
      #expect(connection.isUsable)
    }
  }

  @Test func aCopyCanBeStopped() async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      let error = await #expect(throws: PostgresError.self) {
        try await connection.copyOut("COPY (SELECT generate_series(1, 100000000)) TO STDOUT", timeout: .seconds(60)) {
          _ throws(PostgresError) in throw PostgresError(.misuse, outcome: .unknown, reason: "enough")
        }
      }
      #expect(error?.reason == "enough")
      #expect(!connection.isUsable)
    }
  }

  @Test func notificationsComeWhileNobodyIsAtWork() async throws {
    try await withSharedDatabase { database in
      let listener = try await database.connect()
      let notifications = await listener.notifications()
      _ = try await listener.query(Statement<Void>("listen", "LISTEN news"))
      let speaker = try await database.connect()
      _ = try await speaker.query(Statement<Void>("notify", "SELECT pg_notify('news', $1)"), "one")
      _ = try await speaker.query(Statement<Void>("notify", "SELECT pg_notify('news', $1)"), "two")
      var payloads: [String] = []
      for await notification in notifications {
        payloads.append(notification.payload)
        if payloads.count == 2 { await listener.close() }
      }
      #expect(payloads == ["one", "two"])
    }
  }
}
