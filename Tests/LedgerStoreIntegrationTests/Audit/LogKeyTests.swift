import Ledger
import LedgerStore
import TallyTesting
import Testing

/// Keys that sign for the logs, as the logs announce them.
@Suite struct LogKeyTests {
  private static let receipt = LogKeyAnnounced(use: .receipt, vkey: "tally.local+1+AQ==")
  private static let head = LogKeyAnnounced(use: .checkpoint, vkey: "tally.local+2+AQ==")
  private static let newer = LogKeyAnnounced(use: .receipt, vkey: "tally.local+3+AQ==")

  private static func announced(in database: LedgerDatabase) async throws -> [LogKeyAnnounced] {
    let lines = try await database.texts(
      "SELECT convert_from(line, 'UTF8') FROM tally.log_line ORDER BY team_id, index")
    return try lines.compactMap { line in
      let parsed = try Line.parse(Array((line ?? "").utf8))
      if case .logKeyAnnounced(let event) = parsed.1 { return event } else { return nil }
    }
  }

  @Test func aKeyIsAnnouncedOnceHoweverOftenAndByHoweverManyGateways() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let other = try await database.openStore { $0.instance = InstanceID(bits: 0x2) }
      let size = try await store.team(ledger.team).logSize
      let keys = [Self.receipt, Self.head]
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<8 {
          let store = number.isMultiple(of: 2) ? store : other
          group.addTask { _ = try await store.announce(keys, of: ledger.team) }
        }
        try await group.waitForAll()
      }
      await other.close(within: .seconds(5))
      #expect(try await store.team(ledger.team).logSize == size + 2)
      #expect(try await store.announce(keys, of: ledger.team) == 0)
      #expect(try await store.announce([Self.newer] + keys, of: ledger.team) == 1)
      #expect(Set(try await Self.announced(in: database)) == [Self.receipt, Self.head, Self.newer])
      #expect(try await store.team(ledger.team).logSize == size + 3)
      #expect(try await store.check().violations == [])
    }
  }

  @Test func teamsThatLackAKeyAreFoundPageByPage() async throws {
    try await withLedgerStore { store, database in
      for bits in 1...5 {
        _ = try await store.createTeam(
          NewTeam(id: TeamID(bits: UInt128(bits)), name: "team \(bits)"), by: SmallLedger.administrator)
      }
      let keys = [Self.receipt, Self.head]
      _ = try await store.announce(keys, of: TeamID(bits: 2))
      // One of two is not enough.
      _ = try await store.announce([Self.receipt], of: TeamID(bits: 3))
      try await database.execute("UPDATE tally.team SET is_halted = true WHERE team_id = '\(TeamID(bits: 4))'")
      let first = try await store.logKeyPage(keys, after: nil, limit: 3)
      #expect(first.announced == [TeamID(bits: 2)])
      #expect(first.lacking == [TeamID(bits: 1), TeamID(bits: 3)])
      #expect(first.next == TeamID(bits: 3))
      let second = try await store.logKeyPage(keys, after: first.next, limit: 3)
      #expect(second == LogKeyPage(announced: [], lacking: [TeamID(bits: 5)], next: nil))
    }
  }

  @Test func aLogThatBeginsAnewAnnouncesItsKeysAgain() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      #expect(try await store.announce([Self.receipt], of: ledger.team) == 1)
      try await database.execute("UPDATE tally.team SET log_origin = log_origin || '/2'")
      #expect(try await store.logKeyPage([Self.receipt], after: nil, limit: 10).lacking == [ledger.team])
      #expect(try await store.announce([Self.receipt], of: ledger.team) == 1)
    }
  }

  @Test func theOperatorsLogAnnouncesAKeyOnceAndAgainWhereItBeginsAnew() async throws {
    try await withLedgerStore { store, database in
      #expect(try await store.announceInOperatorLog([Self.head]) == 1)
      #expect(try await store.announceInOperatorLog([Self.head]) == 0)
      #expect(try await Self.announced(in: database) == [Self.head])
      let line = try #require(try await store.loggedLine(of: .operatorLog, at: 1))
      #expect(try Line.parse(line.line).0.log == "tally.local/operator")
      // It is nobody's team.
      #expect(try await store.logKeyPage([Self.head], after: nil, limit: 10) == LogKeyPage())
      try await database.execute("UPDATE tally.team SET is_halted = true")
      let error = await #expect(throws: StoreError.self) { try await store.announceInOperatorLog([Self.receipt]) }
      #expect(error?.reason == .notAllowed(.teamHalted))
      _ = try await store.recoverLog(of: .operatorLog, known: nil, by: SmallLedger.administrator)
      #expect(try await store.announceInOperatorLog([Self.head]) == 1)
      #expect(try await store.check().violations == [])
    }
  }

  @Test func anUnknownTeamIsNotAnnounced() async throws {
    try await withLedgerStore { store, _ in
      let error = await #expect(throws: StoreError.self) {
        _ = try await store.announce([Self.receipt], of: TeamID(bits: 99))
      }
      #expect(error?.reason == .notFound("the team"))
    }
  }
}
