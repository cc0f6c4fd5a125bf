import Audit
import Foundation
import Ledger
import TallyTesting
import Testing
import TransparencyLog

@Suite("Bundle writer")
struct BundleWriterTests {
  @Test("What is written is found whole, wherever the range lies in the log", arguments: 0..<12)
  func everyRangeIsWhole(seed: UInt64) throws {
    var generator = SeededGenerator(seed: RunSeed.value &+ seed)
    let log = TestLog(try AuditedTeam(seed: RunSeed.value &+ seed, lines: 150))
    for _ in 0..<3 {
      let from = try #require(([0] + AuditedTeam.closings).randomElement(using: &generator))
      let to = Int64.random(in: from...log.size, using: &generator)
      let headSize = Int64.random(in: to...log.size, using: &generator)
      let bundle = try log.export(from: from, to: to, headSize: headSize, hasSecrets: generator.chance(50))
      let verification = try bundle.verify()
      #expect(
        verification.verdict == .untied,
        "seed \(RunSeed.value), \(from)..<\(to) of \(headSize): \(verification.sentence)")
    }
  }

  @Test("The lines are the stored bytes, and files are divided at their limits")
  func linesAreStoredBytes() throws {
    let log = TestLog(try AuditedTeam(seed: 7, lines: 200))
    let bundle = try log.export()
    let manifest = try bundle.manifest()
    let files = manifest.files.filter { $0.firstIndex != nil }
    #expect(files.count > 5)
    #expect(files.allSatisfy { ($0.rows ?? 0) <= 37 && $0.bytes <= 40_000 })
    #expect(try files.flatMap { try bundle.lines($0.name) } == log.lines)
    #expect(files.map(\.name) == (1...files.count).map(BundleFile.lines))
    #expect(manifest.from == 0 && manifest.to == log.size)
  }

  @Test("A cut export goes on to the same bytes", arguments: [true, false])
  func resumedExportIsTheSame(hasSecrets: Bool) throws {
    var generator = SeededGenerator(seed: RunSeed.value)
    var team = try AuditedTeam(seed: RunSeed.value, lines: 160)
    for index in stride(from: 3, to: 160, by: 7) { team.erase(index) }
    let log = TestLog(team)
    let expected = try log.export(from: 40, hasSecrets: hasSecrets).files()
    for _ in 0..<8 {
      let bundle = try TestBundle()
      let range = try log.range(from: 40, hasSecrets: hasSecrets)
      let cut = Int64.random(in: 40...log.size, using: &generator)
      do {
        let writer = try BundleWriter(range, in: bundle.folder, limits: TestLog.smallFiles)
        try log.write(to: writer, until: cut)
      }
      // What was not yet handed to the system is lost with the process; a line may be cut in the middle.
      for name in [BundleFile.lines(1), BundleFile.lines(2), BundleFile.secrets] {
        guard var bytes = try? bundle.bytes(name), generator.chance(50) else { continue }
        bytes.removeLast(min(bytes.count, Int.random(in: 0...2_000, using: &generator)))
        try bundle.write(bytes, to: name)
        if name == BundleFile.lines(1) { try? FileManager.default.removeItem(atPath: bundle.path(BundleFile.lines(2))) }
      }
      let writer = try BundleWriter(resuming: bundle.folder, limits: TestLog.smallFiles)
      #expect(writer.nextIndex <= cut)
      try log.write(to: writer, until: range.to)
      _ = try writer.finish()
      let files = try bundle.files()
      #expect(files.keys.sorted() == expected.keys.sorted())
      for (name, bytes) in expected { #expect(files[name] == bytes, "\(name), seed \(RunSeed.value), cut at \(cut)") }
    }
  }

  @Test("An empty log and an empty range are bundles without lines")
  func emptyRangesAreWhole() throws {
    let empty = TestLog(AuditedTeam(seed: 1))
    let bundle = try empty.export()
    #expect(try bundle.verify().verdict == .untied)
    #expect(try bundle.manifest().files.allSatisfy { $0.firstIndex == nil })
    let log = TestLog(try AuditedTeam(seed: 1, lines: 60))
    #expect(try log.export(from: 30, to: 30).verify().verdict == .untied)
  }

  @Test(
    "An empty range has no book and no figures, since no line of it could name them", arguments: [30, 37, 0] as [Int64])
  func emptyRangesHaveNoBook(at index: Int64) throws {
    let log = TestLog(try AuditedTeam(seed: 1, lines: 60))
    let bundle = try log.export(from: index, to: index)
    #expect(!FileManager.default.fileExists(atPath: bundle.path(BundleFile.state)))
    #expect(try bundle.manifest().files.first { $0.name == BundleFile.statementTable }?.rows == 0)
    let known = try log.head(20)
    #expect(try bundle.verify().verdict == .untied)
    // A book that somebody writes for it, with figures and hashes to match.
    guard index > 0 else { return }
    let book = try TeamBook.replay(lines: log.lines.prefix(Int(index)))
    try bundle.write(BookText.write(book), to: BundleFile.state)
    var manifest = try bundle.manifest()
    try manifest.insertState(of: bundle)
    try bundle.put(manifest)
    let forged = try bundle.verify(head: known)
    #expect(forged.verdict == .altered && forged.file == BundleFile.state, "\(forged.sentence)")
    #expect(forged.sentence.contains("is named by no line"))
  }

  @Test("Nothing is written that its reader would not find whole")
  func brokenInputsAreRefused() throws {
    let log = TestLog(try AuditedTeam(seed: 2, lines: 60))
    let bundle = try TestBundle()
    let range = try log.range()
    var short = range
    short.to = 61
    #expect(throws: ExportError.self) { try BundleWriter(short, in: bundle.folder) }
    var foreign = range
    foreign.key = NoteSigningKey(newNamed: AuditedTeam.logName)!.verifier
    #expect(throws: ExportError.self) { try BundleWriter(foreign, in: bundle.folder) }
    var otherTeam = range
    otherTeam.team = TeamID(bits: 9)
    #expect(throws: ExportError.self) { try BundleWriter(otherTeam, in: bundle.folder) }
    let writer = try BundleWriter(range, in: bundle.folder)
    #expect(throws: BundleFault.self) { try writer.append(log.lines[1]) }
    #expect(throws: BundleFault.self) {
      try writer.append(log.lines[0], secret: LineSecret(salt: [UInt8](repeating: 0, count: 32), payload: []))
    }
    #expect(throws: ExportError.self) { try BundleWriter(range, in: bundle.folder) }
    #expect(throws: ExportError.self) { try writer.finish() }
  }

  @Test("Lines that do not lead to the signed head are never made a bundle")
  func otherLinesAreRefused() throws {
    var log = TestLog(try AuditedTeam(seed: 3, lines: 60))
    let range = try log.range()
    log.lines[20] = TestEdit.flippedCommitment(log.lines[20])
    let bundle = try TestBundle()
    let writer = try BundleWriter(range, in: bundle.folder)
    log.secrets[20] = nil
    try log.write(to: writer, until: log.size)
    #expect(throws: ExportError.self) { try writer.finish() }
  }
}
