import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing

/// What the role sees and may do that answers requests: rows of the team in the setting, and no others. Every test logs
/// in as the gateway does, never as a superuser, whom no policy confines.
@Suite struct RequestRoleTests {
  @Test func nothingIsSeenWithoutTheSetting() async throws {
    try await withTwoTeams { database in
      let connection = try await database.connect(as: "tally_request")
      for table in TwoTeams.tables {
        #expect(try await connection.query(TwoTeams.teamsSeen(in: table)) == [], "\(table)")
      }
      await connection.close()
    }
  }

  @Test func nothingForeignIsSeenWithTheSetting() async throws {
    try await withTwoTeams { database in
      let connection = try await database.connect(as: "tally_request")
      for (own, other) in [(TwoTeams.first, TwoTeams.second), (TwoTeams.second, TwoTeams.first)] {
        for table in TwoTeams.tables {
          let asked = Statement<String>(
            "foreign in \(table)", "SELECT team_id::text FROM tally.\(table) WHERE team_id = $1",
            row: { row throws(PostgresError) in try row.next() })
          var pipeline = Pipeline()
          pipeline.append(.begin)
          pipeline.append(TwoTeams.confine(to: "\(own)"))
          let all = pipeline.append(TwoTeams.teamsSeen(in: table))
          let foreign = pipeline.append(asked, PostgresUUID(bits: other.bits))
          pipeline.append(.commit)
          let results = try await connection.run(pipeline)
          #expect(try results.rows(all) == ["\(own)"], "\(table)")
          #expect(try results.rows(foreign) == [], "\(table)")
        }
      }
      await connection.close()
    }
  }

  @Test func settingOfNoTeamShowsNothingAndAWrongOneFails() async throws {
    try await withTwoTeams { database in
      let connection = try await database.connect(as: "tally_request")
      #expect(try await seen(by: connection, confinedTo: "\(TeamID(bits: 0xC))") == [])
      #expect(try await seen(by: connection, confinedTo: "") == [])
      let error = await #expect(throws: PostgresError.self) {
        try await seen(by: connection, confinedTo: "' OR true --")
      }
      #expect(error?.sqlState == "42601" || error?.sqlState == "22P02")
      await connection.close()
    }
  }

  @Test func foreignRowsCannotBeWritten() async throws {
    try await withTwoTeams { database in
      let connection = try await database.connect(as: "tally_request")
      let foreign = TwoTeams.second
      let refused = [
        """
        INSERT INTO tally.asset (team_id, storage_key, member_id, origin, created_at)
        VALUES ('\(foreign)', 'stolen', '\(foreign)', 'upload', now())
        """,
        "UPDATE tally.record SET team_id = '\(foreign)'",
        "UPDATE tally.record SET state = 'released'",
        "UPDATE tally.api_key SET revoked_at = NULL",
        "UPDATE tally.budget SET used = 0",
        "DELETE FROM tally.asset",
        "INSERT INTO tally.log_private (team_id, index, salt, payload) VALUES ('\(TwoTeams.first)', 1, '', '')",
        "SELECT * FROM tally.key_directory",
        "SELECT * FROM tally.instance",
        "TRUNCATE tally.record",
      ]
      for sql in refused {
        let error = await #expect(throws: PostgresError.self, "\(sql)") {
          try await run(sql, on: connection, confinedTo: TwoTeams.first)
        }
        #expect(error?.sqlState == "42501", "\(sql)")
        try await connection.rollback()
      }
      // Rows that cannot be seen are not there: nothing fails and nothing is touched.
      for sql in [
        "UPDATE tally.record SET rating = 5 WHERE team_id = '\(foreign)'",
        "UPDATE tally.api_key SET last_used_at = now() WHERE team_id = '\(foreign)'",
      ] {
        #expect(try await run(sql, on: connection, confinedTo: TwoTeams.first) == 0, "\(sql)")
      }
      #expect(try await run("UPDATE tally.record SET rating = 5", on: connection, confinedTo: TwoTeams.first) == 1)
      await connection.close()
      #expect(
        try await database.texts("SELECT rating::text FROM tally.record ORDER BY team_id") == ["5", nil])
    }
  }

  /// A pooled connection that served one team, and whose transaction failed, serves the next one.
  @Test func abortedTransactionLeavesNoTeamOnAPooledConnection() async throws {
    try await withTwoTeams { database in
      var settings = database.loginSettings
      settings.role = "tally_request"
      let pool = Pool(
        settings: settings, configuration: PoolConfiguration(maximumSize: 1), logger: LedgerDatabase.logger)
      let backends: [Int32] = try await [
        pool.withConnection { connection in
          _ = try? await run("SELECT 1 / 0", on: connection, confinedTo: TwoTeams.first)
          return await connection.backendProcessID
        },
        pool.withConnection { connection in
          // The setting is empty now, not absent: both must show nothing.
          for table in TwoTeams.tables {
            let teams = try await connection.query(TwoTeams.teamsSeen(in: table))
            #expect(teams == [], "\(table)")
          }
          return await connection.backendProcessID
        },
        pool.withConnection { connection in
          let teams = try await seen(by: connection, confinedTo: "\(TwoTeams.second)")
          #expect(teams == ["\(TwoTeams.second)"])
          return await connection.backendProcessID
        },
      ]
      #expect(Set(backends).count == 1)
      await pool.close()
    }
  }

  /// The same through the store itself: one connection, a request that fails, then another team's.
  @Test func failedRequestOfOneTeamShowsNothingOfItToTheNext() async throws {
    try await withTwoTeams { database in
      let store = try await database.openStore { $0.requestPoolSize = 1 }
      let record = RecordID(bits: 1)
      #expect(try await store.record(record, of: TwoTeams.first)?.team == TwoTeams.first)
      await #expect(throws: StoreError.self) {
        try await store.storeAsset(
          NewAsset(
            team: TwoTeams.first, storageKey: "picture-2", member: MemberID(bits: 1), mediaType: "image/png",
            bytes: -1, originalName: nil, createdAt: .epoch))
      }
      #expect(try await store.record(record, of: TwoTeams.second)?.team == TwoTeams.second)
      #expect(try await store.ownsStorageKey("picture-2", team: TwoTeams.first) == false)
      await store.close(within: .seconds(1))
    }
  }

  private func withTwoTeams(_ body: (LedgerDatabase) async throws -> Void) async throws {
    try await withLedgerDatabase { database in
      try await TwoTeams.fill(database)
      try await body(database)
    }
  }

  private func seen(by connection: Connection, confinedTo team: String) async throws(PostgresError) -> [String] {
    var pipeline = Pipeline()
    pipeline.append(.begin)
    pipeline.append(TwoTeams.confine(to: team))
    let slot = pipeline.append(TwoTeams.teamsSeen(in: "record"))
    pipeline.append(.commit)
    return try await connection.run(pipeline).rows(slot)
  }

  @discardableResult
  private func run(_ sql: String, on connection: Connection, confinedTo team: TeamID) async throws(PostgresError) -> Int
  {
    var pipeline = Pipeline()
    pipeline.append(.begin)
    pipeline.append(TwoTeams.confine(to: "\(team)"))
    let slot = pipeline.append(Statement<Void>(sql, sql, prepared: false))
    pipeline.append(.commit)
    return try await connection.run(pipeline).affectedRows(slot)
  }
}
