import Ledger
import LedgerStore
import TallyTesting
import Testing
import TransparencyLog

/// What concerns all teams stands in the operator's log, which is nobody's team.
@Suite struct OperatorLogStoreTests {
  private static let by = SmallLedger.administrator

  private static func events(in store: LedgerStore) async throws -> [(header: LineHeader, event: Event)] {
    var events: [(header: LineHeader, event: Event)] = []
    while let line = try await store.loggedLine(of: .operatorLog, at: Int64(events.count)) {
      let parsed = try Line.parse(line.line)
      events.append((parsed.0, parsed.1))
    }
    return events
  }

  @Test func aPriceIsEnteredWithItsLine() async throws {
    try await withLedgerStore { store, database in
      let set = { (credits: Int64, from: Timestamp?) in
        try await store.setPrice(
          model: "gpt-image-1-mini", quality: "medium", size: "1024x1024", credits: Credits(credits), from: from,
          by: Self.by)
      }
      let first = try await set(36_000, nil)
      let future = try #require(Timestamp(rfc3339: "2999-01-01T00:00:00Z"))
      _ = try await set(40_000, future)
      _ = try await set(0, nil)
      let events = try await Self.events(in: store)
      #expect(events.map(\.event.action) == [.teamCreated, .priceChanged, .priceChanged, .priceChanged])
      #expect(events.allSatisfy { $0.header.log == "tally.local/operator" })
      let changes = events.compactMap { if case .priceChanged(let change) = $0.event { change } else { nil } }
      #expect(changes.map(\.old) == [33_000, 36_000, 36_000].map { Credits($0) })
      #expect(changes.map(\.new) == [Credits(36_000), Credits(40_000), nil])
      #expect(changes.map(\.priceVersion) == [2, 3, 4])
      #expect(changes[0].from == first.effectiveFrom && changes[0].from == events[1].header.at)
      #expect(changes[1].from == future)
      // Who and why are personal.
      let payloads = try await database.texts(
        "SELECT convert_from(payload, 'UTF8') FROM tally.log_private WHERE index = 1")
      #expect(payloads == [#"{"administrator":"test","reason":"a test"}"#])
      #expect(try await store.prices().entries.last?.credits == .zero)
    }
  }

  @Test func nobodyTakesItForATeam() async throws {
    try await withLedgerStore { store, _ in
      try await store.makeOperatorLog(by: Self.by)
      try await store.makeOperatorLog(by: Self.by)
      let ledger = try await SmallLedger.make(in: store)
      #expect(try await store.teams().map(\.id) == [ledger.team])
      #expect(try await store.allHeldEdits().edits.map(\.team) == [ledger.team])
      #expect(try await store.check().violations == [])
      for name in [OperatorLog.name, "\(TeamID.operatorLog)"] {
        let error = await #expect(throws: StoreError.self) { try await store.team(named: name) }
        #expect(error?.reason == .notFound("the team"))
      }
      #expect(try await store.logOwner(named: OperatorLog.name).id == .operatorLog)
      #expect(try await store.logOwner(named: ledger.name).id == ledger.team)
      for team in [NewTeam(id: .operatorLog, name: "x"), NewTeam(id: TeamID(bits: 0xA9), name: OperatorLog.name)] {
        let error = await #expect(throws: StoreError.self) { try await store.createTeam(team, by: Self.by) }
        guard case .conflict = error?.reason else {
          Issue.record("\(String(describing: error))")
          return
        }
      }
      #expect(try await store.logTips(after: nil, limit: 9).map(\.team) == [.operatorLog, ledger.team])
    }
  }

  @Test func pricesOfTwoProcessesHaveNoGap() async throws {
    try await withLedgerStore { store, database in
      let other = try await database.openStore { $0.instance = InstanceID(bits: 2) }
      try await withThrowingTaskGroup(of: PriceEntry.self) { group in
        for number in 1...20 {
          let own = number.isMultiple(of: 2) ? store : other
          group.addTask {
            try await own.setPrice(
              model: "m", quality: "low", size: "1x1", credits: Credits(Int64(number)), from: nil, by: Self.by)
          }
        }
        var versions: [Int64] = []
        for try await entry in group { versions.append(entry.version) }
        #expect(versions.sorted() == Array(2...21))
      }
      await other.close(within: .seconds(5))
      let events = try await Self.events(in: store)
      #expect(events.count == 21)
      // Each line names the price before it.
      var last: Credits?
      for case .priceChanged(let change) in events.map(\.event) {
        #expect(change.old == last)
        last = change.new
      }
    }
  }

  /// A command that was cut off is run again.
  @Test func whatHappensToKeysAndSignerIsToldOnceWithItsReason() async throws {
    try await withLedgerStore { store, database in
      let retired = LogKeyRetired(use: .receipt, vkey: "tally.local+1+AQ==")
      let recovered = SignerRecovered(
        lost: nil, state: SignerStateID(bits: 2), count: 3, root: .zero, brought: 1, notExtending: 0)
      for _ in 0..<2 {
        #expect(try await store.noteLogKeyRetirement(retired, by: Self.by) == 1)
        #expect(try await store.noteSignerRecovery(recovered, by: Self.by) == 2)
      }
      let events = try await Self.events(in: store).map(\.event)
      #expect(events.dropFirst() == [.logKeyRetired(retired), .signerRecovered(recovered)])
      let payloads = try await database.texts(
        "SELECT convert_from(payload, 'UTF8') FROM tally.log_private WHERE index > 0 ORDER BY index")
      #expect(payloads == [String?](repeating: #"{"administrator":"test","reason":"a test"}"#, count: 2))
    }
  }

  @Test func itIsRecoveredLikeATeamsLog() async throws {
    try await withLedgerStore { store, database in
      _ = try await store.setPrice(
        model: "m", quality: "low", size: "1x1", credits: Credits(5), from: nil, by: Self.by)
      try await database.execute("UPDATE tally.team SET is_halted = true")
      #expect(try await store.logHalts().map(\.team) == [.operatorLog])
      #expect(try await store.check().violations.map(\.subject) == ["log tally.local/operator"])
      let error = await #expect(throws: StoreError.self) {
        try await store.setPrice(model: "m", quality: "low", size: "1x1", credits: Credits(6), from: nil, by: Self.by)
      }
      #expect(error?.reason == .notAllowed(.teamHalted))
      let recovered = try await store.recoverLog(of: .operatorLog, known: nil, by: Self.by)
      #expect(recovered.oldLog == "tally.local/operator")
      let entry = try await store.setPrice(
        model: "m", quality: "low", size: "1x1", credits: Credits(6), from: nil, by: Self.by)
      #expect(entry.version == 3)
      #expect(try await Self.events(in: store).map(\.event.action) == [.logRecovered, .priceChanged])
      #expect(try await store.logHalts() == [])
    }
  }
}
