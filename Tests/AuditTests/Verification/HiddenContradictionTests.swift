import Audit
import Foundation
import Ledger
import Testing
import TransparencyLog

/// What was signed and contradicts what its reader holds, or breaks a rule, is not hidden by what is wrong besides.
@Suite("Contradictions that somebody hides")
struct HiddenContradictionTests {
  static let files = [
    BundleFile.sums, BundleFile.usage, BundleFile.statementTable, BundleFile.statement, BundleFile.focus,
    BundleFile.secrets, BundleFile.state, BundleFile.readMe, BundleFile.script,
  ]

  @Test(
    "A receipt's line that was rewritten is shown though another file is altered or missing", arguments: files,
    [true, false])
  func receiptIsNotHidden(name: String, isMissing: Bool) throws {
    let log = TestLog(try AuditedTeam(seed: 81, lines: 150))
    var rewritten = log
    rewritten.lines[61] = TestEdit.flippedCommitment(log.lines[61])
    rewritten.secrets[61] = nil
    let receiptKey = try #require(NoteSigningKey(newNamed: AuditedTeam.logName))
    let receipt = try log.receipt(61, by: receiptKey)
    let bundle = try rewritten.export(from: 45)
    if isMissing {
      try FileManager.default.removeItem(atPath: bundle.path(name))
    } else {
      try bundle.write(try bundle.bytes(name) + [UInt8(ascii: " ")], to: name)
    }
    let verification = try bundle.verify(receipts: [receipt], receiptKey: receiptKey.verifier)
    #expect(verification.verdict == .contradicting, "\(verification.sentence)")
    #expect(verification.evidence.first?.text == receipt.bytes)
    // Without anything held it is what it is.
    #expect(try bundle.verify().verdict == .altered)
  }

  @Test("A head that is contradicted is shown though a file was put into the folder")
  func headIsNotHidden() throws {
    let log = TestLog(try AuditedTeam(seed: 82, lines: 150))
    let restored = TestLog(try AuditedTeam(seed: 83, lines: 200))
    let bundle = try restored.export()
    try bundle.write([1], to: "hashlib.py")
    let verification = try bundle.verify(head: log.head(90))
    #expect(verification.verdict == .contradicting && verification.evidence.count == 2, "\(verification.sentence)")
  }

  @Test("A rule that was broken is told besides where a table is altered")
  func brokenRuleIsNotHidden() throws {
    var log = TestLog(try AuditedTeam(seed: 84, lines: 150))
    let index = try #require(log.lines.firstIndex { $0.starts(with: Array("{\"action\":\"edit.held\"".utf8)) })
    log.lines[index] = try #require(TestEdit.changed("usedAfter", in: log.lines[index]))
    let bundle = try log.export()
    #expect(try bundle.verify().verdict == .unbalanced)
    try bundle.write(try bundle.bytes(BundleFile.statementTable) + [UInt8(ascii: " ")], to: BundleFile.statementTable)
    let verification = try bundle.verify()
    #expect(verification.verdict == .altered && verification.findings.bookFault?.index == Int64(index))
    #expect(verification.sentence.contains("the books are wrong: line \(index)"), "\(verification.sentence)")
  }
}
