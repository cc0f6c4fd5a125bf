import TallyTesting
import Testing
import TransparencyLog

@Suite("Inclusion proofs")
struct InclusionProofTests {
  @Test("Every leaf of every small tree has the proof that the definition gives")
  func smallTreesAreThoseOfTheDefinition() throws {
    let tree = NaiveTree(count: 65, seed: 11)
    let log = StoredLog(tree.leaves)
    for size in 1...65 {
      let root = tree.root(size: size)
      for index in 0..<size {
        let proof = try log.inclusion(index: Int64(index), size: Int64(size))
        #expect(proof.hashes == tree.path(index: index, size: size), "leaf \(index) of \(size)")
        try proof.verify(leaf: tree.leaves[index], root: root)
      }
    }
  }

  @Test("Random trees have the proofs that the definition gives", arguments: [UInt64(1), 2, 3, 4])
  func randomTreesAreThoseOfTheDefinition(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let tree = NaiveTree(count: 4_000, seed: seed)
    let log = StoredLog(tree.leaves)
    for round in 0..<300 {
      let size = Int.random(in: 1...(round % 10 == 0 ? 4_000 : 300), using: &random)
      let index = Int.random(in: 0..<size, using: &random)
      let proof = try log.inclusion(index: Int64(index), size: Int64(size))
      #expect(proof.hashes == tree.path(index: index, size: size), "seed \(seed): leaf \(index) of \(size)")
      try proof.verify(leaf: tree.leaves[index], root: tree.root(size: size))
    }
  }

  @Test("A changed proof, leaf, index or root shows nothing", arguments: [UInt64(5), 6])
  func changedProofsAreRefused(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let tree = NaiveTree(count: 200, seed: seed)
    let log = StoredLog(tree.leaves)
    for _ in 0..<500 {
      let size = Int.random(in: 2...200, using: &random)
      let index = Int.random(in: 0..<size, using: &random)
      let proof = try log.inclusion(index: Int64(index), size: Int64(size))
      let (leaf, root) = (tree.leaves[index], tree.root(size: size))
      #expect(throws: ProofError.otherRoot(size: Int64(size))) { try proof.verify(leaf: random.digest(), root: root) }
      #expect(throws: ProofError.otherRoot(size: Int64(size))) { try proof.verify(leaf: leaf, root: random.digest()) }
      var changed = proof
      changed.hashes[Int.random(in: 0..<proof.hashes.count, using: &random)] = random.digest()
      #expect(throws: ProofError.otherRoot(size: Int64(size))) { try changed.verify(leaf: leaf, root: root) }
      changed = proof
      changed.hashes.removeLast()
      #expect(throws: ProofError.self) { try changed.verify(leaf: leaf, root: root) }
      changed.hashes = proof.hashes + [random.digest()]
      #expect(throws: ProofError.wrongLength(hashCount: changed.hashes.count)) {
        try changed.verify(leaf: leaf, root: root)
      }
      changed = proof
      changed.index = (proof.index + Int64.random(in: 1..<Int64(size), using: &random)) % Int64(size)
      #expect(throws: ProofError.self, "seed \(seed): \(proof.index) as \(changed.index) of \(size)") {
        try changed.verify(leaf: leaf, root: root)
      }
    }
  }

  @Test("A plan names few rows, each once, none behind the tree", arguments: [40, 41, 62])
  func plansAreShort(height: Int) throws {
    let size: Int64 = height == 62 ? Peaks.maximumSize : (1 << Int64(height)) - 1
    for index in [0, 1, size / 3, size / 2, size - 2, size - 1] {
      let plan = try InclusionProof.plan(index: index, size: size)
      #expect(plan.hashCount <= 62)
      #expect(plan.nodes.count <= 124)
      #expect(Set(plan.rows).count == plan.rows.count)
      #expect(plan.rows.allSatisfy { (0..<size).contains($0) })
    }
  }

  @Test("What is in no tree has no proof")
  func nothingIsProvedOutsideTheTree() {
    #expect(throws: ProofError.noSuchLeaf(index: 0, size: 0)) { try InclusionProof.plan(index: 0, size: 0) }
    #expect(throws: ProofError.noSuchLeaf(index: 7, size: 7)) { try InclusionProof.plan(index: 7, size: 7) }
    #expect(throws: ProofError.noSuchLeaf(index: -1, size: 7)) { try InclusionProof.plan(index: -1, size: 7) }
    #expect(throws: ProofError.noSuchTree(size: -1)) { try InclusionProof.plan(index: 0, size: -1) }
    #expect(throws: ProofError.noSuchTree(size: .max)) { try InclusionProof.plan(index: 0, size: .max) }
  }

  @Test("A row that was not read is named")
  func missingRowsAreNamed() throws {
    let log = StoredLog(NaiveTree(count: 9, seed: 1).leaves)
    let plan = try InclusionProof.plan(index: 4, size: 9)
    #expect(plan.rows == [3, 5, 7, 8])
    let rows = try log.read([3, 5, 8])
    #expect(throws: ProofError.missingRow(index: 7)) { try plan.hashes(rows.hash) }
  }
}
