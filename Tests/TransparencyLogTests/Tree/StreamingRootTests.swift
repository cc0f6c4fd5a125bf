import TallyTesting
import Testing
import TransparencyLog

@Suite("Roots of a growing tree")
struct StreamingRootTests {
  @Test("A range checks against a later head in one pass", arguments: [UInt64(1), 2, 3])
  func rangesCheckInOnePass(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let lines = seededLeaves(count: 600, seed: seed)
    let tree = NaiveTree(count: 600, seed: seed)
    let log = StoredLog(tree.leaves)
    for _ in 0..<100 {
      let from = Int.random(in: 0...600, using: &random)
      let to = Int.random(in: from...600, using: &random)
      let size = Int.random(in: to...600, using: &random)
      let known = Int.random(in: from...to, using: &random)
      let peaks = try Peaks(size: Int64(from), from: log.read(Peaks.plan(size: Int64(from)).rows).hash)
      var stream = StreamingRoot(peaks: peaks, keepingRootsAt: [Int64(known), 1_000])
      for line in lines[from..<to] { line.withUnsafeBytes { _ = stream.append(line: $0) } }
      #expect(stream.size == Int64(to))
      #expect(stream.root == tree.root(size: to))
      #expect(stream.roots == [Int64(known): tree.root(size: known)], "seed \(seed): \(from) to \(to)")
      try log.consistency(oldSize: Int64(to), newSize: Int64(size))
        .verify(oldRoot: stream.root, newRoot: tree.root(size: size))
    }
  }

  @Test("A wrong peak leads to another root", arguments: [1, 5, 63, 100])
  func wrongPeaksAreCaught(from: Int) throws {
    let tree = NaiveTree(count: 120, seed: 4)
    let right = StoredLog(Array(tree.leaves[..<from])).peaks
    for position in right.hashes.indices {
      var hashes = right.hashes
      hashes[position] = LeafHash.hash([1])
      var stream = StreamingRoot(peaks: try Peaks(size: Int64(from), hashes: hashes))
      for leaf in tree.leaves[from...] { stream.append(leaf) }
      #expect(stream.root != tree.root(size: 120))
    }
  }

  @Test("Peaks and the leaves behind them are enough for a consistency proof", arguments: [UInt64(7), 8])
  func streamedProofsAreTheStoredOnes(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let tree = NaiveTree(count: 300, seed: seed)
    for _ in 0..<200 {
      let newSize = Int.random(in: 1...300, using: &random)
      let oldSize = Int.random(in: 1...newSize, using: &random)
      let plan = try ConsistencyProof.plan(oldSize: Int64(oldSize), newSize: Int64(newSize))
      let peaks = StoredLog(Array(tree.leaves[..<oldSize])).peaks
      var stream = StreamingRoot(peaks: peaks, nodes: plan.nodes)
      for leaf in tree.leaves[oldSize..<newSize] { stream.append(leaf) }
      #expect(
        try plan.hashes(stream.hash) == tree.proof(oldSize: oldSize, size: newSize),
        "seed \(seed): from \(oldSize) to \(newSize)")
    }
  }

  @Test("Roots at the first size and before it")
  func rootsAtTheFirstSizeAreKept() {
    let empty = StreamingRoot(keepingRootsAt: [0])
    #expect(empty.roots == [0: NodeHash.emptyRoot])
    let peaks = StoredLog(NaiveTree(count: 6, seed: 1).leaves).peaks
    #expect(StreamingRoot(peaks: peaks, keepingRootsAt: [5, 6]).roots == [6: peaks.root])
  }
}
