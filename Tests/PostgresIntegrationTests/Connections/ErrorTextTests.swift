import Postgres
import TallyTesting
import Testing

/// What an error shows: enough to act, never what members wrote.
@Suite struct ErrorTextTests {
  @Test(arguments: [
    ("INSERT INTO person VALUES ($1, 1)", "23505"), ("INSERT INTO person VALUES ($1 || 'x', -1)", "23514"),
    ("SELECT $1::int8::text, 1", "22P02"), ("INSERT INTO person VALUES ($1 || repeat('x', 100), 1)", "22001"),
    ("INSERT INTO person VALUES (NULL, length($1))", "23502"),
  ])
  func valuesAreNeverShown(_ sql: String, _ state: String) async throws {
    try await withSharedDatabase { database in
      let connection = try await database.connect()
      try await connection.execute(
        script: """
          CREATE TEMPORARY TABLE person (name varchar(50) NOT NULL CONSTRAINT person_name UNIQUE,
            age int8 CONSTRAINT person_age CHECK (age > 0));
          INSERT INTO person VALUES ('secret-value', 1);
          """)
      let statement = Statement<Void>("write person", sql)
      let error = try #require(
        await #expect(throws: PostgresError.self) { try await connection.query(statement, "secret-value") })
      #expect(error.sqlState == state)
      for text in ["\(error)", String(reflecting: error)] {
        #expect(!text.contains("secret-value"), "\(text)")
        #expect(text.contains(state) && text.contains("write person"))
      }
      #expect("\(error)".contains(error.constraintName ?? ""))
      #expect(error.message?.isEmpty == false)
    }
  }
}
