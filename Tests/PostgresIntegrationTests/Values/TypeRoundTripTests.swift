import Postgres
import TallyTesting
import Testing

/// Every type, both ways, against the server's own text output: two mistakes that cancel each other out are found.
@Suite struct TypeRoundTripTests {
  private func check<T: PostgresEncodable & PostgresDecodable & Equatable>(
    _ connection: Connection, _ value: T, as type: String, text: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let statement = Statement<Bool>(
      "both ways \(type)", "SELECT $1::\(type)::text = '\(text)' AND '\(text)'::\(type) IS NOT DISTINCT FROM $1",
      row: { row throws(PostgresError) in try row.next() })
    let back = Statement<T>("back \(type)", "SELECT '\(text)'::\(type)", prepared: false) { row throws(PostgresError) in
      try row.next()
    }
    #expect(try await connection.query(statement, value) == [true], sourceLocation: sourceLocation)
    #expect(try await connection.query(back) == [value], sourceLocation: sourceLocation)
  }

  @Test func scalarsAgreeWithTheServer() async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      try await check(connection, true, as: "bool", text: "true")
      try await check(connection, Int16.min, as: "int2", text: "-32768")
      try await check(connection, Int32.max, as: "int4", text: "2147483647")
      try await check(connection, Int64.min, as: "int8", text: "-9223372036854775808")
      try await check(connection, "a\"b\\c, añ🙂\r\n", as: "text", text: "a\"b\\c, añ🙂\r\n")
      try await check(connection, "", as: "text", text: "")
      try await check(connection, PostgresBytes([0, 255, 92, 10]), as: "bytea", text: "\\x00ff5c0a")
      try await check(connection, PostgresBytes([]), as: "bytea", text: "\\x")
      let uuid = try #require(PostgresUUID("123e4567-e89b-42d3-a456-426614174000"))
      try await check(connection, uuid, as: "uuid", text: uuid.description)
      let moment = PostgresTimestamp(microsecondsSinceUnixEpoch: 1_795_435_190_123_456)
      try await check(connection, moment, as: "timestamptz", text: "2026-11-23 11:59:50.123456+00")
      let old = PostgresTimestamp(microsecondsSinceUnixEpoch: -62_135_596_800_000_001)
      try await check(connection, old, as: "timestamptz", text: "0001-12-31 23:59:59.999999+00 BC")
    }
  }

  @Test func arraysAgreeWithTheServer() async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      try await check(connection, [true, nil, false] as [Bool?], as: "bool[]", text: "{t,NULL,f}")
      try await check(connection, [1, nil] as [Int16?], as: "int2[]", text: "{1,NULL}")
      try await check(connection, [1, -1] as [Int32], as: "int4[]", text: "{1,-1}")
      try await check(connection, [] as [Int64], as: "int8[]", text: "{}")
      try await check(connection, [nil, nil] as [Int64?], as: "int8[]", text: "{NULL,NULL}")
      try await check(
        connection, ["", "NULL", nil, "a,b"] as [String?], as: "text[]", text: #"{"","NULL",NULL,"a,b"}"#)
      try await check(
        connection, [PostgresBytes([1]), nil] as [PostgresBytes?], as: "bytea[]", text: #"{"\\x01",NULL}"#)
      let uuid = try #require(PostgresUUID("123e4567-e89b-42d3-a456-426614174000"))
      try await check(connection, [uuid, uuid], as: "uuid[]", text: "{\(uuid),\(uuid)}")
      let moment = PostgresTimestamp(microsecondsSinceUnixEpoch: 0)
      try await check(connection, [moment], as: "timestamptz[]", text: #"{"1970-01-01 00:00:00+00"}"#)
    }
  }

  @Test func nullsGoBothWays() async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      let statement = Statement<(Bool, Int64?, String?)>(
        "null", "SELECT $1::int8 IS NULL AND $2::text IS NULL, $1::int8, $2::text",
        row: { row throws(PostgresError) in (try row.next(), try row.next(), try row.next()) })
      let nothing: Int64? = nil
      let rows = try await connection.query(statement, nothing, nil)
      #expect(rows.count == 1 && rows[0] == (true, nil, nil))
      let something: Int64? = 7
      let more = try await connection.query(statement, something, "x")
      #expect(more.count == 1 && more[0] == (false, 7, "x"))
    }
  }

  @Test func aTypeFirstSeenAsNullIsNotMisread() async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      try await connection.execute(script: "CREATE TEMPORARY TABLE numbers (small int4, large int8)")
      let insert = Statement<Void>("insert", "INSERT INTO numbers VALUES ($1, $2)")
      _ = try await connection.query(insert, nil, nil)
      // Now the server has taken $1 for int4; eight bytes must not be sent under that plan.
      _ = try await connection.query(insert, Int64(5), Int64(6))
      _ = try await connection.query(insert, nil, Int64(7))
      let sum = Statement<Int64>("sum", "SELECT sum(small)::int8 + sum(large)::int8 FROM numbers") {
        row throws(PostgresError) in
        try row.next()
      }
      #expect(try await connection.query(sum) == [18])
    }
  }

  @Test func aWrongRowReaderNamesTheColumn() async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      let statement = Statement<Int64>("wrong", "SELECT 1::int8 AS good, 'x' AS bad") { row throws(PostgresError) in
        try row.next(Int64.self) + row.next(Int64.self)
      }
      let error = await #expect(throws: PostgresError.self) { try await connection.query(statement) }
      #expect(error?.code == .decoding)
      #expect(error?.reason.contains("\"bad\"") == true)
      #expect(error?.statementName == "wrong")
      let short = Statement<Int64>("short", "SELECT 1::int8, 2") { row throws(PostgresError) in try row.next() }
      await #expect(throws: PostgresError.self) { try await connection.query(short) }
      #expect(connection.isUsable)
    }
  }
}
