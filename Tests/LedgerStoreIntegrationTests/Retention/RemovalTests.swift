import Ledger
import LedgerStore
import Postgres
import Synchronization
import TallyTesting
import Testing

@Suite struct RemovalTests {
  private static let by = Administrator(name: "test", reason: "kept long enough")

  private static func expectSound(_ store: LedgerStore, released: RecordID? = nil) async throws {
    for windowLines in [1, 2, 7, 5_000] as [Int64] {
      #expect(try await store.check(windowLines: windowLines).violations == [], "windows of \(windowLines)")
    }
  }

  @Test func onlyWhatAClosedMonthResolvedIsRemovedAndTheBooksStaySound() async throws {
    try await withAgedTeam { store, database, team in
      let id = team.ledger.team
      let budgets = try await database.texts(
        "SELECT string_agg(used || '/' || held, ',' ORDER BY scope, subject_id, period_start) FROM tally.budget")
      #expect(try await store.firstKeptMoment(of: id) == nil)
      _ = try await store.changeRetention(of: id, keepDays: 31, by: Self.by)
      let plan = try await store.removalPlan(of: id)
      #expect(plan?.before == team.closed.end)
      #expect(plan?.records == Int64(team.old.count))
      #expect(try await AgedTeam.records(in: database) == team.old.union(team.kept))
      while try await store.makeSpans(of: id) > 0 {}
      let old =
        "SELECT count(*)::text FROM tally.%@ WHERE span_start < to_timestamp(\(team.closed.end.microseconds) / 1e6)"
      let tables = ["usage_span", "usage_sum", "usage_sum_key", "usage_sum_product"]
      for table in tables { #expect(try await database.texts(old.replacing("%@", with: table)) != ["0"], "\(table)") }
      let removal = try #require(try await store.removeOld(of: id, by: Self.by))
      #expect(removal.before == team.closed.end)
      for table in tables { #expect(try await database.texts(old.replacing("%@", with: table)) == ["0"], "\(table)") }
      #expect(removal.records == Int64(team.old.count))
      #expect(removal.buckets == plan?.buckets)
      #expect(try await AgedTeam.records(in: database) == team.kept)
      #expect(try await store.firstKeptMoment(of: id) == team.closed.end)
      #expect(try await store.team(id).removedBefore == team.closed.end)
      let left = try await database.texts(
        "SELECT count(*)::text FROM tally.usage_bucket WHERE bucket_start < to_timestamp(\(team.closed.end.microseconds) / 1e6)"
      )
      #expect(left == ["0"])
      #expect(
        try await AgedTeam.removedLines(in: database) == [
          UsageRemoved(removal: removal.id, before: removal.before, records: removal.records, buckets: removal.buckets)
        ])
      #expect(
        try await database.texts(
          "SELECT string_agg(used || '/' || held, ',' ORDER BY scope, subject_id, period_start) FROM tally.budget")
          == budgets)
      try await Self.expectSound(store)
      // Nothing more is due, and nothing more is told.
      #expect(try await store.removeOld(of: id, by: Self.by) == nil)
      #expect(try await store.teamsToRemoveFrom(limit: 10).isEmpty)
      #expect(try await AgedTeam.removedLines(in: database).count == 1)
    }
  }

