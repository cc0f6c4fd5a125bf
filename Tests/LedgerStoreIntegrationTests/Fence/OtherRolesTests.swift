import Ledger
import Postgres
import TallyTesting
import Testing

@Suite struct OtherRolesTests {
  @Test func laneSeesAllTeamsWithoutASetting() async throws {
    try await withLedgerDatabase { database in
      try await TwoTeams.fill(database)
      let connection = try await database.connect(as: "tally_lane")
      for table in TwoTeams.tables + TwoTeams.laneTables + ["key_directory"] {
        let teams = try await connection.query(TwoTeams.teamsSeen(in: table))
        #expect(teams == ["\(TwoTeams.first)", "\(TwoTeams.second)"], "\(table)")
      }
      for table in TwoTeams.tables where !TwoTeams.prunedTables.contains(table) {
        let error = await #expect(throws: PostgresError.self) {
          try await connection.execute(script: "DELETE FROM tally.\(table)")
        }
        #expect(error?.sqlState == "42501", "\(table)")
      }
      await connection.close()
    }
  }

  @Test func authSeesTheKeyDirectoryAndNothingElse() async throws {
    try await withLedgerDatabase { database in
      try await TwoTeams.fill(database)
      let connection = try await database.connect(as: "tally_auth")
      let teams = try await connection.query(TwoTeams.teamsSeen(in: "key_directory"))
      #expect(teams == ["\(TwoTeams.first)", "\(TwoTeams.second)"])
      for table in TwoTeams.tables + ["price", "price_version", "instance"] {
        let error = await #expect(throws: PostgresError.self) {
          try await connection.execute(script: "SELECT count(*) FROM tally.\(table)")
        }
        #expect(error?.sqlState == "42501", "\(table)")
      }
      for sql in ["DELETE FROM tally.key_directory", "UPDATE tally.key_directory SET team_id = team_id"] {
        let error = await #expect(throws: PostgresError.self) { try await connection.execute(script: sql) }
        #expect(error?.sqlState == "42501", "\(sql)")
      }
      await connection.close()
    }
  }

  /// The login itself has no rights at all: whoever forgets to take a role sees nothing.
  @Test func loginWithoutARoleMustTakeOne() async throws {
    try await withLedgerDatabase { database in
      try await database.execute("ALTER ROLE \(LedgerDatabase.loginRole) NOINHERIT")
      let connection = try await database.connect()
      let error = await #expect(throws: PostgresError.self) {
        try await connection.query(TwoTeams.teamsSeen(in: "record"))
      }
      #expect(error?.sqlState == "42501")
      await connection.close()
      let lane = try await database.connect(as: "tally_lane")
      #expect(try await lane.query(TwoTeams.teamsSeen(in: "record")) == [])
      await lane.close()
    }
  }
}
