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

  @Test("Of several keys in one text one must have signed")
  func severalKeysAreTaken() throws {
    let bundle = try log.export(from: 45, to: 140, headSize: 150)
    let others = try (0..<2).map { _ in try #require(NoteSigningKey(newNamed: AuditedTeam.logName)).verifier.text }
    func run(_ keys: [String]) throws -> TestProgram.Result {
      try TestProgram.run("sh", [bundle.path(BundleFile.script), keys.joined(separator: "\n")])
    }
    #expect(try run([others[0], TestLog.key.verifier.text, others[1]]).status == 0)
    #expect(try run(others).status != 0)
    #expect(try run([TestLog.key.verifier.text, "nonsense"]).status != 0)
    #expect(try run([" "]).status != 0)
  }

  @Test("It finds what was altered when all hashes of files were fixed", arguments: 0..<8)
  func alteredBundlesFail(kind: Int) throws {
    let bundle = try log.export(from: 45, to: 140, headSize: 150)
    var lines = try bundle.lines(BundleFile.lines(1))
    switch kind {
    case 0: lines[3] = TestEdit.flippedCommitment(lines[3])
    case 1: lines.swapAt(3, 4)
    case 2: lines.remove(at: 3)
    case 3: try bundle.write(Array((LeafHash.hash([1]).base64 + "\n").utf8), to: BundleFile.peaks)
    case 4: try bundle.write(try bundle.bytes(BundleFile.state) + [UInt8(ascii: " ")], to: BundleFile.state)
    case 5:
      var rows = try bundle.lines(BundleFile.secrets)
      rows.swapAt(4, 5)
      try bundle.write(lines: rows, to: BundleFile.secrets)
    case 6:
      var rows = try bundle.lines(BundleFile.secrets)
      rows.insert(rows[4], at: 4)
      try bundle.write(lines: rows, to: BundleFile.secrets)
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

  @Test(
    "No program that comes in the bundle is run, and a file that the manifest does not name is found",
    arguments: [true, false])
  func plantedProgramsAreNotRun(isInside: Bool) throws {
    let bundle = try log.export(from: 45, to: 140, headSize: 150)
    let script = try TestBundle()
    try FileManager.default.createDirectory(atPath: script.folder, withIntermediateDirectories: true)
    try script.write(try bundle.bytes(BundleFile.script), to: BundleFile.script)
    let trace = script.path("ran")
    for name in ["hashlib.py", "json.py", "tempfile.py"] {
      try bundle.write(Array("open(\(trace.debugDescription), 'w'); import os; os._exit(0)\n".utf8), to: name)
    }
    let result = try TestProgram.run(
      "sh", [script.path(BundleFile.script), TestLog.key.verifier.text], in: isInside ? bundle.folder : script.folder,
      environment: ["BUNDLE": isInside ? "." : bundle.folder])
    #expect(result.status != 0 && result.output.contains("NOT WHOLE"), "\(result.output)")
    #expect(!FileManager.default.fileExists(atPath: trace))
  }

  @Test("A device, a link or a pipe in the place of a file ends the check at once")
  func devicesAreRefused() throws {
    for name in [BundleFile.lines(1), BundleFile.manifest, BundleFile.sums, BundleFile.readMe] {
      let bundle = try log.export(from: 45, to: 140, headSize: 150)
      let script = try TestBundle()
      try FileManager.default.createDirectory(atPath: script.folder, withIntermediateDirectories: true)
      try script.write(try bundle.bytes(BundleFile.script), to: BundleFile.script)
      try FileManager.default.removeItem(atPath: bundle.path(name))
      try FileManager.default.createSymbolicLink(atPath: bundle.path(name), withDestinationPath: "/dev/zero")
      let result = try TestProgram.run(
        "sh", [script.path(BundleFile.script)], environment: ["BUNDLE": bundle.folder])
      #expect(result.status != 0 && result.output.contains("is no file"), "\(result.output)")
    }
  }

  @Test("A book is needed where a range begins inside the log, and an empty range has none")
  func booksAreNeeded() throws {
    let bundle = try log.export(from: 45, to: 140, headSize: 150)
    let state = try bundle.bytes(BundleFile.state)
    // By hand, since no honest manifest leaves it out.
    for name in [BundleFile.manifest, BundleFile.sums] {
      var text = String(decoding: try bundle.bytes(name), as: UTF8.self)
      text = text.split(separator: "\n").filter { !$0.contains(BundleFile.state) }.joined(separator: "\n") + "\n"
      try bundle.write(Array(text.utf8), to: name)
    }
    try FileManager.default.removeItem(atPath: bundle.path(BundleFile.state))
    try fixOwnSum(bundle)
    let result = try run(bundle)
    #expect(result.status != 0 && result.output.contains("book of state.json"), "\(result.output)")
    let empty = try log.export(from: 45, to: 45, headSize: 150)
    #expect(try run(empty).status == 0)
    try empty.write(state, to: BundleFile.state)
    var manifest = try empty.manifest()
    try manifest.insertState(of: empty)
    try empty.put(manifest)
    let forged = try run(empty)
    #expect(forged.status != 0 && forged.output.contains("no line names the book"), "\(forged.output)")
  }

  @Test("Its last line says what it did not check")
  func uncheckedIsSaid() throws {
    let bundle = try log.export()
    let pinned = try run(bundle).output
    #expect(
      pinned.contains("Not checked: tables, statement and totals") && !pinned.contains("who signed it"), "\(pinned)")
    #expect(try run(bundle, key: nil).output.contains("who signed it"))
  }

  /// Puts the manifest's own hash right.
  private func fixOwnSum(_ bundle: TestBundle) throws {
    let sum = try TestProgram.run("sha256sum", [bundle.path(BundleFile.manifest)]).output.prefix(64)
    let sums = String(decoding: try bundle.bytes(BundleFile.sums), as: UTF8.self)
    try bundle.write(Array((sum + sums.dropFirst(64)).utf8), to: BundleFile.sums)
  }

  @Test("It has at most 80 lines, and its words are in plain text")
  func scriptIsShort() throws {
    let text = try log.export(to: 0).bytes(BundleFile.script)
    #expect(text.count { $0 == UInt8(ascii: "\n") } <= 80)
    #expect(text.allSatisfy { $0 == UInt8(ascii: "\n") || $0 >= 0x20 && $0 < 0x7F })
  }
}