  /// What goes in one transaction goes in many just as well, and none takes more than it may.
  @Test(arguments: [1, 2] as [Int64])
  func aRemovalInSmallPiecesTakesTheSame(atOnce: Int64) async throws {
    var pieces = TakenAtOnce()
    pieces.records = atOnce
    pieces.buckets = atOnce
    try await withAgedTeam(takingAtOnce: pieces) { store, database, team in
      let id = team.ledger.team
      _ = try await store.changeRetention(of: id, keepDays: 31, by: Self.by)
      while try await store.makeSpans(of: id) > 0 {}
      let plan = try #require(try await store.removalPlan(of: id))
      let steps = Mutex<[Removal]>([])
      let removal = try #require(
        try await store.removeOld(of: id, by: Self.by) { step in
          steps.withLock { $0.append(step) }
        } pause: { _ in
        })
      #expect(removal.records == Int64(team.old.count) && removal.buckets == plan.buckets)
      #expect(plan.buckets > atOnce)
      #expect(try await AgedTeam.records(in: database) == team.kept)
      let all = steps.withLock { $0 }
      for (before, after) in zip(all, all.dropFirst()) {
        #expect((0...atOnce).contains(after.records - before.records))
        #expect((0...atOnce).contains(after.buckets - before.buckets))
      }
      // As many transactions as it takes, for each kind.
      let records = Set(all.map(\.records)).count
      let buckets = Set(all.map(\.buckets)).count
      #expect(records >= team.old.count / Int(atOnce) && buckets > Int(plan.buckets / atOnce), "\(records), \(buckets)")
      for (table, column) in [
        ("usage_span", "span_start"), ("usage_sum", "span_start"), ("usage_sum_key", "span_start"),
        ("usage_sum_product", "span_start"), ("usage_bucket", "bucket_start"),
      ] {
        let left = try await database.texts(
          "SELECT count(*)::text FROM tally.\(table) WHERE \(column) < to_timestamp(\(team.closed.end.microseconds) / 1e6)"
        )
        #expect(left == ["0"], "\(table)")
      }
      #expect(try await AgedTeam.removedLines(in: database).map(\.removal) == [removal.id])
      try await Self.expectSound(store)
    }
  }

  /// What a removed record leaves nowhere: its results cannot be named any more, its key is free.
  @Test func resultsAndKeysGoWithTheirRecords() async throws {
    try await withAgedTeam { store, database, team in
      let id = team.ledger.team
      _ = try await store.changeRetention(of: id, keepDays: 31, by: Self.by)
      let key = "images/\(team.ledger.settled)_0.png"
      #expect(try await store.ownsStorageKey(key, team: id))
      _ = try await store.removeOld(of: id, by: Self.by)
      #expect(try await store.ownsStorageKey(key, team: id) == false)
      #expect(try await store.ownsStorageKey("images/\(team.young)_0.png", team: id))
      #expect(try await database.texts("SELECT record_id::text FROM tally.idempotency") == ["\(team.young)"])
    }
  }

  @Test func prunedLinesBesideRemovedRecordsAreStillSound() async throws {
    try await withAgedTeam { store, database, team in
      let id = team.ledger.team
      _ = try await store.changeRetention(of: id, keepDays: 31, by: Self.by)
      _ = try await store.removeOld(of: id, by: Self.by)
      let next = try #require(CalendarMonth(PeriodBounds.utcMonth(containing: team.closed.end)))
      _ = try await store.prune(before: next, of: id, by: Self.by)
      try await Self.expectSound(store)
      _ = try await store.credit(
        CreditRequest(team: id, record: team.ledger.held, amount: Credits(7), creditedBefore: .zero), by: Self.by)
      _ = try await store.settle(team.ledger.settlement(of: team.ledger.inDoubt))
      try await Self.expectSound(store)
    }
  }

  @Test(arguments: [
    ("DELETE FROM tally.record WHERE record_id = '%F1'", "does not have it"),
    ("DELETE FROM tally.record WHERE state = 'in_doubt'", "the row is missing"),
    ("UPDATE tally.team SET removed_before = NULL", "removed_before is not"),
    ("UPDATE tally.team SET removed_before = removed_before + interval '31 days'", "removed_before is not"),
    ("DELETE FROM tally.removal", "removed_before is not"),
    ("UPDATE tally.removal SET records = records + 1", "does not tell of it so"),
    ("UPDATE tally.team SET keep_days = 32", "keep_days"),
    ("DELETE FROM tally.usage_bucket", "the row is missing"),
    ("UPDATE tally.budget SET used = used + 1 WHERE scope = 'member'", "used is"),
    ("UPDATE tally.record SET charged = charged - 1 WHERE record_id = '%F1'", "used is"),
    (
      """
      INSERT INTO tally.usage_bucket (team_id, bucket_start, member_id, key_id, model, quality, size)
      SELECT team_id, to_timestamp(0), team_id, team_id, 'm', 'low', '1x1' FROM tally.team
      """, "was removed and is still there"
    ),
  ])
  func damageIsFoundAfterARemovalToo(sql: String, says: String) async throws {
    try await withAgedTeam { store, database, team in
      _ = try await store.changeRetention(of: team.ledger.team, keepDays: 31, by: Self.by)
      _ = try await store.removeOld(of: team.ledger.team, by: Self.by)
      try await database.execute(sql.replacing("%F1", with: "\(team.young)"))
      let violations = try await store.check().violations
      #expect(violations.contains { $0.description.contains(says) }, "\(violations)")
    }
  }

  @Test func aRecordThatIsMissingWithoutARemovalIsStillFound() async throws {
    try await withAgedTeam { store, database, team in
      _ = try await store.changeRetention(of: team.ledger.team, keepDays: 31, by: Self.by)
      try await database.execute("DELETE FROM tally.record WHERE record_id = '\(team.ledger.settled)'")
      let violations = try await store.check().violations
      #expect(violations.contains { $0.description.contains("does not have it") }, "\(violations)")
    }
  }

  @Test func aLegalHoldStopsIt() async throws {
    try await withAgedTeam { store, database, team in
      let id = team.ledger.team
      _ = try await store.changeRetention(of: id, keepDays: 31, by: Self.by)
      try await store.changeLegalHold(of: id, isOn: true, by: Self.by)
      #expect(try await store.teamsToRemoveFrom(limit: 10).isEmpty)
      let error = await #expect(throws: StoreError.self) { try await store.removeOld(of: id, by: Self.by) }
      #expect(error?.description.contains("legal hold") == true)
      #expect(try await AgedTeam.records(in: database) == team.old.union(team.kept))
      #expect(try await store.firstKeptMoment(of: id) == nil)
      try await store.changeLegalHold(of: id, isOn: false, by: Self.by)
      // One that is placed in its midst stops it after a transaction.
      let second = await #expect(throws: StoreError.self) {
        try await store.removeOld(of: id, by: Self.by) { _ in
        } pause: { _ in
          try await store.changeLegalHold(of: id, isOn: true, by: Self.by)
        }
      }
      #expect(second?.description.contains("legal hold") == true)
      try await Self.expectSound(store)
      #expect(try await AgedTeam.removedLines(in: database).isEmpty)
      try await store.changeLegalHold(of: id, isOn: false, by: Self.by)
      #expect(try await store.teamsToRemoveFrom(limit: 10) == [id])
      let removal = try #require(try await store.removeOld(of: id, by: Self.by))
      #expect(removal.records == Int64(team.old.count))
      #expect(try await AgedTeam.removedLines(in: database).map(\.records) == [removal.records])
      try await Self.expectSound(store)
    }
  }

  @Test func oneThatRunsStopsWhereTheTeamKeepsMoreMeanwhile() async throws {
    try await withAgedTeam { store, database, team in
      let id = team.ledger.team
      _ = try await store.changeRetention(of: id, keepDays: 31, by: Self.by)
      let buckets = "SELECT count(*)::text FROM tally.usage_bucket"
      let before = try await database.texts(buckets)
      let error = await #expect(throws: StoreError.self) {
        try await store.removeOld(of: id, by: Self.by) { _ in
        } pause: { _ in
          _ = try await store.changeRetention(of: id, keepDays: nil, by: Self.by)
        }
      }
      #expect(error?.description.contains("keeps these records longer now") == true)
      #expect(try await database.texts(buckets) == before)
      #expect(try await AgedTeam.removedLines(in: database).isEmpty)
      try await Self.expectSound(store)
      _ = try await store.changeRetention(of: id, keepDays: 31, by: Self.by)
      _ = try #require(try await store.removeOld(of: id, by: Self.by))
      #expect(try await database.texts(buckets) != before)
      try await Self.expectSound(store)
    }
  }

  @Test func oneThatWasCutOffGoesOnUnderItsIDAndIsToldOnce() async throws {
    struct Cut: Error {}
    try await withAgedTeam { store, database, team in
      let id = team.ledger.team
      _ = try await store.changeRetention(of: id, keepDays: 31, by: Self.by)
      await #expect(throws: StoreError.self) {
        try await store.removeOld(of: id, by: Self.by) { _ in
        } pause: { _ in
          throw Cut()
        }
      }
      let cut = try #require(try await store.removals(of: id).first)
      #expect(cut.index == nil && cut.records == Int64(team.old.count))
      try await Self.expectSound(store)
      let removal = try #require(try await store.removeOld(of: id, by: Self.by))
      #expect(removal.id == cut.id)
      #expect(removal.records == cut.records)
      #expect(try await AgedTeam.removedLines(in: database).map(\.removal) == [cut.id])
      try await Self.expectSound(store)
    }
  }

  @Test func twoThatRemoveAtOnceCountEachRowOnce() async throws {
    try await withAgedTeam { first, database, team in
      let id = team.ledger.team
      _ = try await first.changeRetention(of: id, keepDays: 31, by: Self.by)
      let second = try await database.openStore {
        $0.instance = InstanceID(bits: 0x2)
        $0.now = { team.clock.now }
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for store in [first, second] { group.addTask { _ = try await store.removeOld(of: id, by: nil) } }
        try await group.waitForAll()
      }
      #expect(try await AgedTeam.removedLines(in: database).map(\.records) == [Int64(team.old.count)])
      try await Self.expectSound(first)
      await second.close(within: .seconds(5))
    }
  }

  /// Late news of a record that was removed is no loss of a hold: the team goes on.
  @Test func aTeamIsNotHaltedForARecordThatWasRemoved() async throws {
    try await withAgedTeam { store, _, team in
      let id = team.ledger.team
      _ = try await store.changeRetention(of: id, keepDays: 31, by: Self.by)
      _ = try await store.removeOld(of: id, by: Self.by)
      await #expect(throws: StoreError.self) { try await store.settle(team.ledger.settlement(of: team.oldSettled)) }
      #expect(try await store.team(id).isHalted == false)
      // A young hold that is not there is one that was lost.
      let lost = AgedTeam.record(9, at: team.clock.now)
      await #expect(throws: StoreError.self) { try await store.settle(team.ledger.settlement(of: lost)) }
      #expect(try await store.team(id).isHalted)
    }
  }

  /// What may still be asked for stays, although it was resolved long ago.
  @Test func whatTheUpstreamMayStillBeAskedForStays() async throws {
    try await withAgedTeam { store, database, team in
      let id = team.ledger.team
      try await database.execute(
        """
        INSERT INTO tally.doubt (team_id, record_id, in_doubt_at, ask_at)
        VALUES ('\(id)', '\(team.oldSettled)', now(), now())
        """)
      _ = try await store.changeRetention(of: id, keepDays: 31, by: Self.by)
      let removal = try #require(try await store.removeOld(of: id, by: Self.by))
      #expect(removal.records == Int64(team.old.count - 1))
      #expect(try await AgedTeam.records(in: database) == team.kept.union([team.oldSettled]))
    }
  }

  @Test func payloadsOfRemovedRecordsAreErasedWithTheirMember() async throws {
    try await withLedgerDatabase { database in
      let clock = ShiftedClock()
      try await clock.install(in: database)
      let store = try await database.openStore { $0.now = { clock.now } }
      let fixture = try await ErasureFixture.make(in: store, database)
      try await fixture.resolveOpen(in: store)
      let month = try #require(CalendarMonth(PeriodBounds.utcMonth(containing: clock.now)))
      try await clock.advance(days: 35, in: database)
      _ = try await store.closePeriod(team: fixture.ledger.team, month: month)
      try await clock.advance(days: 35, in: database)
      _ = try await store.changeRetention(of: fixture.ledger.team, keepDays: 31, by: Self.by)
      _ = try await store.removeOld(of: fixture.ledger.team, by: Self.by)
      #expect(try await ErasureFixture.tablesWithTheWord(in: database).contains("log_private"))
      _ = try await store.erase(member: ErasureFixture.word, of: fixture.ledger.team, by: Self.by)
      #expect(try await ErasureFixture.tablesWithTheWord(in: database) == [])
      await store.close(within: .seconds(5))
    }
  }
}
