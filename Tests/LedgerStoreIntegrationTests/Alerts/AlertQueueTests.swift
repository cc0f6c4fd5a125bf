import Ledger
import LedgerStore
import Postgres
import Testing

@Suite struct AlertQueueTests {
  private static func deliveries(in database: LedgerDatabase) async throws -> [AlertDelivered] {
    try await AlertFixture.events(in: database).compactMap {
      if case .alertDelivered(let event) = $0 { event } else { nil }
    }
  }

  @Test func eachThresholdIsToldOnceHoweverOftenAndByWhomeverItIsLookedFor() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await AlertFixture.make(in: store)
      try await fixture.set(in: store)
      #expect(try await fixture.look(store) == [])
      try await fixture.spend(1, in: store)
      #expect(try await fixture.look(store) == [])
      try await fixture.spend(2, in: store)
      #expect(try await fixture.look(store) == [50])
      #expect(try await fixture.look(store) == [])
      try await fixture.spend(3, in: store)
      // Two gateways at once.
      async let first = fixture.look(store)
      async let second = fixture.look(store)
      _ = try await (first, second)
      #expect(try await fixture.thresholds(in: store) == [50, 80])
      let due = try await store.dueMessages(limit: 10).first { $0.threshold == 80 }
      #expect(due?.budget.used == Credits(99_000) && due?.budget.limit == Credits(100_000))
      #expect(due?.subjectName == "\(fixture.team)" && due?.alert.url == AlertFixture.url)
      #expect(due?.alert.secret == fixture.secret)
      try await fixture.deliver(store)
      #expect(try await fixture.look(store) == [])
      #expect(try await fixture.thresholds(in: store) == [])
      #expect(try await Self.deliveries(in: database).compactMap(\.threshold).sorted() == [50, 80])
      #expect(try await store.check().violations == [])
    }
  }

  @Test func limitsCreditsAndNewThresholdsBehaveAsPeopleExpect() async throws {
    try await withLedgerStore { store, _ in
      let fixture = try await AlertFixture.make(in: store, limit: 1_000_000)
      try await fixture.set(in: store)
      try await fixture.spend(1, in: store)
      #expect(try await fixture.look(store) == [])
      func limit(_ credits: Int64?) async throws {
        _ = try await store.changeTeam(
          fixture.team, TeamChange(limit: .set(credits.map { Credits($0) })), by: AlertFixture.by)
      }
      // A limit that is lowered brings the threshold to what is used.
      try await limit(60_000)
      #expect(try await fixture.look(store) == [50])
      try await fixture.deliver(store)
      // Raised and lowered again: it was told of in this period.
      try await limit(1_000_000)
      try await limit(60_000)
      #expect(try await fixture.look(store) == [])
      // Below what is used: the others are reached.
      try await limit(30_000)
      #expect(try await fixture.look(store) == [80, 100])
      try await fixture.deliver(store)
      // Given back and used again: told of once.
      _ = try await store.credit(
        CreditRequest(
          team: fixture.team, record: RecordID(bits: 0xD001), amount: Credits(33_000), creditedBefore: .zero),
        by: AlertFixture.by)
      try await limit(100_000)
      try await fixture.spend(2, in: store)
      try await fixture.spend(3, in: store)
      #expect(try await fixture.look(store) == [])
      // A threshold that is new to the alert and reached already is told at once.
      try await fixture.set([50, 60], in: store)
      #expect(try await fixture.look(store) == [60])
      try await fixture.deliver(store)
      // Without a limit there is no part of it.
      try await limit(nil)
      try await fixture.set([1, 2, 3], in: store)
      #expect(try await fixture.look(store) == [])
    }
  }

  @Test func newPeriodTellsAnew() async throws {
    try await withLedgerDatabase { database in
      let clock = ShiftedClock()
      try await clock.install(in: database)
      let store = try await database.openStore { $0.now = { clock.now } }
      let fixture = try await AlertFixture.make(in: store, limit: 33_000)
      try await fixture.set([100], in: store)
      try await fixture.spend(1, in: store)
      #expect(try await fixture.look(store) == [100])
      try await fixture.deliver(store)
      // In the next month nothing is used yet; what was reached in the last one is not told again.
      try await clock.advance(days: 31, in: database)
      #expect(try await fixture.look(store) == [])
      try await fixture.spend(2, in: store)
      #expect(try await fixture.look(store) == [100])
      try await fixture.deliver(store)
      let starts = try await Self.deliveries(in: database).map(\.periodStart)
      #expect(starts.count == 2 && Set(starts).count == 2)
      await store.close(within: .seconds(5))
    }
  }

  /// Edits of a month's last minutes settle behind its end.
  @Test func periodThatHasJustEndedIsToldToWhoeverWasToKnowOfIt() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await AlertFixture.make(in: store, limit: 33_000)
      try await fixture.set([100], in: store)
      try await fixture.spend(1, in: store)
      func end(_ ago: String, changed: String) async throws {
        try await database.execute(
          """
          UPDATE tally.budget SET period_start = now() - interval '30 days', period_end = now() - interval '\(ago)';
          UPDATE tally.alert SET changed_at = now() - interval '\(changed)'
          """)
      }
      try await end("2 days", changed: "9 days")
      #expect(try await fixture.look(store) == [])
      // An alert that is set today tells nothing of yesterday's month.
      try await end("1 hour", changed: "1 minute")
      #expect(try await fixture.look(store) == [])
      try await end("1 hour", changed: "9 days")
      #expect(try await fixture.look(store) == [100])
      // Setting other thresholds counts as new.
      try await fixture.set([50, 100], in: store)
      #expect(try await fixture.look(store) == [])
    }
  }

  @Test func membersAndKeysBudgetsAreLookedAtToo() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let fixture = try await Self.alerts(on: ledger, in: store)
      #expect(try await fixture.look(store).count == 3)
      let due = try await store.dueMessages(limit: 10)
      #expect(Set(due.map(\.subjectName)) == ["user-1", "user-2", "\(ledger.firstKey)"])
    }
  }

  private static func alerts(on ledger: SmallLedger, in store: LedgerStore) async throws -> AlertFixture {
    let secret = try #require(AlertSecret(bytes: [UInt8](repeating: 7, count: 24)))
    let fixture = AlertFixture(secret: secret)
    let subjects: [BudgetSubject] = [.member(ledger.first), .member(ledger.second), .key(ledger.firstKey)]
    for (number, subject) in subjects.enumerated() {
      try await fixture.set([Int64(number + 1)], id: UInt128(0x300 + number), subject: subject, in: store)
    }
    return fixture
  }

  @Test func oneGatewayAtATimeTriesAMessageAndTheLeaseGivesItOn() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await AlertFixture.make(in: store, limit: 33_000)
      try await fixture.set([100], in: store)
      try await fixture.spend(1, in: store)
      try await fixture.look(store)
      let seen = try #require(try await store.dueMessages(limit: 1).first)
      #expect(seen.attempts == 0)
      let claims = try await withThrowingTaskGroup(of: AlertMessage?.self) { group in
        for _ in 0..<4 { group.addTask { try await store.claim(seen, for: .seconds(60)) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let claimed = try #require(claims.compactMap(\.self).first)
      #expect(claims.compactMap(\.self).count == 1 && claimed.attempts == 1)
      #expect(try await store.dueMessages(limit: 10) == [])
      // The lease ends: the same message, with the same id.
      try await database.execute("UPDATE tally.alert_message SET due_at = now()")
      let again = try #require(try await store.dueMessages(limit: 1).first)
      #expect(again.id == claimed.id && again.attempts == 1)
      let second = try #require(try await store.claim(again, for: .seconds(60)))
      // The first one comes back late: it neither puts the message off nor ends it a second time.
      try await store.postpone(claimed, by: .zero, status: 500)
      #expect(try await store.dueMessages(limit: 10) == [])
      try await store.end(second, status: 200, isDelivered: true)
      try await store.end(claimed, status: 500, isDelivered: false)
      let told = try await Self.deliveries(in: database)
      #expect(
        told == [
          AlertDelivered(
            alert: NoteID(bits: 0xE1), message: claimed.id, scope: .team, subject: fixture.team.bits,
            periodStart: claimed.budget.id.start, threshold: 100, attempts: 2, status: 200, isDelivered: true)
        ])
      let newest = try await store.alerts(of: fixture.team).first?.newest
      #expect(newest?.state == .delivered && newest?.status == 200 && newest?.attempts == 2)
      #expect(try await store.claim(second, for: .seconds(60)) == nil)
    }
  }

  @Test func messageThatFailsIsDueAgainLater() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await AlertFixture.make(in: store, limit: 33_000)
      try await fixture.set([100], in: store)
      try await fixture.spend(1, in: store)
      try await fixture.look(store)
      let seen = try #require(try await store.dueMessages(limit: 1).first)
      let claimed = try #require(try await store.claim(seen, for: .seconds(60)))
      try await store.postpone(claimed, by: .seconds(3_600), status: 503)
      #expect(try await store.dueMessages(limit: 10) == [])
      let due = try await database.texts(
        "SELECT (due_at BETWEEN now() + '59 minutes' AND now() + '61 minutes')::text FROM tally.alert_message")
      #expect(due == ["true"])
      #expect(try await store.alerts(of: fixture.team).first?.newest?.status == 503)
      // Given up: the line says so, and it is not due any more.
      try await store.end(claimed, status: 503, isDelivered: false)
      #expect(try await Self.deliveries(in: database).map(\.isDelivered) == [false])
      #expect(try await store.alerts(of: fixture.team).first?.newest?.state == .givenUp)
    }
  }

  @Test func removedAlertSendsNothing() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await AlertFixture.make(in: store, limit: 33_000)
      let alert = try await fixture.set([100], in: store)
      try await fixture.spend(1, in: store)
      let page = try await store.alertedBudgets(after: .start, limit: 10)
      try await fixture.look(store)
      let seen = try #require(try await store.dueMessages(limit: 1).first)
      let claimed = try #require(try await store.claim(seen, for: .zero))
      _ = try await store.removeAlert(alert.id, of: fixture.team, by: AlertFixture.by)
      #expect(try await store.dueMessages(limit: 10) == [])
      #expect(try await store.claim(claimed, for: .seconds(60)) == nil)
      // What a gateway had seen before comes to nothing.
      let late = page.budgets.map { NewAlertMessage(id: NoteID(bits: 9), $0, threshold: 100, reachedAt: page.now) }
      #expect(late.count == 1)
      #expect(try await store.enqueue(late) == 0)
      // What was on its way is told of all the same.
      try await store.end(claimed, status: 200, isDelivered: true)
      #expect(try await Self.deliveries(in: database).count == 1)
      // Set anew it is another alert, which tells anew.
      try await fixture.set([100], id: 0xE7, in: store)
      #expect(try await fixture.look(store) == [100])
    }
  }

  @Test func haltedTeamIsLeftAloneAndHoldsUpNobody() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await AlertFixture.make(in: store, limit: 33_000)
      try await fixture.set([100], in: store)
      try await fixture.spend(1, in: store)
      try await fixture.look(store)
      #expect(try await store.dueMessages(limit: 10, leavingOut: [fixture.team]) == [])
      try await database.execute("UPDATE tally.team SET is_halted = true")
      #expect(try await store.dueMessages(limit: 10) == [])
      #expect(try await store.alertedBudgets(after: .start, limit: 10).budgets == [])
      try await database.execute("UPDATE tally.team SET is_halted = false")
      #expect(try await store.dueMessages(limit: 10).count == 1)
    }
  }

  @Test func budgetsAreLookedAtPageByPage() async throws {
    try await withLedgerStore { store, _ in
      let fixture = try await AlertFixture.make(in: store, limit: 33_000)
      for number in 0..<5 {
        try await fixture.set([100], url: "https://example.com/\(number)", id: UInt128(0x400 + number), in: store)
      }
      // One that has no budget row is passed, too.
      try await fixture.set([1], id: 0x402_0000, subject: .member(MemberID(bits: 0x77)), in: store)
      try await fixture.spend(1, in: store)
      var found: [NoteID] = []
      var place: AlertPlace? = .start
      var pages = 0
      while let from = place {
        let page = try await store.alertedBudgets(after: from, limit: 2)
        found += page.budgets.map(\.alert)
        place = page.next
        pages += 1
      }
      #expect(found.sorted() == (0..<5).map { NoteID(bits: UInt128(0x400 + $0)) })
      #expect(pages == 4)
    }
  }

  /// What has ended is in no index that looking for what is due goes through, and nothing of it is read.
  @Test func lookForWhatIsDueGoesThroughTheQueueAlone() async throws {
    try await withLedgerDatabase { database in
      let connection = try await database.connect(as: "tally_lane")
      let due = try #require(PlannedStatement.stretches.first { $0.name == "due messages" })
      let plan = try await due.explained(on: connection, [("enable_seqscan", "off")])
      let text = plan.joined(separator: "\n")
      #expect(text.contains("using alert_message_due on alert_message"), "\(text)")
      #expect(!text.contains("Seq Scan"), "\(text)")
      await connection.close()
    }
  }

  @Test func testSaysWhatIsUsedNow() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await AlertFixture.make(in: store)
      let alert = try await fixture.set(in: store)
      let unused = try await store.testMessage(of: alert.id, team: fixture.team, id: NoteID(bits: 1))
      #expect(unused.budget.used == .zero && unused.threshold == nil)
      try await fixture.spend(1, in: store)
      let test = try await store.testMessage(of: alert.id, team: fixture.team, id: NoteID(bits: 2))
      #expect(test.budget.used == Credits(33_000) && test.budget.limit == Credits(100_000))
      try await store.end(test, status: nil, isDelivered: false, by: AlertFixture.by)
      let told = try await Self.deliveries(in: database)
      #expect(told.count == 1 && told.first?.threshold == nil && told.first?.attempts == 1)
      await #expect(throws: StoreError.self) {
        try await store.testMessage(of: NoteID(bits: 99), team: fixture.team, id: NoteID(bits: 3))
      }
    }
  }
}
