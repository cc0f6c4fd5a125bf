import Ledger
import LedgerStore
import Testing

@Suite struct AlertTests {
  private static let by = AlertFixture.by

  private static func changes(in database: LedgerDatabase) async throws -> [AlertChanged] {
    try await AlertFixture.events(in: database).compactMap {
      if case .alertChanged(let event) = $0 { event } else { nil }
    }
  }

  @Test func everyChangeIsALineAndWhatChangesNothingIsNone() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await AlertFixture.make(in: store)
      let made = try await fixture.set([50, 80], in: store)
      #expect(made.id == NoteID(bits: 0xE1) && made.thresholds == [50, 80] && made.subject == "\(fixture.team)")
      // The same again, under another id: the alert is there.
      #expect(try await fixture.set([50, 80], id: 0xE2, in: store) == made)
      let changed = try await fixture.set([90], id: 0xE3, in: store)
      #expect(changed.id == made.id && changed.thresholds == [90])
      #expect(try await store.alerts(of: fixture.team) == [changed])
      #expect(try await store.removeAlert(made.id, of: fixture.team, by: Self.by) == changed)
      #expect(try await store.alerts(of: fixture.team) == [])
      let team = fixture.team.bits
      #expect(
        try await Self.changes(in: database) == [
          AlertChanged(alert: made.id, scope: .team, subject: team, old: nil, new: [50, 80]),
          AlertChanged(alert: made.id, scope: .team, subject: team, old: [50, 80], new: [90]),
          AlertChanged(alert: made.id, scope: .team, subject: team, old: [90], new: nil),
        ])
      let error = await #expect(throws: StoreError.self) {
        try await store.removeAlert(made.id, of: fixture.team, by: Self.by)
      }
      #expect(error?.reason == .notFound("the alert"))
      #expect(try await store.check().violations == [])
    }
  }

  @Test func addressStandsInThePayloadAndTheSecretNowhere() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await AlertFixture.make(in: store)
      try await fixture.set(in: store)
      let hexadecimal = [String](repeating: "5e", count: 32).joined()
      let lines = try await database.texts(
        """
        SELECT count(*)::text FROM tally.log_line WHERE convert_from(line, 'UTF8') LIKE '%hooks.example.com%'
            OR encode(line, 'hex') LIKE '%\(hexadecimal)%'
        UNION ALL
        SELECT count(*)::text FROM tally.log_private WHERE encode(payload, 'hex') LIKE '%\(hexadecimal)%'
        """)
      #expect(lines == ["0", "0"])
      let payloads = try await database.texts(
        "SELECT convert_from(payload, 'UTF8') FROM tally.log_private ORDER BY index DESC LIMIT 1")
      #expect(
        payloads == [#"{"administrator":"test","reason":"a test","url":"https://hooks.example.com/tally"}"#])
    }
  }

  @Test func anotherSecretForAnAlertThatIsThereIsAConflict() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await AlertFixture.make(in: store)
      let made = try await fixture.set(in: store)
      let other = try #require(AlertSecret(bytes: [UInt8](repeating: 1, count: 24)))
      let alert = Alert(
        id: NoteID(bits: 0xE9), team: fixture.team, subject: .team(fixture.team), thresholds: [10],
        url: AlertFixture.url, secret: other)
      let error = await #expect(throws: StoreError.self) {
        try await store.setAlert(alert, keepsSecret: false, by: Self.by)
      }
      #expect(error?.description.contains("\(made.id)") == true)
      #expect(error?.description.contains("remove the alert") == true)
      var same = alert
      same.secret = fixture.secret
      #expect(try await store.setAlert(same, keepsSecret: false, by: Self.by).thresholds == [10])
      #expect(try await Self.changes(in: database).count == 2)
    }
  }

  @Test func teamHasAtMostSoManyAlerts() async throws {
    try await withLedgerStore { store, _ in
      let fixture = try await AlertFixture.make(in: store)
      for number in 0..<Alert.perTeamMaximum {
        try await fixture.set(url: "https://hooks.example.com/\(number)", id: UInt128(0x100 + number), in: store)
      }
      let error = await #expect(throws: StoreError.self) {
        try await fixture.set(url: "https://hooks.example.com/more", id: 0x999, in: store)
      }
      #expect(error?.description.contains("remove one first") == true)
      // Those that are there can be changed.
      #expect(try await fixture.set([7], url: "https://hooks.example.com/0", id: 0x998, in: store).thresholds == [7])
    }
  }

  /// Two administrators at once: one alert, and each of the lines begins where the one before it ended.
  @Test func changesAtOnceAreLinesOneAfterTheOther() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await AlertFixture.make(in: store)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 1...8 {
          group.addTask {
            _ = try await fixture.set([Int64(number)], id: UInt128(0x200 + number), in: store)
          }
        }
        try await group.waitForAll()
      }
      let changes = try await Self.changes(in: database)
      #expect(changes.count == 8 && Set(changes.map(\.alert)).count == 1)
      #expect(changes.first?.old == nil)
      for (before, after) in zip(changes, changes.dropFirst()) { #expect(after.old == before.new) }
      #expect(try await store.alerts(of: fixture.team).map(\.thresholds) == [changes.last?.new])
    }
  }

  @Test func keyIsFollowedToItsBudgetAndNeedsOne() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      #expect(try await store.budgetSubject(of: ledger.firstKey, team: ledger.team) == .key(ledger.firstKey))
      let rotated = KeyID(bits: 0xC9)
      _ = try await store.rotateKey(
        KeyRotation(
          team: ledger.team, key: ledger.firstKey, newKey: rotated, hash: try SmallLedger.hash(8), hint: "zzzz",
          overlapSeconds: 0), by: Self.by)
      #expect(try await store.budgetSubject(of: rotated, team: ledger.team) == .key(ledger.firstKey))
      let error = await #expect(throws: StoreError.self) {
        try await store.budgetSubject(of: ledger.secondKey, team: ledger.team)
      }
      #expect(error?.description.contains("no budget of its own") == true)
    }
  }
}
