import Glibc
import Postgres
import TallyTesting
import Testing

@Suite struct ConnectionTests {
  private static let one = Statement<Int64>("one", "SELECT 1::int8") { row throws(PostgresError) in try row.next() }
  private static let sleep = Statement<Void>("sleep", "SELECT pg_sleep(30)")

  private static func show(_ name: String) -> Statement<String> {
    Statement("show", "SELECT current_setting('\(name)')", prepared: false) { row throws(PostgresError) in
      try row.next()
    }
  }

  @Test func sessionParametersArriveAsTheyAre() async throws {
    try await withSharedDatabase { database in
      var settings = database.superuserSettings
      settings.applicationName = "a b"
      settings.statementTimeout = .microseconds(1_500_100)
      settings.sessionParameters = [("tally.text", #"x \ y  z'"#), ("jit", "off")]
      let connection = try await Connection.open(settings, logger: TestCluster.logger)
      #expect(try await connection.query(Self.show("tally.text")) == [#"x \ y  z'"#])
      #expect(try await connection.query(Self.show("statement_timeout")) == ["1501ms"])
      #expect(try await connection.query(Self.show("lock_timeout")) == ["500ms"])
      #expect(try await connection.query(Self.show("default_transaction_isolation")) == ["read committed"])
      #expect(try await connection.query(Self.show("application_name")) == ["a b"])
      // Not TimeZone: the next test sets PGTZ for the whole process, and libpq reads it while others connect.
      #expect(await connection.parameterStatus("client_encoding") == "UTF8")
      #expect(await connection.serverVersion >= 150_000)
    }
  }

  @Test func theRoleIsTakenAtOnce() async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect(role: "pg_monitor")
      #expect(try await connection.query(Self.show("role")) == ["pg_monitor"])
    }
  }

  @Test func theEnvironmentHasNoSay() async throws {
    try await withSharedDatabase { database in
      let variables = [
        ("PGSERVICE", "nonsense"), ("PGHOST", "192.0.2.1"), ("PGTZ", "Asia/Tokyo"), ("PGOPTIONS", "-c jit=banana"),
        ("PGSSLMODE", "verify-full"), ("PGDATABASE", "nonsense"), ("PGPASSFILE", "/nonsense"),
      ]
      for (name, value) in variables { setenv(name, value, 1) }
      let connection = try await database.connect()
      #expect(try await connection.query(Self.show("timezone")) == ["UTC"])
    }
  }

