import Gateway
import Ledger
import LedgerStore
import Synchronization

/// One run of `tally bench ledger`: clients in a closed loop on the engine itself.
struct LedgerBench: Sendable {
  /// What is to be measured.
  struct Plan: Sendable {
    var teams: Int
    var membersPerTeam: Int
    var clients: Int
    var lanes: Int
    var measured: Duration
    var warmUp: Duration
    /// Edits after which it ends, warm-up included; 0: only time counts.
    var maximumEdits: Int
    /// Characters.
    var promptLength: Int
  }

  /// A client that was refused waits so long, so that an engine in trouble is not asked in a tight loop.
  private static let pauseAfterError = Duration.milliseconds(10)
  /// How often it is looked whether the run is over.
  private static let lookInterval = Duration.milliseconds(20)

  let plan: Plan
  let store: LedgerStore

  /// Finds or makes the teams, runs the clients, and compares the books with what was done.
  ///
  /// Throws `StoreError` where the teams cannot be made or read.
  func run() async throws -> LedgerBenchReport {
    let teams = try await BenchTeam.provide(plan.teams, membersEach: plan.membersPerTeam, in: store)
    let edit = BenchEdit(promptLength: plan.promptLength)
    let price = try await store.estimate(edit.hold(.random(), team: teams[0].id, member: teams[0].members[0])).credits
    let meter = LedgerMeter(teams: teams.count)
    let window = await withTaskGroup(of: Void.self) { group in
      for client in 0..<plan.clients {
        group.addTask { await work(client, teams: teams, edit: edit, meter: meter) }
      }
      return await measure(meter)
    }
    var report = LedgerBenchReport(plan: plan, window: window, counts: meter.counts)
    report.fault = try await fault(teams, price: price, counts: report.counts)
    return report
  }

  /// One client: edit after edit until the run ends; what it began it finishes.
  private func work(_ client: Int, teams: [BenchTeam], edit: BenchEdit, meter: LedgerMeter) async {
    var generator = SystemRandomNumberGenerator()
    while meter.isRunning {
      let position = Int.random(in: 0..<teams.count, using: &generator)
      let team = teams[position]
      let member = team.members[Int.random(in: 0..<team.members.count, using: &generator)]
      let record = GatewayIDs.system.record(at: .now())
      let start = ContinuousClock.now
      do throws(StoreError) {
        guard case .held = try await store.hold(edit.hold(record, team: team.id, member: member)) else {
          meter.count(error: "notHeld")
          continue
        }
        let held = ContinuousClock.now
        let settled = try await store.settle(edit.settlement(record, team: team.id))
        let end = ContinuousClock.now
        meter.count(settled.charged, ofTeam: position, hold: held - start, settle: end - held)
      } catch {
        meter.count(error: error.kind)
        try? await Task.sleep(for: Self.pauseAfterError)
      }
    }
  }

  private func measure(_ meter: LedgerMeter) async -> LedgerBenchReport.Window {
    await wait(plan.warmUp, meter)
    let before = await store.laneStatistics
    let processor = ProcessorTime.now()
    let start = ContinuousClock.now
    meter.startMeasuring()
    await wait(plan.measured, meter)
    meter.stopMeasuring()
    let window = LedgerBenchReport.Window(
      duration: ContinuousClock.now - start, processor: (processor, .now()), lanes: (before, await store.laneStatistics)
    )
    meter.stop()
    return window
  }

  private func wait(_ duration: Duration, _ meter: LedgerMeter) async {
    let end = ContinuousClock.now + duration
    while ContinuousClock.now < end, plan.maximumEdits == 0 || meter.settledSoFar < plan.maximumEdits {
      try? await Task.sleep(for: min(Self.lookInterval, end - .now))
    }
  }

  private func fault(_ teams: [BenchTeam], price: Credits, counts: LedgerMeter.Counts) async throws -> String? {
    let charged = Int64(counts.settled.reduce(0, +)) * price.value
    guard counts.charged.value == charged else {
      return "\(counts.charged) credits were charged where the edits cost \(charged)"
    }
    // After an error nobody told the benchmark what became of the edit, so only the ledger's own check can tell.
    guard counts.errors.isEmpty else { return nil }
    for (position, team) in teams.enumerated() {
      if let fault = try await team.fault(settled: counts.settled[position], price: price, in: store) { return fault }
    }
    return nil
  }
}

extension StoreError {
  /// A word for what happened, to count by.
  fileprivate var kind: String {
    switch reason {
    case .unavailable: "unavailable"
    case .overloaded: "overloaded"
    case .notAllowed: "notAllowed"
    case .unpriced: "unpriced"
    case .unknownHold: "unknownHold"
    case .database: "database"
    default: "other"
    }
  }
}
