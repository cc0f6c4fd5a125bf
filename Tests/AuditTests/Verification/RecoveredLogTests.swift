import Audit
import Ledger
import TallyTesting
import Testing
import TransparencyLog

/// A log that took another's place, in the hands of whoever holds heads and receipts of the old one.
@Suite("Logs that took another's place")
struct RecoveredLogTests {
  let old: TestLog
  private let team: AuditedTeam

  init() throws {
    team = try AuditedTeam(seed: 91, lines: 90)
    old = TestLog(team)
  }

  /// The new log, whose first line says that the newest known head of the old one is this one.
  private func recovered(knownSize: Int64?, knownRoot: Digest? = nil) throws -> TestLog {
    var team = team
    let root = knownSize.map { knownRoot ?? old.peaks($0).root }
    let opening = try team.recover(knownSize: knownSize, knownRoot: root.flatMap { Digest32(bytes: $0.bytes) })
    try team.grow(to: 30)
    var log = TestLog(team)
    log.opening = opening
    return log
  }

  @Test("That it took another's place is told, with the newest head that is admitted")
  func placeIsTold() throws {
    let verification = try recovered(knownSize: 80).export().verify()
    #expect(verification.verdict == .untied && verification.findings.recovered?.knownSize == 80)
    #expect(verification.sentence.contains(old.origin) && verification.sentence.contains("80 lines"))
    #expect(verification.findings.opening == .word)
  }

  @Test("A head of the old log that is admitted is 10, and the sentence says that nothing ties the two logs")
  func admittedHeadIsSaid() throws {
    for size in [80, 40] as [Int64] {
      let verification = try recovered(knownSize: 80).export().verify(head: old.head(size))
      #expect(verification.verdict == .untied, "\(verification.sentence)")
      #expect(verification.sentence.contains("nothing ties the new lines to the old"), "\(verification.sentence)")
    }
  }

  @Test("A head of the same size with another root than is admitted contradicts: 30, with both texts")
  func otherRootContradicts() throws {
    let log = try recovered(knownSize: 80, knownRoot: LeafHash.hash([1]))
    let verification = try log.export().verify(head: old.head(80))
    #expect(verification.verdict == .contradicting, "\(verification.sentence)")
    #expect(verification.evidence.map(\.text) == [try old.head(80).bytes, try log.head(log.size).bytes])
  }

  @Test("A head that reaches further than is admitted contradicts: 30", arguments: [80, nil] as [Int64?])
  func unadmittedLossContradicts(knownSize: Int64?) throws {
    let verification = try recovered(knownSize: knownSize).export().verify(head: old.head(85))
    #expect(verification.verdict == .contradicting, "\(verification.sentence)")
    #expect(verification.sentence.contains("85 lines"))
  }

  @Test("A receipt of the old log is said to be uncompared, and no more than 10")
  func oldReceiptsAreUncompared() throws {
    let log = try recovered(knownSize: 80)
    let receiptKey = try #require(NoteSigningKey(newNamed: AuditedTeam.logName))
    let receipts = [try old.receipt(7, by: receiptKey), try old.receipt(85, by: receiptKey)]
    let verification = try log.export().verify(head: log.head(20), receipts: receipts, receiptKey: receiptKey.verifier)
    #expect(verification.verdict == .untied, "\(verification.sentence)")
    #expect(verification.findings.uncompared.map(\.index) == [7, 85])
    #expect(verification.findings.uncompared.allSatisfy { $0.log == old.origin })
    #expect(verification.sentence.contains("line may be lost"))
  }
}
