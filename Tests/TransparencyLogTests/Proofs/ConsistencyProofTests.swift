import TallyTesting
import Testing
import TransparencyLog

@Suite("Consistency proofs")
struct ConsistencyProofTests {
  @Test("Every pair of small trees has the proof that the definition gives")
  func smallTreesAreThoseOfTheDefinition() throws {
    let tree = NaiveTree(count: 65, seed: 21)
    let log = StoredLog(tree.leaves)
    let roots = (0...65).map { tree.root(size: $0) }
    for newSize in 1...65 {
      for oldSize in 1...newSize {
        let proof = try log.consistency(oldSize: Int64(oldSize), newSize: Int64(newSize))
        #expect(proof.hashes == tree.proof(oldSize: oldSize, size: newSize), "from \(oldSize) to \(newSize)")
        try proof.verify(oldRoot: roots[oldSize], newRoot: roots[newSize])
      }
    }
  }

  @Test("Random trees have the proofs that the definition gives", arguments: [UInt64(1), 2, 3, 4])
  func randomTreesAreThoseOfTheDefinition(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let tree = NaiveTree(count: 4_000, seed: seed)
    let log = StoredLog(tree.leaves)
    for round in 0..<300 {
      let newSize = Int.random(in: 1...(round % 10 == 0 ? 4_000 : 300), using: &random)
      let oldSize = Int.random(in: 1...newSize, using: &random)
      let proof = try log.consistency(oldSize: Int64(oldSize), newSize: Int64(newSize))
      #expect(
        proof.hashes == tree.proof(oldSize: oldSize, size: newSize), "seed \(seed): from \(oldSize) to \(newSize)")
      try proof.verify(oldRoot: tree.root(size: oldSize), newRoot: tree.root(size: newSize))
    }
  }

  @Test("Every tree has grown out of the empty one, and out of itself")
  func emptyAndEqualTreesNeedNoHashes() throws {
    let tree = NaiveTree(count: 10, seed: 2)
    let root = tree.root(size: 10)
    let other = tree.root(size: 9)
    let empty = NodeHash.emptyRoot
    #expect(try ConsistencyProof.plan(oldSize: 0, newSize: 10).rows == [])
    #expect(try ConsistencyProof.plan(oldSize: 10, newSize: 10).rows == [])
    try ConsistencyProof(oldSize: 0, newSize: 10, hashes: []).verify(oldRoot: empty, newRoot: root)
    try ConsistencyProof(oldSize: 10, newSize: 10, hashes: []).verify(oldRoot: root, newRoot: root)
    try ConsistencyProof(oldSize: 0, newSize: 0, hashes: []).verify(oldRoot: empty, newRoot: empty)
    #expect(throws: ProofError.otherRoot(size: 0)) {
      try ConsistencyProof(oldSize: 0, newSize: 10, hashes: []).verify(oldRoot: other, newRoot: root)
    }
    #expect(throws: ProofError.otherRoot(size: 10)) {
      try ConsistencyProof(oldSize: 10, newSize: 10, hashes: []).verify(oldRoot: other, newRoot: root)
    }
    #expect(throws: ProofError.otherRoot(size: 0)) {
      try ConsistencyProof(oldSize: 0, newSize: 0, hashes: []).verify(oldRoot: empty, newRoot: root)
    }
    for size in [Int64(0), 10] {
      #expect(throws: ProofError.wrongLength(hashCount: 1)) {
        try ConsistencyProof(oldSize: size, newSize: 10, hashes: [root]).verify(oldRoot: root, newRoot: root)
      }
    }
  }

  @Test("A changed proof or root shows nothing", arguments: [UInt64(5), 6])
  func changedProofsAreRefused(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let tree = NaiveTree(count: 200, seed: seed)
    let log = StoredLog(tree.leaves)
    for _ in 0..<500 {
      let newSize = Int.random(in: 2...200, using: &random)
      let oldSize = Int.random(in: 1..<newSize, using: &random)
      let proof = try log.consistency(oldSize: Int64(oldSize), newSize: Int64(newSize))
      let (old, new) = (tree.root(size: oldSize), tree.root(size: newSize))
      #expect(throws: ProofError.self) { try proof.verify(oldRoot: random.digest(), newRoot: new) }
      #expect(throws: ProofError.otherRoot(size: Int64(newSize))) {
        try proof.verify(oldRoot: old, newRoot: random.digest())
      }
      var changed = proof
      changed.hashes[Int.random(in: 0..<proof.hashes.count, using: &random)] = random.digest()
      #expect(throws: ProofError.self, "seed \(seed): from \(oldSize) to \(newSize)") {
        try changed.verify(oldRoot: old, newRoot: new)
      }
      changed.hashes = proof.hashes.dropLast()
      #expect(throws: ProofError.self) { try changed.verify(oldRoot: old, newRoot: new) }
      changed.hashes = proof.hashes + [random.digest()]
      #expect(throws: ProofError.wrongLength(hashCount: changed.hashes.count)) {
        try changed.verify(oldRoot: old, newRoot: new)
      }
      changed = ConsistencyProof(oldSize: Int64(newSize), newSize: Int64(oldSize), hashes: proof.hashes)
      #expect(throws: ProofError.sizesInWrongOrder(oldSize: Int64(newSize), newSize: Int64(oldSize))) {
        try changed.verify(oldRoot: new, newRoot: old)
      }
    }
  }

  /// One line was changed after the first head: no proof from the changed log's rows leads to both heads.
  @Test("A log that was changed behind a head is caught")
  func changedLogsAreCaught() throws {
    let tree = NaiveTree(count: 100, seed: 8)
    for changedIndex in 0..<60 {
      var leaves = tree.leaves
      leaves[changedIndex] = LeafHash.hash(Array("another".utf8))
      let log = StoredLog(leaves)
      let proof = try log.consistency(oldSize: 60, newSize: 100)
      #expect(throws: ProofError.otherRoot(size: 60)) {
        try proof.verify(oldRoot: tree.root(size: 60), newRoot: log.peaks.root)
      }
    }
  }

  @Test("Any numbers and hashes are answered, never trapped on", arguments: [UInt64(9), 10])
  func hostileProofsAreAnswered(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let sizes: [Int64] = [
      .min, -1, 0, 1, 2, 3, 63, 64, 65, 1 << 32, (1 << 61) + 1, (1 << 62) - 1, 1 << 62, (1 << 62) + 1, .max - 1, .max,
    ]
    let hashes = (0..<70).map { _ in random.digest() }
    var verified = 0
    for old in sizes {
      for new in sizes {
        for count in [0, 1, 2, 7, 61, 62, 63, 64, 70] {
          let taken = Array(hashes.prefix(count))
          let consistency = ConsistencyProof(oldSize: old, newSize: new, hashes: taken)
          let inclusion = InclusionProof(index: old, size: new, hashes: taken)
          if (try? consistency.verify(oldRoot: hashes[0], newRoot: hashes[1])) != nil { verified += 1 }
          if (try? inclusion.verify(leaf: hashes[0], root: hashes[1])) != nil { verified += 1 }
          _ = try? ConsistencyProof(oldSize: old, newSize: new, from: { _ in hashes[0] })
          _ = try? InclusionProof(index: old, size: new, from: { _ in hashes[0] })
        }
      }
    }
    #expect(verified == 0)
  }
}
