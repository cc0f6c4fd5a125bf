import Audit
import Foundation
import Testing
import TransparencyLog

/// Which line is named: the first that is wrong, wherever anything tells it.
@Suite("The first bad line")
struct FirstBadLineTests {
  let log: TestLog
  /// Lines 45 to 139, in files of 37: 45 to 81, 82 to 118, 119 to 139.
  let bundle: TestBundle

  init() throws {
    log = TestLog(try AuditedTeam(seed: 21, lines: 150))
    bundle = try log.export(from: 45, to: 140, headSize: 150, hasSecrets: false)
  }

  private func expect(
    _ file: String, _ index: Int64?, head: SignedNote? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let verification = try bundle.verify(head: head)
    let words = Comment(rawValue: verification.sentence)
    #expect(verification.verdict == .altered, words, sourceLocation: sourceLocation)
    #expect(verification.file == file && verification.index == index, words, sourceLocation: sourceLocation)
    return verification.sentence
  }

  /// Changes the hash of a payload in a line that no table tells of, at `index` or behind it, and answers its index.
  private func flip(from index: Int) throws -> Int64 {
    let start = Array("{\"action\":\"edit.held\"".utf8)
    let place = try #require((index..<140).first { log.lines[$0].starts(with: start) })
    let name = BundleFile.lines((place - 45) / 37 + 1)
    var lines = try bundle.lines(name)
    lines[(place - 45) % 37] = TestEdit.flippedCommitment(lines[(place - 45) % 37])
    try bundle.write(lines: lines, to: name)
    return Int64(place)
  }

  @Test(
    "Where lines are cut off a file's end, the first that is missing, though no hash was put right", arguments: 1...3)
  func missingLines(number: Int) throws {
    var lines = try bundle.lines(BundleFile.lines(number))
    let next = min(45 + 37 * Int64(number), 140)
    lines.removeLast()
    try bundle.write(lines: lines, to: BundleFile.lines(number))
    _ = try expect(BundleFile.lines(number), next - 1)
    lines.removeLast(4)
    try bundle.write(lines: lines, to: BundleFile.lines(number))
    _ = try expect(BundleFile.lines(number), next - 5)
  }

  @Test("Where a file of lines is missing, its first line", arguments: 1...3)
  func missingFile(number: Int) throws {
    try FileManager.default.removeItem(atPath: bundle.path(BundleFile.lines(number)))
    _ = try expect(BundleFile.lines(number), 45 + 37 * Int64(number - 1))
  }

  @Test("Where a hash alone tells, none of the lines that the reader's own head vouches for")
  func headsVouchForLines() throws {
    let index = try flip(from: 100)
    #expect(index < 119)
    let second = BundleFile.lines(2)
    #expect(try expect(second, 82).contains("line 82, or one behind it"))
    #expect(try expect(second, 90, head: log.head(90)).contains("line 90, or one behind it"))
    _ = try expect(second, index, head: log.head(index))
    try bundle.fixHashes()
    #expect(try expect(BundleFile.lines(1), 45).contains("or peaks"))
    let sentence = try expect(second, 90, head: log.head(90))
    #expect(!sentence.contains("peaks"), "\(sentence)")
    _ = try expect(second, index, head: log.head(index))
    // A head behind the changed line vouches for nothing.
    _ = try expect(BundleFile.lines(1), 45, head: log.head(index + 1))
  }

  @Test("Where the reader's own head vouches for all lines, the proof that does not lead on, or the hash alone")
  func proofsAndHashesAreNamed() throws {
    let rest = try bundle.bytes(BundleFile.toProof).dropFirst(45)
    try bundle.write(Array((LeafHash.hash([1]).base64 + "\n").utf8) + rest, to: BundleFile.toProof)
    try bundle.fixHashes()
    _ = try expect(BundleFile.toProof, nil, head: log.head(140))
    var manifest = try bundle.manifest()
    let place = try #require(manifest.files.firstIndex { $0.name == BundleFile.lines(1) })
    manifest.files[place].sha256 = String(repeating: "0", count: 64)
    try bundle.put(manifest)
    // Its lines end before the head is reached, so nothing vouches for them yet.
    _ = try expect(BundleFile.lines(1), 45, head: log.head(140))
    _ = try expect(BundleFile.lines(1), nil, head: log.head(82))
  }
}
