import Postgres
import TallyTesting
import Testing

/// Results that are read by column.
@Suite struct ColumnReaderTests {
  /// What a test reads of three columns.
  private struct Read: Sendable {
    var rows: Int
    var isNull: [Bool]
    var numbers: [Int64]
    var ids: ColumnReader.Repeated<PostgresUUID>
    var texts: ColumnReader.Repeated<String>
    var bytes: [[UInt8]]
  }

  private static func statement(_ name: String, _ from: String) -> Statement<Read> {
    .byColumn(name, "SELECT a, b, i, t, y, NULL::text FROM \(from)") { (columns) throws(PostgresError) in
      var bytes: [[UInt8]] = []
      try columns.forEachBytes(4) { (row, value) throws(PostgresError) in bytes.append([UInt8(row)] + Array(value)) }
      return Read(
        rows: columns.rowCount, isNull: (0..<6).map { columns.isNull($0) }, numbers: try columns.integers(0..<2),
        ids: try columns.ids(2), texts: try columns.texts(3), bytes: bytes)
    }
  }

  @Test func valuesOfAllRowsAreReadAtOnce() async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      let (one, two) = ("00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002")
      let found = try await connection.query(
        Self.statement(
          "some",
          """
          (VALUES (1::bigint, -1::bigint, '\(two)'::uuid, '', '\\x'::bytea), (9223372036854775807, 0, '\(one)', 'ä', '\\x00ff'),
                  (3, 4, '\(one)', 'ä', '\\x02'), (5, 6, '\(two)', '', '\\x03')) AS v (a, b, i, t, y)
          """))
      #expect(found.count == 1)
      let read = try #require(found.first)
      #expect(read.rows == 4 && read.isNull == [false, false, false, false, false, true])
      #expect(read.numbers == [1, -1, .max, 0, 3, 4, 5, 6])
      #expect(read.ids.values == [PostgresUUID(bits: 2), PostgresUUID(bits: 1)] && read.ids.places == [0, 1, 1, 0])
      #expect(read.texts.values == ["", "ä"] && read.texts.places == [0, 1, 1, 0])
      #expect(read.bytes == [[0], [1, 0, 255], [2, 2], [3, 3]])
      let none = try await connection.query(
        Self.statement(
          "none",
          "(SELECT 1::bigint AS a, 1::bigint AS b, '\(one)'::uuid AS i, ''::text AS t, ''::bytea AS y LIMIT 0) AS v"))
      #expect(none.count == 1 && none[0].rows == 0 && none[0].numbers.isEmpty && none[0].texts.places.isEmpty)
      await connection.close()
    }
  }

  @Test(arguments: [
    "(VALUES (1::int, 1::bigint, gen_random_uuid(), '', ''::bytea)) AS v (a, b, i, t, y)",
    "(VALUES (1::bigint, NULL::bigint, gen_random_uuid(), '', ''::bytea)) AS v (a, b, i, t, y)",
    "(VALUES (1::bigint, 1::bigint, NULL::uuid, '', ''::bytea)) AS v (a, b, i, t, y)",
    "(VALUES (1::bigint, 1::bigint, gen_random_uuid(), NULL::text, ''::bytea)) AS v (a, b, i, t, y)",
    "(VALUES (1::bigint, 1::bigint, gen_random_uuid(), ''::bytea, ''::bytea)) AS v (a, b, i, t, y)",
    "(VALUES (1::bigint, 1::bigint, gen_random_uuid(), '', NULL::bytea)) AS v (a, b, i, t, y)",
  ])
  func anotherTypeAndNullAreErrorsThatNameTheStatement(from: String) async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      let error = await #expect(throws: PostgresError.self) {
        _ = try await connection.query(Self.statement("wrong", from))
      }
      #expect(error?.code == .decoding && error?.statementName == "wrong")
      await connection.close()
    }
  }
}
