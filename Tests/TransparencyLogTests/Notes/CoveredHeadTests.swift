import TallyTesting
import Testing
import TransparencyLog

@Suite("Covered heads")
struct CoveredHeadTests {
  @Test("A head is written as origin, size and root, and reads back")
  func headsReadBack() throws {
    let root = LeafHash.hash([1])
    let head = try CoveredHead(origin: "tally.local/a", size: 12, root: root)
    #expect(head.text == "tally.local/a 12 \(root.base64)")
    #expect(try CoveredHead(text: Array(head.text.utf8)[...]) == head)
    #expect(head.leaf == LeafHash.hash(Array(head.text.utf8)))
  }

  @Test(
    "What is no head is refused",
    arguments: [
      "", "a 1", "a 1 x", "a 01 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
      "a -1 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", " 1 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
      "a 1 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= ", "a b 1 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    ])
  func nonsenseIsRefused(text: String) {
    #expect(throws: TextError.self) { try CoveredHead(text: Array(text.utf8)[...]) }
  }

  @Test("A name with a blank has no place among them")
  func blanksAreRefused() {
    #expect(throws: TextError.self) { try CoveredHead(origin: "a b", size: 1, root: LeafHash.hash([])) }
    #expect(throws: TextError.self) { try CoveredHead(origin: "a", size: -1, root: LeafHash.hash([])) }
  }

  @Test("The root over heads is that of the tree over their texts, and each is proved in it", arguments: 1...40)
  func rootIsThatOfTheTexts(count: Int) throws {
    let heads = try seededLeaves(count: count, seed: RunSeed.value).enumerated().map { index, leaf in
      try CoveredHead(origin: "tally.local/\(index)", size: Int64(index * 7), root: LeafHash.hash(leaf))
    }.sorted { $0.origin.utf8.lexicographicallyPrecedes($1.origin.utf8) }
    let root = naiveRoot(of: heads.map { Array($0.text.utf8) }[...])
    for (index, head) in heads.enumerated() {
      let plan = try InclusionProof.plan(index: Int64(index), size: Int64(count))
      var tree = StreamingRoot(nodes: plan.nodes)
      for head in heads { tree.append(head.leaf) }
      #expect(tree.root == root)
      let proof = try InclusionProof(index: Int64(index), size: Int64(count), from: tree.hash)
      try proof.verify(leaf: head.leaf, root: root)
      let other = try CoveredHead(origin: head.origin, size: head.size + 1, root: head.root)
      #expect(throws: ProofError.self) { try proof.verify(leaf: other.leaf, root: root) }
    }
  }
}
