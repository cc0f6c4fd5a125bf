import Audit
import Foundation
import Testing

/// Files of ten thousand million bytes: no file of a bundle is read further than it can be right.
@Suite("Huge files")
struct HugeFileTests {
  let log: TestLog
  let bundle: TestBundle

  init() throws {
    log = TestLog(try AuditedTeam(seed: 81, lines: 150))
    bundle = try log.export(from: 45, to: 140, headSize: 150, known: 20)
  }

  /// Makes a file larger without writing anything; the end of it reads as zeros.
  private func grow(_ name: String, keeping: Bool) throws {
    let file = try #require(FileHandle(forWritingAtPath: bundle.path(name)))
    if !keeping { try file.truncate(atOffset: 0) }
    try file.truncate(atOffset: 10_000_000_000)
    try file.close()
  }

  @Test(
    "A file of 10 GB is named, whichever it is and however it begins", arguments: TamperingTests.files, [true, false])
  func hugeFileIsNamed(name: String, keeping: Bool) throws {
    try grow(name, keeping: keeping)
    let verification = try bundle.verify()
    #expect(verification.verdict == .altered && verification.file == name, "\(verification.sentence)")
    #expect(verification.sentence.contains(name))
  }

  @Test("A line of 10 GB is refused without being read into memory, and named")
  func hugeLineIsNamed() throws {
    try grow(BundleFile.lines(1), keeping: false)
    var manifest = try bundle.manifest()
    // In the manifest too, so that only the line tells.
    let place = try #require(manifest.files.firstIndex { $0.name == BundleFile.lines(1) })
    manifest.files[place].bytes = 10_000_000_000
    try bundle.put(manifest)
    let before = Self.residentKilobytes()
    let verification = try bundle.verify()
    #expect(verification.verdict == .altered && verification.file == BundleFile.lines(1) && verification.index == 45)
    #expect(verification.sentence.contains("longer than any"), "\(verification.sentence)")
    // The line's limit is 64 KiB; other tests of this process run meanwhile.
    #expect(Self.residentKilobytes() - before < 1_000_000)
  }

  private static func residentKilobytes() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    return Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0
  }
}
