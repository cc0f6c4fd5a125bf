import Foundation
import Testing

@Suite struct SimulationTests {
  /// Every promise of docs/ledger.md that can be checked holds after every step of every world.
  @Test func promisesHoldUnderEveryFault() {
    let settings = SimulationSettings.fromEnvironment
    for seed in settings.seeds {
      let world = Simulation.run(seed: seed, isTraced: settings.isVerbose)
      if settings.isVerbose { print((world.trace ?? []).joined(separator: "\n")) }
      guard world.violations.isEmpty else {
        Issue.record("\(Simulation.report(of: seed))")
        return
      }
    }
  }

  @Test func theSameSeedGivesTheSameTrace() {
    for seed in 1...UInt64(20) {
      let first = Simulation.run(seed: seed, isTraced: true).trace
      let second = Simulation.run(seed: seed, isTraced: true).trace
      #expect(first == second)
    }
  }
}
