import Audit
import Foundation
import Ledger
import Testing
import TransparencyLog

/// Two bundles of one log, the later one from where the earlier one ends.
@Suite("Seams between bundles")
struct SeamTests {
  let log: TestLog

  init() throws {
    log = TestLog(try AuditedTeam(seed: 71, lines: 150))
  }

  @Test("A book that its keeper signed and no line led to is found with the bundle before: 50, by its line")
  func forgedOpeningIsFound() throws {
    var team = try AuditedTeam(seed: 71, lines: 45)
    let book = team.raiseLimitsSilently()
    try team.grow(to: 120)
    var forged = TestLog(team)
    forged.forgedBooks[45] = book
    let earlier = try forged.export(to: 45, headSize: 60)
    let later = try forged.export(from: 45, headSize: 120)
    // The lines are signed and the line names that book: without the bundle before nothing tells.
    let alone = try later.verify(head: forged.head(60))
    #expect(alone.verdict == .extending && alone.findings.opening == .word, "\(alone.sentence)")
    #expect(alone.sentence.contains("line 45 is the operator's word"))
    let verification = try later.verify(head: forged.head(60), previous: earlier)
    #expect(verification.verdict == .unbalanced && verification.index == 45, "\(verification.sentence)")
    #expect(verification.file == BundleFile.state)
  }

  @Test("The book that the lines before lead to is vouched for by them")
  func honestSeamIsWhole() throws {
    for (first, second) in [(0, 45), (20, 50), (10, 20)] as [(Int64, Int64)] {
      let earlier = try log.export(from: first, to: second)
      let verification = try log.export(from: second).verify(head: log.head(60), previous: earlier)
      #expect(verification.verdict == .extending, "\(verification.sentence)")
      #expect(verification.findings.opening == .previous && !verification.sentence.contains("operator's word"))
    }
    let whole = try log.export().verify()
    #expect(whole.findings.opening == .none)
  }

  @Test("What is wrong with the bundle before is the verdict, and says so")
  func alteredPreviousIsFound() throws {
    let earlier = try log.export(to: 45)
    try earlier.write(try earlier.bytes(BundleFile.usage) + [1], to: BundleFile.usage)
    let verification = try log.export(from: 45).verify(previous: earlier)
    #expect(verification.verdict == .altered && verification.sentence.hasPrefix("The bundle before it"))
  }

  @Test("Two bundles with good signatures whose lines cannot be of one log contradict each other: 30, with both heads")
  func forkedBundlesContradict() throws {
    var other = log
    other.lines[12] = TestEdit.flippedCommitment(log.lines[12])
    other.secrets[12] = nil
    let verification = try log.export(from: 45).verify(previous: other.export(to: 45, headSize: 60))
    #expect(verification.verdict == .contradicting)
    #expect(verification.evidence.map(\.text) == [try other.head(60).bytes, try log.head(log.size).bytes])
  }

  @Test("What is not the bundle before is refused")
  func otherBundlesAreRefused() throws {
    let later = try log.export(from: 45)
    #expect(throws: HeldTextError.self) { try later.verify(previous: log.export(to: 40)) }
    #expect(throws: HeldTextError.self) { try later.verify(previous: later) }
    #expect(throws: HeldTextError.self) { try log.export().verify(previous: log.export(to: 45)) }
  }
}
