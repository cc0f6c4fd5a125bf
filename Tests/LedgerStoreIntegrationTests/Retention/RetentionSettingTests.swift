import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing

@Suite struct RetentionSettingTests {
  private static func lines(in database: LedgerDatabase) async throws -> [RetentionChanged] {
    try await database.texts("SELECT convert_from(line, 'UTF8') FROM tally.log_line ORDER BY index")
      .compactMap { text in
        guard case .retentionChanged(let event) = try? Line.parse(Array((text ?? "").utf8)).1 else { return nil }
        return event
      }
  }

  @Test func theLineHasWhatItWasBeforeAlsoWhenTwoChangeItAtOnce() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      #expect(try await store.team(ledger.team).keepDays == nil)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for days in 40..<60 as Range<Int64> {
          group.addTask {
            _ = try await store.changeRetention(of: ledger.team, keepDays: days, by: SmallLedger.administrator)
          }
        }
        try await group.waitForAll()
      }
      _ = try await store.changeRetention(of: ledger.team, keepDays: nil, by: SmallLedger.administrator)
      let lines = try await Self.lines(in: database)
      #expect(lines.count == 21)
      #expect(lines.map(\.old) == [nil] + lines.dropLast().map(\.new))
      #expect(try await store.team(ledger.team).keepDays == nil)
      #expect(try await store.check().violations == [])
    }
  }

  @Test func aTeamThatKeepsItSoAlreadyGetsNoLine() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      for _ in 0..<2 {
        let team = try await store.changeRetention(
          of: ledger.team, keepDays: 400, by: SmallLedger.administrator)
        #expect(team.keepDays == 400)
      }
      #expect(try await Self.lines(in: database) == [RetentionChanged(old: nil, new: 400)])
    }
  }

  @Test(arguments: [0, 30, 36_526, -1] as [Int64])
  func daysOutOfRangeAreRefused(days: Int64) async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let error = await #expect(throws: StoreError.self) {
        try await store.changeRetention(of: ledger.team, keepDays: days, by: SmallLedger.administrator)
      }
      #expect(error?.description.contains("31 to 36525") == true)
    }
  }

  @Test func nothingGoesOfATeamThatKeepsEverything() async throws {
    try await withAgedTeam { store, database, team in
      #expect(try await store.teamsToRemoveFrom(limit: 10).isEmpty)
      let error = await #expect(throws: StoreError.self) {
        try await store.removeOld(of: team.ledger.team, by: SmallLedger.administrator)
      }
      #expect(error?.description.contains("--keep-records") == true)
      _ = try await store.changeRetention(of: team.ledger.team, keepDays: 400, by: SmallLedger.administrator)
      #expect(try await store.removeOld(of: team.ledger.team, by: SmallLedger.administrator) == nil)
      #expect(try await AgedTeam.records(in: database) == team.old.union(team.kept))
    }
  }
}
