import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing

/// The simulated database against real PostgreSQL, on the same random histories: what the simulation finds is only worth
/// as much as its database is like the real one.
@Suite struct DifferentialTests {
  private static let batches = 120

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func theSimulatedDatabaseAnswersAsPostgreSQLDoes(seed: UInt64) async throws {
    try await withTestStore { store in
      let connection = try await store.database.connect(role: "tally_lane")
      let real = RealLaneConversation(connection: connection)
      var simulated = SimulatedLaneConversation()
      simulated.tables.prices = PriceBook.defaultEntries
      var history = RandomHistory(seed: seed)
      var clock = Timestamp(microseconds: 1_800_000_000_000_000)
      for number in 0..<Self.batches {
        let commands = history.nextBatch()
        clock = clock.shifted(by: history.random.milliseconds(0...200_000_000))
        let ours = simulated.run(commands, at: clock) { decide(commands, $0) }
        let theirs = try await real.run(commands, at: clock) { decide(commands, $0) }
        #expect(ours.loaded.difference(from: theirs.loaded) == nil, "batch \(number) of seed \(seed)")
        #expect(ours.answers == theirs.answers, "batch \(number) of seed \(seed)")
      }
      for team in history.teams {
        let rows = try await TeamRows.read(team, connection)
        #expect(rows == TeamRows(simulated.tables, team))
      }
      await connection.close()
    }
  }

  private func decide(_ commands: [LaneCommand], _ loaded: LoadedBatch) -> BatchDecision {
    let environment = LaneEnvironment(
      logName: "sim", instance: InstanceID(bits: 9), now: { .epoch },
      month: { moment, _ in .utcMonth(containing: moment) }, salt: { [UInt8](repeating: 7, count: 32) })
    var decider = BatchDecider(loaded: loaded, prices: PriceBook(loaded.newPrices), environment: environment)
    return decider.decide(commands.map { LaneEntry(ticket: 0, command: $0, deadline: .now) })
  }
}
