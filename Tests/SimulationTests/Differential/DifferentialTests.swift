import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing

/// The simulated database against real PostgreSQL, on the same random histories: what the simulation finds is only worth
/// as much as its database is like the real one.
@Suite struct DifferentialTests {
  private static let batches = 120
  private static let instance = InstanceID(bits: 9)

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func theSimulatedDatabaseAnswersAsPostgreSQLDoes(seed: UInt64) async throws {
    try await compare(seed: seed, keepsTheLog: false)
  }

  @Test(arguments: [1, 3, 5, 6] as [UInt64])
  func itDoesSoWherePeriodsAreClosedAndNotesTaken(seed: UInt64) async throws {
    try await compare(seed: seed, keepsTheLog: true)
  }

  private func compare(seed: UInt64, keepsTheLog: Bool) async throws {
    try await withTestStore { store in
      let connection = try await store.database.connect(role: "tally_lane")
      let real = RealLaneConversation(connection: connection)
      var simulated = SimulatedLaneConversation()
      simulated.tables.prices = PriceBook.defaultEntries
      var history = RandomHistory(seed: seed, keepsTheLog: keepsTheLog)
      var clock = Timestamp(microseconds: 1_700_000_000_000_000)
      for number in 0..<Self.batches {
        let commands = history.nextBatch()
        clock = clock.shifted(by: history.random.milliseconds(0...200_000_000))
        let ours = simulated.run(commands, at: clock) { decide(commands, $0) }
        let theirs = try await real.run(commands, at: clock) { decide(commands, $0) }
        #expect(ours.loaded.difference(from: theirs.loaded) == nil, "batch \(number) of seed \(seed)")
        #expect(ours.answers == theirs.answers, "batch \(number) of seed \(seed)")
        history.learn(from: simulated.tables)
      }
      // Histories in which nearly everything is refused would compare nothing.
      #expect(simulated.tables.teams.values.reduce(0) { $0 + $1.lines.count } > Self.batches)
      for team in history.teams {
        let rows = try await TeamRows.read(team, connection)
        #expect(rows == TeamRows(simulated.tables, team))
      }
      for team in history.teams {
        let closed = try await store.store.closedPeriods(of: team).map { ($0.end, $0.index) }
        #expect(Dictionary(uniqueKeysWithValues: closed) == simulated.tables.teams[team]?.closings ?? [:])
      }
      #expect(simulated.tables.teams.values.contains { !$0.closings.isEmpty } == keepsTheLog)
      try await compareRecovery(simulated.tables, store.store)
      await connection.close()
    }
  }

  /// What recovery's own statements find, in any order where the time is the same.
  private func compareRecovery(_ tables: SimulatedTables, _ store: LedgerStore) async throws {
    let all = try await store.allHeldEdits()
    let held = tables.logSizes.flatMap { tables.heldEdits(of: $0.team, before: $0.size, now: all.now) }
    #expect(Set(all.edits) == Set(held))
    let swept = try await store.heldEdits(from: .epoch, lag: .seconds(10), limit: 5_000)
    #expect(Set(swept.edits) == Set(held))
    #expect(Set(try await store.stillHeld(swept.edits.map(\.name)).edits) == Set(held))
    let due = try await store.dueDoubts(limit: 5_000)
    #expect(Set(due.doubts) == Set(tables.dueDoubts(now: due.now, limit: 5_000)))
    let ofRun = try await store.doubts(of: Self.instance, limit: 5_000)
    #expect(Set(ofRun.doubts) == Set(tables.doubts(of: Self.instance, limit: 5_000)))
    #expect(!held.isEmpty && !due.doubts.isEmpty)
  }

  private func decide(_ commands: [LaneCommand], _ loaded: LoadedBatch) -> BatchDecision {
    let environment = LaneEnvironment(
      logName: "sim", instance: Self.instance, now: { .epoch },
      month: { moment, _ in .utcMonth(containing: moment) }, salt: { [UInt8](repeating: 7, count: 32) })
    var decider = BatchDecider(loaded: loaded, prices: PriceBook(loaded.newPrices), environment: environment)
    return decider.decide(commands.map { LaneEntry(ticket: 0, command: $0, deadline: .now) })
  }
}
