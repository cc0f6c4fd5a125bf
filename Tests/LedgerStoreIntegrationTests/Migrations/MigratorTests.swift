import Ledger
import LedgerStore
import Migrations
import Postgres
import TallyTesting
import Testing

@Suite struct MigratorTests {
  @Test func migrateAppliesEachFileOnceAndRemembersItsChecksum() async throws {
    try await withTestDatabase { database in
      let migrator = Migrator(connection: database.superuserSettings, logger: LedgerDatabase.logger)
      let waiting = try await migrator.status()
      #expect(waiting.map(\.version) == Migration.all.map(\.version))
      #expect(waiting.allSatisfy { $0.appliedAt == nil && !$0.isChanged && !$0.isUnknown })

      let applied = try await migrator.migrate()
      #expect(applied.map(\.version) == Migration.all.map(\.version))
      let status = try await migrator.status()
      #expect(status.allSatisfy { $0.appliedAt != nil && !$0.isChanged && !$0.isUnknown })
      #expect(status.map(\.checksum) == Migration.all.map(\.checksum))

      #expect(try await migrator.migrate().isEmpty)
      #expect(try await migrator.status() == status)
    }
  }

  @Test func twoMigratorsAtOnceApplyEachFileOnce() async throws {
    try await withTestDatabase { database in
      let migrator = Migrator(connection: database.superuserSettings, logger: LedgerDatabase.logger)
      async let first = migrator.migrate()
      async let second = migrator.migrate()
      async let third = migrator.migrate()
      let counts = try await [first.count, second.count, third.count].sorted()
      #expect(counts == [0, 0, Migration.all.count])
    }
  }

  @Test func changedAppliedFileIsNamedAndNothingIsApplied() async throws {
    try await withTestDatabase { database in
      let first = migration(1, "first", "CREATE TABLE one ()")
      try await migrator(database, [first]).migrate()
      let changed = migrator(
        database, [migration(1, "first", "CREATE TABLE one (a int)"), migration(2, "second", "CREATE TABLE two ()")])
      #expect(try await changed.status().map(\.isChanged) == [true, false])
      let error = await #expect(throws: StoreError.self) { try await changed.migrate() }
      guard case .schema(let text) = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(text.contains("first"))
      #expect(try await migrator(database, [first]).status().map(\.version) == [1])
      #expect(try await exists("two", database) == false)
    }
  }

  @Test func databaseOfANewerProgramIsRefused() async throws {
    try await withTestDatabase { database in
      let first = migration(1, "first", "CREATE TABLE one ()")
      let second = migration(2, "second", "CREATE TABLE two ()")
      try await migrator(database, [first, second]).migrate()
      let older = migrator(database, [first])
      #expect(try await older.status().map(\.isUnknown) == [false, true])
      let error = await #expect(throws: StoreError.self) { try await older.migrate() }
      #expect(error?.description.contains("newer") == true)
    }
  }

  @Test func fileThatWasSkippedIsNamed() async throws {
    try await withTestDatabase { database in
      let third = migration(3, "third", "CREATE TABLE three ()")
      try await migrator(database, [migration(1, "first", "CREATE TABLE one ()"), third]).migrate()
      let all = migrator(
        database,
        [migration(1, "first", "CREATE TABLE one ()"), migration(2, "second", "CREATE TABLE two ()"), third])
      let error = await #expect(throws: StoreError.self) { try await all.migrate() }
      #expect(error?.description.contains("0002_second.up.sql") == true)
    }
  }

  @Test func failedFileLeavesNothingAndKeepsTheStepsBeforeIt() async throws {
    try await withTestDatabase { database in
      let migrator = migrator(
        database,
        [
          migration(1, "first", "CREATE TABLE one ()"),
          migration(2, "second", "CREATE TABLE two (); SELECT 1 / 0; CREATE TABLE three ()"),
        ])
      let error = await #expect(throws: StoreError.self) { try await migrator.migrate() }
      #expect(error?.description.contains("0002_second.up.sql") == true)
      #expect(error?.sqlState == "22012")
      let status = try await migrator.status()
      #expect(status.map { $0.appliedAt != nil } == [true, false])
      #expect(try await exists("one", database))
      #expect(try await exists("two", database) == false)
    }
  }

  /// Every down file undoes its up file exactly, or a release that was taken back could not be tried again.
  @Test func downAndUpAgainGivesTheSameSchema() async throws {
    try await withTestDatabase { database in
      let migrator = Migrator(connection: database.superuserSettings, logger: LedgerDatabase.logger)
      var dumps: [[String]] = []
      for migration in Migration.all {
        let partial = Migrator(
          connection: database.superuserSettings, migrations: Array(Migration.all.prefix(migration.version)),
          logger: LedgerDatabase.logger)
        dumps.append(try await dump(database))
        try await partial.migrate()
      }
      let whole = try await dump(database)
      #expect(!whole.isEmpty)
      for migration in Migration.all.reversed() {
        try await migrator.down(to: migration.version - 1)
        #expect(try await dump(database) == dumps[migration.version - 1])
      }
      try await migrator.migrate()
      #expect(try await dump(database) == whole)
    }
  }

  @Test func loginOfGatewaysMayTakeTallysRolesAndIsNoSuperuser() async throws {
    try await withLedgerDatabase { database in
      for role in ["tally_owner", "tally_lane", "tally_request", "tally_auth"] {
        let connection = try await database.connect(as: role)
        let current = try await connection.query(
          Statement(
            "who", "SELECT current_user || ' ' || (SELECT rolsuper FROM pg_roles WHERE rolname = session_user)",
            row: { row throws(PostgresError) in try row.next(String.self) }))
        #expect(current == ["\(role) false"])
        await connection.close()
      }
    }
  }

  @Test func storeNamesTallyMigrateWhenTablesAreMissing() async throws {
    try await withTestDatabase { database in
      let settings = LedgerStoreSettings(connection: database.superuserSettings, instance: InstanceID(bits: 1))
      let error = await #expect(throws: StoreError.self) {
        try await LedgerStore.open(settings, logger: LedgerDatabase.logger)
      }
      guard case .schema(let text) = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(text.contains("tally migrate"))
    }
  }

  private func migration(_ version: Int, _ name: String, _ sql: String) -> Migration {
    Migration(version: version, name: name, up: Array(sql.utf8), down: [])
  }

  private func migrator(_ database: TestDatabase, _ migrations: [Migration]) -> Migrator {
    Migrator(connection: database.superuserSettings, migrations: migrations, logger: LedgerDatabase.logger)
  }

  private func exists(_ table: String, _ database: TestDatabase) async throws -> Bool {
    let connection = try await database.connect()
    let found = try await connection.query(
      Statement(
        "exists", "SELECT to_regclass($1) IS NOT NULL", row: { row throws(PostgresError) in try row.next(Bool.self) }),
      table)
    await connection.close()
    return found == [true]
  }

  private func dump(_ database: TestDatabase) async throws -> [String] {
    let connection = try await database.connect()
    let lines = try await Catalogue.dump(connection)
    await connection.close()
    return lines
  }
}
