import Audit
import Ledger
import TallyTesting
import Testing
import TransparencyLog

@Suite("Proofs that the operator's log covers a head")
struct HeadProofTests {
  private static let heads = (0..<11).compactMap { number in
    try? CoveredHead(origin: "tally.example/\(number + 10)", size: 5, root: LeafHash.hash([UInt8(number)]))
  }

  private static func inclusion(_ index: Int) throws -> (proof: InclusionProof, root: Digest) {
    let plan = try InclusionProof.plan(index: Int64(index), size: Int64(heads.count))
    var tree = StreamingRoot(nodes: plan.nodes)
    for head in heads { tree.append(head.leaf) }
    return (try InclusionProof(index: Int64(index), size: Int64(heads.count), from: tree.hash), tree.root)
  }

  /// The operator's log with a line that covers the heads, and one behind it.
  private static func log(covering root: Digest, count: Int = heads.count) throws -> TestLog {
    var team = AuditedTeam.operators(seed: 1)
    try team.run(.createTeam(CreateTeamCommand()))
    let covered = HeadsCovered(count: Int64(count), root: Digest32(bytes: root.bytes)!)
    try team.run(.note(.headsCovered(covered)))
    try team.run(.note(.headsCovered(HeadsCovered(count: 1, root: .zero))))
    return TestLog(team)
  }

  private static func proof(_ index: Int, in log: TestLog) throws -> HeadProof {
    let inclusion = try Self.inclusion(index).proof
    return HeadProof(head: heads[index], inclusion: inclusion, line: try log.lineProof(1))
  }

  @Test("Each covered head is proved, and the text reads back", arguments: 0..<heads.count)
  func headsAreProved(index: Int) throws {
    let proof = try Self.proof(index, in: try Self.log(covering: try Self.inclusion(index).root))
    let read = try HeadProof(text: Array(proof.text.utf8))
    #expect(read == proof)
    let head = try read.verify([TestLog.key.verifier])
    #expect(head.origin == "tally.example/operator")
    #expect(head.size == 3)
  }

  @Test("What is not covered is not proved")
  func othersAreNotProved() throws {
    let root = try Self.inclusion(4).root
    let log = try Self.log(covering: root)
    let proof = try Self.proof(4, in: log)
    var changed: [HeadProof] = []
    var other = proof
    other.head = Self.heads[5]
    changed.append(other)
    other = proof
    other.inclusion.hashes.swapAt(0, 1)
    changed.append(other)
    other = proof
    other.line = try log.lineProof(2)
    changed.append(other)
    changed.append(
      HeadProof(
        head: proof.head, inclusion: proof.inclusion, line: try Self.log(covering: root, count: 12).lineProof(1)))
    for proof in changed { #expect(throws: HeldTextError.self) { try proof.verify([TestLog.key.verifier]) } }
    let stranger = try #require(NoteSigningKey(newNamed: AuditedTeam.logName))
    #expect(throws: HeldTextError.self) { try proof.verify([stranger.verifier]) }
  }

  @Test("A text with any byte changed reads no more, or proves nothing else")
  func changedTextsProveNothingElse() throws {
    let proof = try Self.proof(3, in: try Self.log(covering: try Self.inclusion(3).root))
    let text = Array(proof.text.utf8)
    var generator = SeededGenerator(seed: RunSeed.value)
    for _ in 0..<2_000 {
      var bytes = text
      bytes[Int.random(in: bytes.indices, using: &generator)] ^= UInt8.random(in: 1...255, using: &generator)
      guard let read = try? HeadProof(text: bytes), (try? read.verify([TestLog.key.verifier])) != nil else { continue }
      // Another signature of an unknown key may stand there.
      #expect(read.head == proof.head && read.inclusion == proof.inclusion, "seed \(RunSeed.value)")
    }
  }
}
