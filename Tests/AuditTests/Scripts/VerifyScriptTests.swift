import Audit
import Foundation
import Testing
import TransparencyLog

private let hasPrograms = ["sh", "sha256sum", "openssl", "python3"].allSatisfy(TestProgram.has)

/// The check that shares no code with ours, as an auditor without Tally would run it.
@Suite("verify.sh", .enabled(if: hasPrograms, "sha256sum, openssl and python3 are installed"))
struct VerifyScriptTests {
  let log: TestLog

  init() throws {
    log = TestLog(try AuditedTeam(seed: 41, lines: 150))
  }

  private func run(_ bundle: TestBundle, key: NoteVerifierKey? = TestLog.key.verifier) throws -> TestProgram.Result {
    try TestProgram.run("sh", [bundle.path(BundleFile.script)] + (key.map { [$0.text] } ?? []))
  }

  @Test(
    "Whole bundles pass, wherever the range lies",
    arguments: [
      (0, 150, 150), (0, 149, 150), (0, 64, 150), (0, 128, 129), (0, 1, 150), (0, 0, 150), (10, 64, 77), (20, 150, 150),
      (45, 46, 128), (50, 150, 150), (50, 50, 150), (30, 96, 97),
    ] as [(Int64, Int64, Int64)])
  func wholeBundlesPass(from: Int64, to: Int64, headSize: Int64) throws {
    let bundle = try log.export(from: from, to: to, headSize: headSize)
    let result = try run(bundle)
    #expect(result.status == 0, "\(result.output)")
    #expect(try run(bundle, key: nil).status == 0)
    let other = try #require(NoteSigningKey(newNamed: AuditedTeam.logName)).verifier
    #expect(try run(bundle, key: other).status != 0)
  }

  @Test("It finds what was altered when all hashes of files were fixed", arguments: 0..<6)
  func alteredBundlesFail(kind: Int) throws {
    let bundle = try log.export(from: 45, to: 140, headSize: 150)
    var lines = try bundle.lines(BundleFile.lines(1))
    switch kind {
    case 0: lines[3] = TestEdit.flippedCommitment(lines[3])
    case 1: lines.swapAt(3, 4)
    case 2: lines.remove(at: 3)
    case 3: try bundle.write(Array((LeafHash.hash([1]).base64 + "\n").utf8), to: BundleFile.peaks)
    case 4: try bundle.write(try bundle.bytes(BundleFile.state) + [UInt8(ascii: " ")], to: BundleFile.state)
    default:
      let proof = try bundle.bytes(BundleFile.toProof)
      try bundle.write(Array(proof.dropFirst(45)), to: BundleFile.toProof)
    }
    try bundle.write(lines: lines, to: BundleFile.lines(1))
    try bundle.fixHashes()
    let result = try run(bundle)
    #expect(result.status != 0)
  }

  @Test("It sees a budget that was exceeded, in a log that its keeper signed")
  func exceededBudgetsFail() throws {
    var log = log
    let start = Array("{\"action\":\"edit.held\"".utf8)
    let index = try #require(log.lines.firstIndex { $0.starts(with: start) })
    log.lines[index] = try #require(TestEdit.changed("usedAfter", in: log.lines[index]))
    let result = try run(try log.export())
    #expect(result.status != 0 && result.output.contains("budget"), "\(result.output)")
  }

  @Test("It has at most 80 lines, and its words are in plain text")
  func scriptIsShort() throws {
    let text = try log.export(to: 0).bytes(BundleFile.script)
    #expect(text.count { $0 == UInt8(ascii: "\n") } <= 80)
    #expect(text.allSatisfy { $0 == UInt8(ascii: "\n") || $0 >= 0x20 && $0 < 0x7F })
  }
}
