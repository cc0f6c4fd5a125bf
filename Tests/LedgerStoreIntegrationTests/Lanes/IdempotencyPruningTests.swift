import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing

/// Old Idempotency-Keys go, their records stay.
@Suite struct IdempotencyPruningTests {
  @Test func oldKeysGoUnlessTheirRecordIsOpenAndRecordsStay() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      for key in ["old settled", "old held", "old in doubt", "young"] {
        let request = test.request(person, idempotencyKey: key)
        _ = try await test.store.hold(request)
        switch key {
        case "old settled", "young": _ = try await test.store.settle(test.settlement(person, request.record))
        case "old in doubt":
          _ = try await test.store.markInDoubt(
            InDoubtRequest(team: person.team, record: request.record, cause: .timedOut))
        default: break
        }
        if key != "young" { try await test.age(request, days: 31) }
      }
      #expect(try await test.store.pruneIdempotencyKeys(limit: 100) == 1)
      #expect(try await test.count("SELECT count(*) FROM tally.record") == 4)
      #expect(try await test.store.pruneIdempotencyKeys(limit: 100) == 0)
      for (key, isKept) in [("old settled", false), ("old held", true), ("old in doubt", true), ("young", true)] {
        let answer = try await test.store.hold(test.request(person, idempotencyKey: key))
        if case .held = answer { #expect(!isKept, "\(key)") } else { #expect(isKept, "\(key)") }
      }
    }
  }

  @Test func aPruningTakesTheOldestAndNoMoreThanItsLimit() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      for days in 31...35 {
        let request = test.request(person, idempotencyKey: "\(days)")
        _ = try await test.store.hold(request)
        _ = try await test.store.settle(test.settlement(person, request.record))
        try await test.age(request, days: days)
      }
      #expect(try await test.store.pruneIdempotencyKeys(limit: 2) == 2)
      guard case .repeated = try await test.store.hold(test.request(person, idempotencyKey: "33")),
        case .held = try await test.store.hold(test.request(person, idempotencyKey: "34"))
      else {
        Issue.record("not the oldest")
        return
      }
      #expect(try await test.store.pruneIdempotencyKeys(olderThan: .seconds(32 * 86_400), limit: 100) == 2)
    }
  }

  @Test(arguments: [(Duration.seconds(29 * 86_400), 10), (.seconds(30 * 86_400), 0)])
  func aPruningThatWouldBreakThePromiseIsRefused(age: Duration, limit: Int) async throws {
    try await withTestStore { test in
      let refused = await #expect(throws: StoreError.self) {
        try await test.store.pruneIdempotencyKeys(olderThan: age, limit: limit)
      }
      guard case .invalid? = refused?.reason else {
        Issue.record("not refused")
        return
      }
    }
  }

  @Test func aKeyThatALaneHasLockedIsPassedOver() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      for key in ["locked", "free"] {
        let request = test.request(person, idempotencyKey: key)
        _ = try await test.store.hold(request)
        _ = try await test.store.settle(test.settlement(person, request.record))
        try await test.age(request, days: 31)
      }
      let lane = try await test.database.connect()
      let digest = try #require(test.request(person, idempotencyKey: "locked").idempotency).keyDigest
      try await lane.execute(
        script: "BEGIN; UPDATE tally.idempotency SET created_at = now() WHERE key_digest = '\\x\(digest)'")
      #expect(try await test.store.pruneIdempotencyKeys(limit: 100) == 1)
      try await lane.execute(script: "COMMIT")
      #expect(try await test.store.pruneIdempotencyKeys(limit: 100) == 0)
      await lane.close()
    }
  }

  @Test func aPruningReadsOnlyWhatItRemoves() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      _ = try await test.hold(person)
      try await test.fill(keys: 20_000)
      var settings = test.database.superuserSettings
      settings.role = "tally_lane"
      let connection = try await Connection.open(settings, logger: TestCluster.logger)
      let old = Int64(30 * 86_400)
      let pruning = try await plan(of: .pruning, "(\(old), 1000)", on: connection)
      #expect(pruning.contains { $0.contains("Index Scan using idempotency_created_at on idempotency") })
      #expect(pruning.contains { $0.contains("Index Scan using record_pkey on record") })
      #expect(pruning.contains { $0.contains("Tid Scan on idempotency") })
      #expect(!pruning.contains { $0.contains("Seq Scan") || $0.contains("Sort") }, "\(pruning)")
      await connection.close()
    }
  }

  /// How the server would run a statement with these arguments.
  private func plan(
    of statement: PlannedStatement, _ arguments: String, on connection: Connection
  ) async throws -> [String] {
    try await connection.execute(script: "DEALLOCATE ALL; PREPARE planned AS \(statement.sql)")
    return try await connection.query(
      Statement(
        "explain", "EXPLAIN (COSTS OFF) EXECUTE planned\(arguments)", prepared: false,
        row: { row throws(PostgresError) in try row.next(String.self) }))
  }
}

extension TestStore {
  /// Makes the key of `request` as old as that.
  fileprivate func age(_ request: HoldRequest, days: Int) async throws {
    let connection = try await database.connect()
    try await connection.execute(
      script: """
        UPDATE tally.idempotency SET created_at = now() - interval '\(days) days'
         WHERE record_id = '\(request.record)'
        """)
    await connection.close()
  }

  /// Copies the only record until there are so many, each with a key, made in the last 60 days.
  fileprivate func fill(keys: Int) async throws {
    let connection = try await database.connect()
    try await connection.execute(
      script: """
        CREATE TEMP TABLE made AS
          SELECT gen_random_uuid() AS record_id, number, now() - number * interval '60 days' / \(keys) AS created_at
            FROM generate_series(1, \(keys)) AS number;
        INSERT INTO tally.record (team_id, record_id, member_id, key_id, instance_id, state, model, quality, size, n,
                                  unit_price, price_version, held, charged, hold_index, resolve_index, created_at,
                                  resolved_at, prompt_object)
        SELECT r.team_id, m.record_id, r.member_id, r.key_id, r.instance_id, 'settled', r.model, r.quality, r.size, 1,
               r.unit_price, r.price_version, r.held, r.held, 100 + 2 * m.number, 101 + 2 * m.number, m.created_at,
               m.created_at, '{}'
          FROM tally.record AS r, made AS m;
        INSERT INTO tally.idempotency (team_id, member_id, key_digest, body_hash, record_id, created_at)
        SELECT r.team_id, r.member_id, sha256(m.record_id::text::bytea), sha256(''), m.record_id, m.created_at
          FROM made AS m JOIN tally.record AS r USING (record_id) ORDER BY m.created_at;
        ANALYZE tally.record; ANALYZE tally.idempotency
        """)
    await connection.close()
  }
}