  @Test func aWrongPasswordIsRefusedWithoutShowingIt() async throws {
    try await withSharedDatabase { database in
      var settings = database.superuserSettings
      settings.password = "wrong-secret"
      let error = await #expect(throws: PostgresError.self) {
        try await Connection.open(settings, logger: TestCluster.logger)
      }
      #expect(error?.code == .connectionFailed && error?.outcome == .notSent)
      #expect(error?.reason.contains("password authentication failed") == true)
      #expect(error.map { String(reflecting: $0).contains("wrong-secret") } == false)
    }
  }

  @Test func anUnknownDatabaseIsNamed() async throws {
    try await withSharedDatabase { database in
      var settings = database.superuserSettings
      settings.database = "no_such_database"
      let error = await #expect(throws: PostgresError.self) {
        try await Connection.open(settings, logger: TestCluster.logger)
      }
      #expect(error?.code == .connectionFailed)
      #expect(error?.reason.contains("no_such_database") == true)
    }
  }

  @Test func aHostThatRefusesIsPassedOver() async throws {
    try await withSharedDatabase { database in
      var settings = database.superuserSettings
      let refused = ConnectionSettings.Host("127.0.0.1", port: 1)
      settings.hosts = [refused]
      let error = await #expect(throws: PostgresError.self) {
        try await Connection.open(settings, logger: TestCluster.logger)
      }
      #expect(error?.code == .connectionFailed && error?.outcome == .notSent)
      settings.hosts = [refused] + database.superuserSettings.hosts
      let connection = try await Connection.open(settings, logger: TestCluster.logger)
      #expect(try await connection.query(Self.one) == [1])
    }
  }

  @Test func aHostThatNeverAnswersTimesOut() async throws {
    // A listening socket that nobody serves: the connection is made by the kernel, and then nothing comes.
    let listener = try SilentListener()
    var settings = ConnectionSettings(hosts: [.init("127.0.0.1", port: listener.port)], database: "d", user: "u")
    settings.connectTimeout = .milliseconds(200)
    let error = await #expect(throws: PostgresError.self) {
      try await Connection.open(settings, logger: TestCluster.logger)
    }
    #expect(error?.code == .timedOut && error?.outcome == .notSent)
  }

  @Test func connectingCanBeCancelled() async throws {
    let listener = try SilentListener()
    var settings = ConnectionSettings(hosts: [.init("127.0.0.1", port: listener.port)], database: "d", user: "u")
    settings.connectTimeout = .seconds(60)
    let attempt = Task { [settings] in try await Connection.open(settings, logger: TestCluster.logger) }
    attempt.cancel()
    let result = await attempt.result
    #expect(throws: PostgresError.self) { try result.get() }
    if case .failure(let error as PostgresError) = result { #expect(error.code == .cancelled) }
  }

  @Test func theServersTimeOutIsAFailureAndLeavesTheConnection() async throws {
    try await withSharedDatabase { database in
      var settings = database.superuserSettings
      settings.statementTimeout = .milliseconds(50)
      let connection = try await Connection.open(settings, logger: TestCluster.logger)
      let error = await #expect(throws: PostgresError.self) { try await connection.query(Self.sleep) }
      #expect(error?.sqlState == "57014" && error?.outcome == .failed)
      #expect(try await connection.query(Self.one) == [1])
    }
  }

  @Test func aLockThatIsNotGivenIsAFailure() async throws {
    try await withSharedDatabase { database in
      let first = try await database.connect()
      _ = try await first.query(Statement<Void>("lock", "SELECT pg_advisory_lock(1)"))
      var settings = database.superuserSettings
      settings.lockTimeout = .milliseconds(50)
      let second = try await Connection.open(settings, logger: TestCluster.logger)
      let error = await #expect(throws: PostgresError.self) {
        try await second.query(Statement<Void>("lock", "SELECT pg_advisory_lock(1)"))
      }
      #expect(error?.sqlState == "55P03" && error?.outcome == .failed)
      #expect(try await second.query(Self.one) == [1])
    }
  }

  @Test func ourOwnTimeOutClosesTheConnectionAndTheServersWork() async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      let process = await connection.backendProcessID
      let error = await #expect(throws: PostgresError.self) {
        try await connection.query(Self.sleep, timeout: .milliseconds(50))
      }
      #expect(error?.code == .timedOut && error?.outcome == .unknown)
      #expect(!connection.isUsable)
      let later = await #expect(throws: PostgresError.self) { try await connection.query(Self.one) }
      #expect(later?.code == .closed && later?.outcome == .notSent)
      // The server looks for its client twice a second, and ends what it does for one that has gone.
      let watcher = try await database.connect()
      try await watcher.waitForEnd(of: process)
    }
  }

  @Test func aTerminatedBackendIsUnknownAndClosed() async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      let process = await connection.backendProcessID
      let work = Task { try await connection.query(Self.sleep) }
      let killer = try await database.connect()
      try await killer.waitForWork(of: process)
      _ = try await killer.query(
        Statement<Void>("kill", "SELECT pg_terminate_backend($1)"), process)
      let error = await #expect(throws: PostgresError.self) { try await work.value }
      #expect(error?.outcome == .unknown && error?.code == .connectionLost && error?.sqlState == "57P01")
      #expect(!connection.isUsable)
    }
  }

  @Test func aConnectionThatDiedWhileIdleSendsNothing() async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      let killer = try await database.connect()
      let process = await connection.backendProcessID
      _ = try await killer.query(Statement<Void>("kill", "SELECT pg_terminate_backend($1)"), process)
      try await killer.waitForEnd(of: process)
      let error = await #expect(throws: PostgresError.self) { try await connection.query(Self.one) }
      #expect(error?.outcome == .notSent)
      #expect(!connection.isUsable)
    }
  }

  @Test func aCancelledTaskDoesNotPoisonTheConnection() async throws {
    try await withSharedDatabase { database in
      let holder = try await database.connect()
      _ = try await holder.query(Statement<Void>("lock", "SELECT pg_advisory_lock(2)"))
      var settings = database.superuserSettings
      settings.lockTimeout = .zero
      let connection = try await Connection.open(settings, logger: TestCluster.logger)
      let process = await connection.backendProcessID
      let task = Task { try await connection.query(Statement<Void>("lock", "SELECT pg_advisory_lock_shared(2)")) }
      try await holder.waitForWork(of: process)
      task.cancel()
      await holder.close()
      _ = try await task.value
      #expect(connection.isIdle && connection.isUsable)
      #expect(try await connection.query(Self.one) == [1])
    }
  }

  @Test func terminatingEndsARun() async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      let process = await connection.backendProcessID
      let work = Task { try await connection.query(Self.sleep) }
      let watcher = try await database.connect()
      try await watcher.waitForWork(of: process)
      connection.terminate()
      let error = await #expect(throws: PostgresError.self) { try await work.value }
      #expect(error?.code == .cancelled && error?.outcome == .unknown)
    }
  }

  /// Many more stalled connections than the machine has cores: tasks must still run.
  @Test func stalledConnectionsDoNotBlockTheOthers() async throws {
    try await withSharedDatabase { database in
      let stalled = try await withThrowingTaskGroup(of: Connection.self) { group in
        for _ in 0..<20 { group.addTask { try await database.connect() } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let free = try await database.connect()
      var processes: [Int32] = []
      for connection in stalled { processes.append(await connection.backendProcessID) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for connection in stalled {
          group.addTask { _ = try? await connection.query(Self.sleep) }
        }
        for process in processes { try await free.waitForWork(of: process) }
        #expect(try await free.query(Self.one) == [1])
        for connection in stalled { connection.terminate() }
        try await group.waitForAll()
      }
    }
  }
}
