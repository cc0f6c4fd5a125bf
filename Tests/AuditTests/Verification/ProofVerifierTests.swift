import Audit
import Foundation
import Ledger
import TallyTesting
import Testing
import TransparencyLog

@Suite("Proofs that stand alone, as their reader checks them")
struct ProofVerifierTests {
  /// A team's log, the operator's log that covers its head, and files for proofs.
  private struct Files {
    let folder: TemporaryFolder
    let team: TestLog
    let operators: TestLog
    let proof: HeadProof

    init() throws {
      folder = try TemporaryFolder()
      team = TestLog(try AuditedTeam(seed: 5, lines: 30))
      let heads = [
        try CoveredHead(origin: "tally.example/1", size: 4, root: LeafHash.hash([1])),
        try CoveredHead(origin: team.origin, size: team.size, root: team.peaks(team.size).root),
      ]
      let plan = try InclusionProof.plan(index: 1, size: 2)
      var tree = StreamingRoot(nodes: plan.nodes)
      for head in heads { tree.append(head.leaf) }
      var log = AuditedTeam.operators(seed: 1)
      try log.run(.createTeam(CreateTeamCommand()))
      try log.run(.note(.headsCovered(HeadsCovered(count: 2, root: try #require(Digest32(bytes: tree.root.bytes))))))
      operators = TestLog(log)
      proof = HeadProof(
        head: heads[1], inclusion: try InclusionProof(index: 1, size: 2, from: tree.hash),
        line: try operators.lineProof(1))
    }

    func write(_ text: String, _ name: String = "proof") throws -> String {
      let path = folder.url.appending(path: name).path
      try Data(text.utf8).write(to: URL(filePath: path))
      return path
    }

    func verify(
      _ text: String, known: SignedNote? = nil, anchor: String? = nil, key: NoteVerifierKey = TestLog.key.verifier
    ) throws -> Verification {
      var verifier = ProofVerifier(file: try write(text), pinnedKeys: [key])
      verifier.knownHead = known
      verifier.anchorFile = anchor
      return try verifier.verify()
    }
  }

  @Test("A proof of a pruned line proves the leaf of its receipt, and nothing without one")
  func prunedLinesAreProvedByTheirReceipts() throws {
    let files = try Files()
    let log = files.team
    let key = try #require(NoteSigningKey(newNamed: AuditedTeam.logName))
    let whole = try log.lineProof(13)
    let head = try log.head(log.size)
    let inclusion = InclusionProof(index: 13, size: log.size, hashes: whole.hashes)
    var verifier = ProofVerifier(
      file: try files.write(LogProof(inclusion: inclusion, checkpoint: head).text), pinnedKeys: [TestLog.key.verifier])
    let alone = #expect(throws: HeldTextError.self) { _ = try verifier.verify() }
    #expect(alone?.reason.contains("--receipt") == true)
    verifier.receipt = try log.receipt(13, by: key)
    for keys in [[], [key.verifier]] {
      verifier.receiptKeys = keys
      verifier.knownHead = nil
      let proved = try verifier.verify()
      #expect(proved.verdict == .untied && proved.sentence.contains("pruned"), "\(proved.sentence)")
      #expect(proved.proof == Verification.Proof(log: log.origin, index: 13))
      verifier.knownHead = head
      #expect(try verifier.verify().verdict == .extending)
    }
    // Another's signature, another line's receipt, and a receipt for a line that is not there.
    verifier.receiptKeys = [TestLog.key.verifier]
    #expect(throws: HeldTextError.self) { try verifier.verify() }
    verifier.receiptKeys = [key.verifier]
    verifier.receipt = try log.receipt(14, by: key)
    #expect(throws: HeldTextError.self) { try verifier.verify() }
    for (origin, line) in [(log.origin, log.lines[14]), ("tally.example/other", log.lines[13])] {
      let at = try Line.parse(line).0.at.rfc3339
      verifier.receipt = try LogReceipt(origin: origin, index: 13, leaf: LeafHash.hash(line), at: at).signed(by: key)
      #expect(try verifier.verify().verdict == .altered)
    }
    // A proof that holds its line needs no receipt.
    verifier.file = try files.write(whole.text)
    #expect(throws: HeldTextError.self) { try verifier.verify() }
  }

  @Test("A proof of a line is proved by the pinned key, and tied to the head that it leads to")
  func linesAreProved() throws {
    let files = try Files()
    for index in [0, 13, 29] as [Int64] {
      let text = try files.team.lineProof(index).text
      let proved = try files.verify(text)
      #expect(proved.verdict == .untied && proved.proof == Verification.Proof(log: files.team.origin, index: index))
      #expect(try files.verify(text, known: files.team.head(files.team.size)).verdict == .extending)
      #expect(try files.verify(text, known: files.team.head(files.team.size - 1)).verdict == .untied)
    }
  }

  @Test("That a head is covered is tied to that head, or to the one that covers it")
  func coveredHeadsAreTied() throws {
    let files = try Files()
    let text = files.proof.text
    let proved = try files.verify(text)
    #expect(proved.verdict == .untied && proved.proof?.covered == files.proof.head)
    #expect(proved.headSize == files.operators.size && proved.sentence.contains(files.team.origin))
    #expect(try files.verify(text, known: files.team.head(files.team.size)).verdict == .extending)
    #expect(try files.verify(text, known: files.operators.head(files.operators.size)).verdict == .extending)
    #expect(try files.verify(text, known: files.team.head(3)).verdict == .untied)
    // One of the two heads in a file is enough, whichever comes first.
    let path = files.folder.url.appending(path: "heads.jsonl").path
    let writer = try AnchorWriter(path)
    for (log, size) in [(files.operators, 1), (files.team, files.team.size)] as [(TestLog, Int64)] {
      try writer.append(
        log: log.origin, size: size, root: log.peaks(size).root, note: log.head(size).bytes,
        signedAt: .epoch)
    }
    try writer.finish()
    #expect(try files.verify(text, anchor: path).verdict == .extending)
  }

  @Test("An empty line at the end, as tools put it there, is no part of the text")
  func emptyEndsArePassedOver() throws {
    let files = try Files()
    for text in [try files.team.lineProof(4).text, files.proof.text] {
      #expect(try files.verify(text + "\n").verdict == .untied)
      #expect(try files.verify(text + "\n", known: files.team.head(files.team.size)).verdict == .extending)
    }
  }

  @Test("A head of the same size with another root contradicts it, and both texts are evidence")
  func otherRootsContradict() throws {
    let files = try Files()
    let known = try Checkpoint(origin: files.team.origin, size: files.team.size, root: LeafHash.hash([7]))
      .signed(by: TestLog.key)
    for text in [files.proof.text, try files.team.lineProof(2).text] {
      let verification = try files.verify(text, known: known)
      #expect(verification.verdict == .contradicting)
      #expect(verification.evidence.map(\.text) == [known.bytes, Array(text.utf8)])
    }
  }

  @Test("What is changed, of another key, or no proof at all proves nothing")
  func othersProveNothing() throws {
    let files = try Files()
    let line = try files.team.lineProof(4)
    let stranger = try #require(NoteSigningKey(newNamed: AuditedTeam.logName))
    #expect(try files.verify(line.text, key: stranger.verifier).verdict == .altered)
    #expect(try files.verify(files.proof.text, key: stranger.verifier).verdict == .altered)
    for text in ["", "\n", "nonsense", String(line.text.dropLast()), line.text + "\n\n", files.proof.text + "x"] {
      #expect(try files.verify(text).verdict == .altered)
    }
    // A proof of the line in another one's place.
    let other = try LogProof(
      line: files.team.lines[5], inclusion: InclusionProof(index: 4, size: files.team.size, hashes: line.hashes),
      checkpoint: files.team.head(files.team.size))
    #expect(try files.verify(other.text).verdict == .altered)
    var verifier = ProofVerifier(file: files.folder.url.path, pinnedKeys: [TestLog.key.verifier])
    #expect(try verifier.verify().verdict == .altered)
    verifier.file += "/missing"
    #expect(try verifier.verify().verdict == .altered)
  }

  @Test("A head that cannot be held against it is said to be of no use")
  func uselessHeadsAreRefused() throws {
    let files = try Files()
    let stranger = try #require(NoteSigningKey(newNamed: AuditedTeam.logName))
    let foreign = try Checkpoint(origin: files.team.origin, size: 1, root: LeafHash.hash([1])).signed(by: stranger)
    #expect(throws: HeldTextError.self) { try files.verify(files.proof.text, known: foreign) }
    let other = try Checkpoint(origin: "tally.example/2", size: 1, root: LeafHash.hash([1])).signed(by: TestLog.key)
    #expect(try files.verify(files.proof.text, known: other).verdict == .untied)
  }
}
