import TallyTesting
import Testing

extension EndToEnd {
  /// Whether the fault tests would notice: a test that can only pass proves nothing.
  @Suite("Planted bugs")
  struct PlantedBugTests {
    @Test("What a bug leaves behind after a run of faults is found, and nothing else is")
    func plantedBugsAreFound() async throws {
      Notice.tell("planted bugs: TALLY_TEST_SEED=\(RunSeed.value)")
      try await FaultScenario.planting(KnownBug.allCases, seed: RunSeed.value) { bug, expected, found in
        #expect(found == [expected], "\(bug)")
      }
    }
  }
}

extension FaultScenario {
  /// Kills gateways under load until there is an edit for each bug, proves the ledger sound, and plants one after the
  /// other. `judge` is told what must be found of each, and what is found that was not before.
  static func planting(
    _ bugs: [KnownBug], seed: UInt64,
    _ judge: (_ bug: KnownBug, _ expected: KnownBug.Finding, _ found: Set<KnownBug.Finding>) -> Void
  ) async throws {
    let temporary = try TemporaryFolder()
    try await withTestDatabase(template: World.migrated) { database in
      try await FaultWorld.run(
        on: database.superuserSettings, in: temporary.url, gateways: 2, seed: seed,
        faults: { world, generator in
          try await FaultScenario.killedGateways.killGateways(world, &generator)
          try await world.wait(within: .seconds(60), for: "an edit in doubt that the upstream worked for") {
            try await world.doubtedWork() != nil
          }
        },
        afterwards: { world in
          var known: Set<KnownBug.Finding> = []
          for bug in bugs {
            let expected = try await bug.plant(in: world)
            let found = try await world.findings()
            judge(bug, expected, found.subtracting(known))
            known.formUnion(found)
          }
        })
    }
    withExtendedLifetime(temporary) {}
  }
}
