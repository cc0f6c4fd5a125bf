import Postgres
import TallyTesting
import Testing

@Suite struct PipelineRunTests {
  private static let add = Statement<Int64>("add", "SELECT $1 + $2") { row throws(PostgresError) in try row.next() }
  private static let divide = Statement<Int64>("divide", "SELECT 10 / $1") { row throws(PostgresError) in try row.next()
  }
  private static let insert = Statement<Void>("insert", "INSERT INTO entry (id) VALUES ($1)")
  private static let count = Statement<Int64>("count", "SELECT count(*) FROM entry") { row throws(PostgresError) in
    try row.next()
  }

  private static func connect(_ database: TestDatabase) async throws -> Connection {
    let connection = try await database.connect()
    try await connection.execute(
      script: """
        CREATE TEMPORARY TABLE entry (id int8 CONSTRAINT entry_key PRIMARY KEY DEFERRABLE INITIALLY IMMEDIATE);
        CREATE TEMPORARY TABLE late (id int8 CONSTRAINT late_key UNIQUE DEFERRABLE INITIALLY DEFERRED);
        """)
    return connection
  }

  @Test func aHundredStatementsAreOneRoundTrip() async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      var pipeline = Pipeline()
      let slots = (0..<100).map { pipeline.append(Self.add, Int64($0), Int64(1)) }
      for _ in 0..<2 {
        let before = connection.roundTrips
        let results = try await connection.run(pipeline)
        #expect(connection.roundTrips == before + 1)
        for (index, slot) in slots.enumerated() { #expect(try results.rows(slot) == [Int64(index + 1)]) }
      }
    }
  }

  @Test func anErrorNamesItsStatementAndUndoesTheRest() async throws {
    try await withSharedDatabase { database in
      let connection = try await Self.connect(database)
      var pipeline = Pipeline()
      pipeline.append(Statement<Void>.begin)
      pipeline.append(Self.insert, Int64(1))
      pipeline.append(Self.divide, Int64(0))
      pipeline.append(Self.insert, Int64(2))
      pipeline.append(Statement<Void>.commit)
      let error = await #expect(throws: PostgresError.self) { try await connection.run(pipeline) }
      #expect(error?.pipelineIndex == 2)
      #expect(error?.statementName == "divide")
      #expect(error?.sqlState == "22012")
      #expect(error?.outcome == .failed)
      #expect(await connection.transactionStatus == .inError)
      #expect(!connection.isIdle)
      try await connection.rollback()
      #expect(connection.isIdle)
      #expect(try await connection.query(Self.count) == [0])
      #expect(try await connection.query(Self.divide, Int64(5)) == [2], "it was not prepared in the aborted part")
    }
  }

  @Test func aPipelineWithoutBeginIsOneTransaction() async throws {
    try await withSharedDatabase { database in
      let connection = try await Self.connect(database)
      var pipeline = Pipeline()
      pipeline.append(Self.insert, Int64(1))
      pipeline.append(Self.insert, Int64(1))
      let error = await #expect(throws: PostgresError.self) { try await connection.run(pipeline) }
      #expect(error?.sqlState == "23505" && error?.constraintName == "entry_key" && error?.tableName == "entry")
      #expect(error?.outcome == .failed)
      #expect(connection.isIdle)
      #expect(try await connection.query(Self.count) == [0])
    }
  }

  @Test func affectedRowsAreCounted() async throws {
    try await withSharedDatabase { database in
      let connection = try await Self.connect(database)
      var pipeline = Pipeline()
      let insert = pipeline.append(
        Statement<Void>("several", "INSERT INTO entry SELECT * FROM unnest($1::int8[])"), [Int64](1...5))
      let update = pipeline.append(Statement<Void>("none", "UPDATE entry SET id = id WHERE id > 100"))
      let results = try await connection.run(pipeline)
      #expect(results.affectedRows(insert) == 5)
      #expect(results.affectedRows(update) == 0)
    }
  }

  @Test func anErrorAtCommitIsAFailure() async throws {
    try await withSharedDatabase { database in
      let connection = try await Self.connect(database)
      let late = Statement<Void>("late", "INSERT INTO late VALUES (1), (1)")
      var pipeline = Pipeline()
      pipeline.append(Statement<Void>.begin)
      pipeline.append(late)
      pipeline.append(Statement<Void>.commit)
      let error = await #expect(throws: PostgresError.self) { try await connection.run(pipeline) }
      #expect(error?.sqlState == "23505" && error?.outcome == .failed && error?.statementName == "commit")
      // Without a COMMIT of its own the error comes with the Sync.
      let atSync = await #expect(throws: PostgresError.self) { try await connection.query(late) }
      #expect(atSync?.sqlState == "23505" && atSync?.outcome == .failed && atSync?.pipelineIndex == nil)
      #expect(try await connection.query(Self.count) == [0], "the connection is still in step")
    }
  }

  @Test func anErrorBehindACommitIsUnknown() async throws {
    try await withSharedDatabase { database in
      let connection = try await Self.connect(database)
      var pipeline = Pipeline()
      pipeline.append(Statement<Void>.begin)
      pipeline.append(Self.insert, Int64(1))
      pipeline.append(Statement<Void>.commit)
      pipeline.append(Self.divide, Int64(0))
      let error = await #expect(throws: PostgresError.self) { try await connection.run(pipeline) }
      #expect(error?.outcome == .unknown)
      #expect(try await connection.query(Self.count) == [1])
    }
  }

  @Test func aCommitThatRollsBackIsAFailure() async throws {
    try await withSharedDatabase { database in
      let connection = try await Self.connect(database)
      _ = try await connection.query(Statement<Void>.begin)
      await #expect(throws: PostgresError.self) { try await connection.query(Self.divide, Int64(0)) }
      let error = await #expect(throws: PostgresError.self) { try await connection.query(Statement<Void>.commit) }
      #expect(error?.code == .rolledBack && error?.outcome == .failed)
      #expect(connection.isIdle)
    }
  }

  @Test(arguments: ["COMMIT", " \n commit AND NO CHAIN", "END"])
  func aWarningWhileACommitRunsIsUnknown(_ commit: String) async throws {
    try await withSharedDatabase { database in
      let connection = try await Self.connect(database)
      let warn = Statement<Void>("warn", "DO $$ BEGIN RAISE WARNING 'not durable'; END $$")
      var pipeline = Pipeline()
      pipeline.append(warn)
      let harmless = try await connection.run(pipeline)
      #expect(harmless.notices.map(\.message) == ["not durable"], "without a COMMIT it is a remark")

      pipeline = Pipeline()
      pipeline.append(Statement<Void>.begin)
      pipeline.append(Self.insert, Int64(1))
      pipeline.append(warn)
      pipeline.append(Statement<Void>("commit", commit))
      let error = await #expect(throws: PostgresError.self) { try await connection.run(pipeline) }
      #expect(error?.code == .commitInDoubt && error?.outcome == .unknown && error?.message == "not durable")
      #expect(try await connection.query(Self.count) == [1])
    }
  }

  @Test func noticesAreNoWarnings() async throws {
    try await withSharedDatabase { database in
      let connection = try await Self.connect(database)
      var pipeline = Pipeline()
      pipeline.append(Statement<Void>.begin)
      pipeline.append(Statement<Void>("notice", "DO $$ BEGIN RAISE NOTICE 'fine'; END $$"))
      pipeline.append(Statement<Void>.commit)
      #expect(try await connection.run(pipeline).notices.map(\.severity) == ["NOTICE"])
    }
  }

  @Test func aChangedResultTypeIsPreparedAnew() async throws {
    try await withSharedDatabase { database in
      let connection = try await Self.connect(database)
      let all = Statement<Int64>("all", "SELECT * FROM entry") { row throws(PostgresError) in try row.next() }
      _ = try await connection.query(Self.insert, Int64(3))
      #expect(try await connection.query(all) == [3])
      try await connection.execute(script: "ALTER TABLE entry ALTER COLUMN id TYPE int4")
      #expect(try await connection.query(all) == [3])
      try await connection.execute(script: "DEALLOCATE ALL")
      #expect(try await connection.query(all) == [3], "26000 is healed as well")
      let held = Statement<Int64>("held", "SELECT count(*) FROM pg_prepared_statements") { row throws(PostgresError) in
        try row.next()
      }
      #expect(try await connection.query(held) == [2], "nothing is left over on the server")
    }
  }

  @Test func insideATransactionAStalePlanIsAFailure() async throws {
    try await withSharedDatabase { database in
      let connection = try await Self.connect(database)
      _ = try await connection.query(Self.count)
      _ = try await connection.query(Statement<Void>.begin)
      _ = try await connection.query(Self.insert, Int64(1))
      try await connection.execute(script: "DEALLOCATE ALL")
      let error = await #expect(throws: PostgresError.self) { try await connection.query(Self.count) }
      #expect(error?.sqlState == "26000" && error?.outcome == .failed)
      try await connection.rollback()
      #expect(try await connection.query(Self.count) == [0])
    }
  }

  @Test func largeAnswersAndParametersAtOnceDoNotDeadlock() async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      let echo = Statement<PostgresBytes>("echo", "SELECT $1 || $1") { row throws(PostgresError) in try row.next() }
      let size = 10 << 20
      var pipeline = Pipeline()
      let value = PostgresBytes((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) })
      let slots = (0..<3).map { _ in pipeline.append(echo, value) }
      let results = try await connection.run(pipeline, timeout: .seconds(60))
      for slot in slots { #expect(try results.rows(slot).first?.bytes.count == 2 * size) }
    }
  }

  @Test func statementsOutsideTheCacheLeaveNothingBehind() async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      for number in 0..<3 {
        let statement = Statement<Int64>("n", "SELECT \(number)::int8", prepared: false) { row throws(PostgresError) in
          try row.next()
        }
        #expect(try await connection.query(statement) == [Int64(number)])
      }
      let held = Statement<Int64>("held", "SELECT count(*) FROM pg_prepared_statements", prepared: false) {
        row throws(PostgresError) in try row.next()
      }
      #expect(try await connection.query(held) == [0])
    }
  }

  @Test func anAnswerOverTheLimitClosesTheConnection() async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      let flood = Statement<Void>("flood", "SELECT repeat('x', 1000000) FROM generate_series(1, 1000)")
      let error = await #expect(throws: PostgresError.self) { try await connection.query(flood, timeout: .seconds(60)) }
      #expect(error?.code == .tooLarge)
      #expect(!connection.isUsable)
    }
  }
}
