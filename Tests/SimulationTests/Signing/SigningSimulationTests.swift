import Gateway
import LedgerStore
import TallyTesting
import Testing

@Suite struct SigningSimulationTests {
  private static let seeds: ClosedRange<UInt64> = 1...100
  private static let steps = 2_000

  @Test(arguments: SigningWorld.Loss.allCases)
  func signedHeadsOfALogNeverContradictEachOther(loss: SigningWorld.Loss) {
    var signatureCount = 0
    for seed in Self.seeds {
      var world = SigningWorld(seed: seed, loss: loss)
      for _ in 0..<Self.steps { world.step() }
      world.calm(seconds: 60)
      #expect(world.contradictions == [], "seed \(seed)")
      signatureCount += world.signatureCount
    }
    // Faults that kept it from signing at all would prove nothing.
    #expect(signatureCount > 10 * Self.seeds.count)
  }

  @Test func whateverHappenedEveryLogIsSignedInTheEnd() {
    for seed in Self.seeds {
      var world = SigningWorld(seed: seed, loss: .nothing)
      for _ in 0..<Self.steps { world.step() }
      world.calm(seconds: 30)
      world.askForAll()
      world.calm(seconds: 2)
      for log in world.tables.logs.values {
        #expect(log.head?.size == log.size, "seed \(seed)")
        #expect(!log.isHalted, "seed \(seed)")
      }
      #expect(world.tables.requests.isEmpty, "seed \(seed)")
    }
  }

  @Test func aDatabaseThatLostSignedLinesIsHaltedInTheEnd() {
    var haltedCount = 0
    for seed in Self.seeds {
      var world = SigningWorld(seed: seed, loss: .database)
      for _ in 0..<Self.steps { world.step() }
      world.calm(seconds: 90)
      for log in world.tables.logs.values {
        let signed = world.signed[log.origin] ?? []
        let isExtended = log.leaves.count >= signed.count && zip(log.leaves, signed).allSatisfy(==)
        #expect(log.isHalted || isExtended, "seed \(seed)")
        // What did lose them is not signed as it is now.
        if !isExtended { haltedCount += 1 }
      }
    }
    #expect(haltedCount > 20)
  }
}
