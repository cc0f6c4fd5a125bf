import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing

/// What a failing database means to the store's callers.
@Suite struct FailureTests {
  @Test func missingTablesNameTallyMigrate() async throws {
    try await withLedgerStore { store, database in
      try await database.execute("DROP SCHEMA tally CASCADE")
      let error = await #expect(throws: StoreError.self) { try await store.teams() }
      guard case .schema(let text)? = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(text.contains("tally migrate"))
    }
  }

  @Test func lockedTableIsUnavailableAndNothingIsHeld() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let other = try await database.database.connect()
      try await other.execute(script: "BEGIN; LOCK TABLE tally.record IN ACCESS EXCLUSIVE MODE")
      let error = await #expect(throws: StoreError.self) { try await store.record(ledger.settled, of: ledger.team) }
      #expect(error?.reason == .unavailable(mayBeHeld: false))
      #expect(error?.sqlState == "55P03")
      await other.close()
      #expect(try await store.record(ledger.settled, of: ledger.team) != nil)
    }
  }

  /// Connections that the server cut are replaced: at most the requests that were on their way fail.
  @Test func readsGoOnAfterTheServerCutItsConnections() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      #expect(try await store.record(ledger.settled, of: ledger.team) != nil)
      try await database.execute(
        """
        SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()
        """)
      var attempts = 0
      var found: StoredRecord?
      while found == nil, attempts < 20 {
        attempts += 1
        found = try? await store.record(ledger.settled, of: ledger.team)
      }
      #expect(found?.record == ledger.settled)
    }
  }

  /// What an outside caller may see of an error says nothing of SQL, tables or addresses.
  @Test func errorsTellNothingOfTheDatabase() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      try await database.execute(
        "ALTER TABLE tally.asset ADD CONSTRAINT refuses_all CHECK (storage_key = '') NOT VALID")
      let asset = NewAsset(
        team: ledger.team, storageKey: "private-name.png", member: ledger.first, mediaType: "image/png", bytes: 1,
        originalName: "private-name.png", createdAt: .epoch)
      let error = await #expect(throws: StoreError.self) { try await store.storeAsset(asset) }
      #expect(error?.reason == .database)
      #expect(error?.sqlState == "23514")
      let text = error?.description ?? ""
      for word in ["private-name", "INSERT", "tally.", "refuses_all", "/"] { #expect(!text.contains(word)) }
    }
  }
}
