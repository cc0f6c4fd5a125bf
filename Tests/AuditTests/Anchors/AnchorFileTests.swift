import Audit
import Foundation
import Ledger
import TallyTesting
import Testing
import TransparencyLog

@Suite("Anchor files")
struct AnchorFileTests {
  private static func folder() throws -> TemporaryFolder { try TemporaryFolder() }

  private static func write(_ heads: [SignedNote], to path: String) throws {
    let writer = try AnchorWriter(path)
    for note in heads {
      let head = try Checkpoint(note, signedBy: [TestLog.key.verifier])
      try writer.append(log: head.origin, size: head.size, root: head.root, note: note.bytes, signedAt: .epoch)
    }
    try writer.finish()
  }

  @Test("Each log's head is found again, and one that is not there is not")
  func headsAreFoundAgain() throws {
    let folder = try Self.folder()
    let path = folder.url.appending(path: "heads.jsonl").path
    let logs = try (1...5).map { seed in
      TestLog(try AuditedTeam(seed: seed, lines: 20, team: .init(bits: UInt128(seed))))
    }
    try Self.write(try logs.map { try $0.head($0.size) }, to: path)
    #expect(try AnchorFile.isOne(path))
    // When they were signed is the operator's word, beside the notes.
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.allSatisfy { $0.contains(#""signedAt":"1970-01-01T00:00:00.000000Z""#) })
    for log in logs { #expect(try AnchorFile.note(of: log.origin, in: path) == (try log.head(log.size))) }
    #expect(try AnchorFile.note(of: "tally.example/other", in: path) == nil)
    // What else a reader may bring is a note by itself.
    let note = folder.url.appending(path: "note").path
    try Data(try logs[0].head(3).bytes).write(to: URL(filePath: note))
    #expect(try !AnchorFile.isOne(note))
  }

  @Test("A file that is not finished leaves the one before in its place")
  func unfinishedFilesDoNotAppear() throws {
    let folder = try Self.folder()
    let path = folder.url.appending(path: "heads.jsonl").path
    let log = TestLog(try AuditedTeam(seed: 3, lines: 20))
    try Self.write([try log.head(4)], to: path)
    let before = try Data(contentsOf: URL(filePath: path))
    do {
      let writer = try AnchorWriter(path)
      try writer.append(
        log: log.origin, size: 9, root: log.peaks(9).root, note: try log.head(9).bytes, signedAt: .epoch)
    }
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["heads.jsonl"])
    try Self.write([try log.head(9)], to: path)
    #expect(try AnchorFile.note(of: log.origin, in: path) == (try log.head(9)))
    #expect(throws: FileError.self) { try AnchorWriter("\(path)/below-a-file") }
  }

  @Test("A line that is no head is named", arguments: ["{}", "x", #"{"log":"a","note":"b"}"#, ""])
  func brokenLinesAreNamed(line: String) throws {
    let folder = try Self.folder()
    let path = folder.url.appending(path: "heads.jsonl").path
    let log = TestLog(try AuditedTeam(seed: 3, lines: 20))
    try Self.write([try log.head(4)], to: path)
    var bytes = try Data(contentsOf: URL(filePath: path))
    bytes.append(contentsOf: Array("\(line)\n".utf8))
    try bytes.write(to: URL(filePath: path))
    let error = #expect(throws: HeldTextError.self) { try AnchorFile.note(of: log.origin, in: path) }
    #expect(error?.description.hasPrefix("line 2 of ") == true)
  }

  @Test("A bundle is checked against its log's head in the file")
  func bundlesAreTiedToTheFile() throws {
    let folder = try Self.folder()
    let path = folder.url.appending(path: "heads.jsonl").path
    let log = TestLog(try AuditedTeam(seed: 5, lines: 60))
    let other = TestLog(try AuditedTeam(seed: 6, lines: 60, team: .init(bits: 6)))
    let bundle = try log.export()
    func verdict() throws -> Verification.Verdict {
      var verifier = BundleVerifier(folder: bundle.folder)
      verifier.pinnedKeys = [TestLog.key.verifier]
      verifier.anchorFile = path
      return try verifier.verify().verdict
    }
    try Self.write([try other.head(9), try log.head(30)], to: path)
    #expect(try verdict() == .extending)
    var changed = log
    changed.lines.swapAt(3, 4)
    try Self.write([try changed.head(30), try other.head(9)], to: path)
    #expect(try verdict() == .contradicting)
    try Self.write([try other.head(9)], to: path)
    #expect(throws: HeldTextError.self) { try verdict() }
    try FileManager.default.removeItem(atPath: path)
    #expect(throws: HeldTextError.self) { try verdict() }
  }
}
