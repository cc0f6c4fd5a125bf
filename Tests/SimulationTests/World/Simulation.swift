import Foundation

/// Runs worlds from their beginning to their rest.
enum Simulation {
  /// Lines of a failing world's trace that are shown.
  private static let shownLines = 400

  /// How long a world without faults may take to recover by itself, and to do what administrators want of it.
  private static let longestRecovery: Duration = .seconds(900)
  private static let longestResolution: Duration = .seconds(60)

  /// One seed, one world.
  static func run(seed: UInt64, bugs: Bugs = Bugs(), isTraced: Bool = false) -> World {
    let world = World(seed: seed, bugs: bugs, isTraced: isTraced)
    world.population.settle()
    world.run { world.population.hasBegunAll }
    world.calm()
    world.run(atMost: longestRecovery) { world.population.isRecovered }
    world.population.resolveWhatIsLeft()
    world.run(atMost: longestResolution) { world.population.isResolved }
    if world.violations.isEmpty { world.auditor.checkAtRest() }
    world.end()
    return world
  }

  /// What went wrong in a world and how it came to it.
  static func report(of seed: UInt64, bugs: Bugs = Bugs()) -> String {
    let world = run(seed: seed, bugs: bugs, isTraced: true)
    let trace = (world.trace ?? []).suffix(shownLines).joined(separator: "\n")
    let violations = world.violations.joined(separator: "\n")
    return """
      seed \(seed): \(violations)
      \(trace)
      Run it again with TALLY_SIMULATION_SEED=\(seed)
      """
  }
}

/// Which worlds are run.
struct SimulationSettings {
  /// As many as CI runs.
  static let defaultSeedCount: UInt64 = 10_000

  var seeds: ClosedRange<UInt64>
  var isVerbose: Bool

  /// `TALLY_SIMULATION_SEED=n`: that one world, with its trace; `TALLY_SIMULATION_SEEDS=n`: so many.
  static var fromEnvironment: SimulationSettings {
    let environment = ProcessInfo.processInfo.environment
    if let seed = environment["TALLY_SIMULATION_SEED"].flatMap({ UInt64($0) }) {
      return SimulationSettings(seeds: seed...seed, isVerbose: true)
    }
    let count = environment["TALLY_SIMULATION_SEEDS"].flatMap { UInt64($0) } ?? defaultSeedCount
    return SimulationSettings(seeds: 1...max(1, count), isVerbose: false)
  }
}
