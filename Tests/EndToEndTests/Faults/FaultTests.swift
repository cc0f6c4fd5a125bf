import Foundation
import TallyTesting
import Testing

extension EndToEnd {
  /// The ledger under real faults: real gateways, PostgreSQL and upstream, killed, stopped, cut off and filled up while
  /// badly behaved clients send edits. After each, `tally ledger check` proves the invariants against what really reached
  /// the upstream (docs/testing.md).
  @Suite("Faults")
  struct FaultTests {
    @Test("The ledger is sound after", arguments: FaultScenario.wanted)
    func ledgerIsSoundAfter(scenario: FaultScenario) async throws {
      Notice.tell("\(scenario.rawValue): TALLY_TEST_SEED=\(RunSeed.value)")
      try await scenario.run(seed: RunSeed.value)
    }

    /// The long form, `deploy/test --soak MINUTES`: the same scenarios in any order with any seeds, until time is up.
    @Test("The ledger is sound after any faults in any order", .enabled(if: Soak.minutes != nil))
    func ledgerIsSoundAfterAnything() async throws {
      let minutes = try #require(Soak.minutes)
      var generator = SeededGenerator(seed: RunSeed.value)
      let end = ContinuousClock.now + .seconds(60 * minutes)
      var left: [FaultScenario] = []
      while ContinuousClock.now < end {
        // Each comes once before any comes again.
        if left.isEmpty { left = FaultScenario.wanted.shuffled(using: &generator) }
        guard let scenario = left.popLast() else { return }
        let seed = generator.next()
        Notice.tell("soak: \(scenario.rawValue), seed \(seed), of TALLY_TEST_SEED=\(RunSeed.value)")
        try await scenario.run(seed: seed)
      }
    }
  }
}

extension FaultScenario {
  /// The one that `TALLY_FAULTS` names, when a failure is looked into; else all of them.
  static var wanted: [FaultScenario] {
    guard let name = ProcessInfo.processInfo.environment["TALLY_FAULTS"] else { return allCases }
    return allCases.filter { $0.rawValue == name }
  }
}

/// How long the long form goes on.
enum Soak {
  /// Minutes in `TALLY_SOAK_MINUTES`; nil: the short form only.
  static var minutes: Int? {
    ProcessInfo.processInfo.environment["TALLY_SOAK_MINUTES"].flatMap { Int($0) }
  }
}
