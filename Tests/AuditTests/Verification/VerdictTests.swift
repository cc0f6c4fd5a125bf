import Audit
import Foundation
import Ledger
import Testing
import TransparencyLog

@Suite("Verdicts over whole bundles")
struct VerdictTests {
  let log: TestLog

  init() throws {
    log = TestLog(try AuditedTeam(seed: 11, lines: 150))
  }

  @Test(
    "A bundle that goes on from the head that its reader holds exits with 0", arguments: [0, 40, 99, 150] as [Int64])
  func extendingHeadIsShown(known: Int64) throws {
    let verification = try log.export().verify(head: log.head(known))
    #expect(verification.verdict == .extending, "\(verification.sentence)")
    #expect(verification.verdict.rawValue == 0)
  }

  @Test("A head outside the range is tied by a proof alone, whichever of the two is older")
  func knownProofTiesHeads() throws {
    let bundle = try log.export(from: 50, to: 70, headSize: 120, known: 33)
    #expect(try bundle.verify(head: log.head(33)).verdict == .extending)
    // A proof for another head ties nothing.
    let wrong = try bundle.verify(head: log.head(34))
    #expect(wrong.verdict == .altered && wrong.file == BundleFile.knownProof)
    let later = try log.export(from: 50, to: 70, headSize: 120, known: 140)
    #expect(try later.verify(head: log.head(140)).verdict == .extending)
    let untied = try log.export(from: 50, to: 70, headSize: 120).verify(head: log.head(33))
    #expect(untied.verdict == .untied && untied.sentence.contains("33 lines"))
  }

  @Test("Without a head it exits with 10, without a key with 20, and says why")
  func missingPinsAreSaid() throws {
    let bundle = try log.export()
    let untied = try bundle.verify()
    #expect(untied.verdict.rawValue == 10 && untied.sentence.contains("no known head"))
    let unpinned = try bundle.verify(pinned: nil, head: log.head(30))
    #expect(unpinned.verdict.rawValue == 20 && unpinned.sentence.contains("no key was pinned"))
  }

  @Test("Another team's bundle is whole, and not what the head is of")
  func otherTeamsBundleIsUntied() throws {
    let other = TestLog(try AuditedTeam(seed: 12, lines: 60, team: TeamID(bits: 77)))
    let verification = try other.export().verify(head: log.head(30))
    #expect(verification.verdict == .untied && verification.sentence.contains("another log"))
    #expect(throws: HeldTextError.self) {
      try other.export().verify(receipts: [log.receipt(3, by: log.key)])
    }
  }

  @Test("A head that another key signed is of no use, whether or not a key is pinned")
  func foreignHeadIsRefused() throws {
    var foreign = log
    foreign.key = NoteSigningKey(newNamed: AuditedTeam.logName)!
    let bundle = try log.export()
    #expect(throws: HeldTextError.self) { try bundle.verify(head: foreign.head(30)) }
    let error = #expect(throws: HeldTextError.self) { try bundle.verify(pinned: nil, head: foreign.head(30)) }
    #expect(error?.reason.contains("--vkey") == true)
  }

  @Test("A history that was rewritten contradicts the head, and both signed texts are evidence")
  func rewrittenHistoryContradicts() throws {
    // Yesterday's database was restored, went on another way, and has grown past the signed size again.
    let restored = TestLog(try AuditedTeam(seed: 13, lines: 200))
    for (head, size) in [(try log.head(90), 200), (try log.head(150), 150)] as [(SignedNote, Int64)] {
      let verification = try restored.export(to: size, headSize: size).verify(head: head)
      #expect(verification.verdict == .contradicting && verification.verdict.rawValue == 30)
      #expect(verification.evidence.map(\.text) == [head.bytes, try restored.head(size).bytes])
      for evidence in verification.evidence {
        #expect(throws: Never.self) { try SignedNote(bytes: evidence.text).verify([log.key.verifier]) }
      }
    }
    // With other lines than the heads' own, two heads of one size still say enough.
    let bundle = try restored.export(to: 150, headSize: 150)
    try FileManager.default.removeItem(atPath: bundle.path(BundleFile.lines(1)))
    #expect(try bundle.verify(head: log.head(150)).verdict == .contradicting)
  }

  @Test("A log that was cut and signed again shows where its reader holds more")
  func cutLogIsUntied() throws {
    let verification = try log.export(to: 80, headSize: 80).verify(head: log.head(90))
    #expect(verification.verdict == .untied && verification.sentence.contains("90 lines"))
  }

  @Test("Receipts are compared with the lines that they were given for")
  func receiptsAreCompared() throws {
    let receiptKey = NoteSigningKey(newNamed: AuditedTeam.logName)!
    let bundle = try log.export()
    let right = try log.receipt(20, by: receiptKey)
    #expect(try bundle.verify(receipts: [right], receiptKey: receiptKey.verifier).verdict == .untied)
    let other = try LogReceipt(
      origin: log.origin, index: 20, leaf: LeafHash.hash(log.lines[21]), at: "2026-11-01T00:00:00.000000Z")
    let wrong = try other.signed(by: receiptKey)
    let verification = try bundle.verify(receipts: [right, wrong], receiptKey: receiptKey.verifier)
    #expect(verification.verdict == .contradicting && verification.evidence.first?.text == wrong.bytes)
    #expect(throws: HeldTextError.self) { try bundle.verify(receipts: [wrong]) }
  }

  @Test("An erased payload leaves the bundle whole")
  func erasedPayloadIsWhole() throws {
    var log = log
    for index in [0, 5, 6, 149] { log.secrets[index] = nil }
    let bundle = try log.export()
    #expect(try bundle.verify().verdict == .untied)
    #expect(try bundle.lines(BundleFile.secrets).count == log.lines.count - 4)
  }

  @Test("The reader is told how far it is")
  func progressIsTold() throws {
    var told: [Int64] = []
    let bundle = try log.export(from: 10)
    let verifier = BundleVerifier(folder: bundle.folder)
    _ = try verifier.verify { done, all in
      told.append(done)
      #expect(all == 140)
    }
    #expect(told.last == 140)
  }
}
