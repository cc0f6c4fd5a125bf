import TallyTesting
import Testing
import TransparencyLog

/// Many trees that share nothing, each with a few leaves of its own.
@Suite("Small random trees")
struct SmallTreeTests {
  @Test("Peaks, root and a proof of each kind of thousands of random trees are those of the definition")
  func thousandsOfTreesAreThoseOfTheDefinition() throws {
    // A failure names the tree's own seed.
    for number in 0..<2_000 as Range<UInt64> {
      let seed = RunSeed.value &+ number
      var random = SeededGenerator(seed: seed)
      let size = Int.random(in: 1...40, using: &random)
      let tree = NaiveTree(count: size, seed: seed)
      let log = StoredLog(tree.leaves)
      let root = tree.root(size: size)
      #expect(log.peaks.root == root, "seed \(seed), size \(size)")
      let index = Int.random(in: 0..<size, using: &random)
      let inclusion = try log.inclusion(index: Int64(index), size: Int64(size))
      #expect(inclusion.hashes == tree.path(index: index, size: size), "seed \(seed): leaf \(index) of \(size)")
      #expect(throws: Never.self, "seed \(seed): leaf \(index) of \(size)") {
        try inclusion.verify(leaf: tree.leaves[index], root: root)
      }
      let oldSize = Int.random(in: 1...size, using: &random)
      let consistency = try log.consistency(oldSize: Int64(oldSize), newSize: Int64(size))
      #expect(
        consistency.hashes == tree.proof(oldSize: oldSize, size: size), "seed \(seed): from \(oldSize) to \(size)")
      #expect(throws: Never.self, "seed \(seed): from \(oldSize) to \(size)") {
        try consistency.verify(oldRoot: tree.root(size: oldSize), newRoot: root)
      }
    }
  }
}
