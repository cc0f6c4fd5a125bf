import Failpoints
import TallyTesting
import Testing

// Faults of the gateways themselves.

extension FaultScenario {
  /// How long a gateway may take to come to a failpoint under load.
  private static let reachLimit = Duration.seconds(20)

  func killGateways(_ world: FaultWorld, _ generator: inout SeededGenerator) async throws {
    for _ in 0..<8 {
      try await Task.sleep(for: generator.duration(milliseconds: 50...400))
      let number = Int.random(in: 0..<world.fleet.size, using: &generator)
      try await world.fleet.kill(number)
      try await Task.sleep(for: generator.duration(milliseconds: 0...200))
      try await world.fleet.start(number)
    }
  }

  func storm(_ world: FaultWorld, _ generator: inout SeededGenerator) async throws {
    for round in 0..<6 {
      // A gateway that is killed before it has done anything leaves nothing behind; every third round is such a one.
      if round % 3 != 2 { try await world.waitForEdits(Int.random(in: 5...25, using: &generator)) }
      try await Task.sleep(for: generator.duration(milliseconds: 0...200))
      for number in 0..<world.fleet.size { try await world.fleet.kill(number) }
      try await world.fleet.startAll()
    }
  }

  func dieAtFailpoints(_ world: FaultWorld, _ generator: inout SeededGenerator) async throws {
    // Without alerts and without anything old nobody comes to theirs.
    let unreached: Set<Failpoint> = [.alertBeforeBooking, .removalBeforeCommit, .removalBeforeLine]
    for point in Failpoint.allCases.shuffled(using: &generator) where !unreached.contains(point) {
      try await world.fleet.kill(0)
      let passes = Int.random(in: 1...3, using: &generator)
      let plan = "\(point.rawValue)=kill@\(passes)"
      do {
        try await world.fleet.start(0, failpoints: plan)
      } catch is ProcessFailure {
        // Recovery may come to the point before the gateway is ready.
      }
      #expect(await world.fleet.waitForEnd(of: 0, within: Self.reachLimit), "no gateway came to \(plan)")
    }
  }

  func stopGateways(_ world: FaultWorld, _ generator: inout SeededGenerator) async throws {
    // Shorter than the lease, longer than it, and longer than recovery by the other gateway takes.
    for (point, stop) in [
      (Failpoint.holdAfterLoad, 1_000), (.settleAfterLoad, 3_000), (.holdAfterCommit, 5_000),
      (.settleBeforeCommit, 2_500), (.editBeforeFirstByte, 5_000),
    ] {
      try await world.fleet.kill(0)
      let plan = "\(point.rawValue)=stop@\(Int.random(in: 2...5, using: &generator))"
      try await world.fleet.start(0, failpoints: plan)
      #expect(await world.fleet.waitForStop(of: 0, within: Self.reachLimit), "no gateway came to \(plan)")
      try await Task.sleep(for: .milliseconds(stop))
      world.fleet.resume(0)
    }
    try await Task.sleep(for: generator.duration(milliseconds: 0...300))
    world.fleet.pause(1)
    try await Task.sleep(for: .seconds(4))
    world.fleet.resume(1)
  }
}
