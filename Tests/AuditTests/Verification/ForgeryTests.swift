import Audit
import Foundation
import Ledger
import Testing
import TransparencyLog

/// Forgers who know the format, and fix what they can: each is found, with the exit status, the file and the line that the
/// auditor's page promises.
@Suite("Forgeries")
struct ForgeryTests {
  let log: TestLog
  /// Lines 45 to 139, in files of 37: 45 to 81, 82 to 118, 119 to 139.
  let bundle: TestBundle

  init() throws {
    log = TestLog(try AuditedTeam(seed: 21, lines: 150))
    bundle = try log.export(from: 45, to: 140, headSize: 150, known: 20, hasSecrets: false)
  }

  private func found(
    _ verdict: Verification.Verdict, _ file: String? = nil, line index: Int64? = nil,
    in verification: Verification,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(verification.verdict == verdict, "\(verification.sentence)", sourceLocation: sourceLocation)
    #expect(verification.file == file, "\(verification.sentence)", sourceLocation: sourceLocation)
    #expect(verification.index == index, "\(verification.sentence)", sourceLocation: sourceLocation)
    // One sentence, that names what it found.
    #expect(verification.sentence.last == "." && !verification.sentence.contains("\n"), sourceLocation: sourceLocation)
    for name in [file, index.map { "line \($0)" }].compactMap(\.self) {
      #expect(verification.sentence.contains(name), "\(verification.sentence)", sourceLocation: sourceLocation)
    }
  }

  @Test(
    "A flipped line whose hashes are all fixed: 40, itself where a table has its hash, else the first that could be it")
  func flippedLine() throws {
    // Lines that end an edit have rows, the others have none.
    for (actions, isNamed) in [(["settled", "released", "refused"], true), (["held"], false)] {
      let bundle = try log.export(from: 45, to: 140, headSize: 150, hasSecrets: false)
      let starts = actions.map { Array("{\"action\":\"edit.\($0)\"".utf8) }
      let index = try #require((48..<140).first { index in starts.contains { log.lines[index].starts(with: $0) } })
      let name = BundleFile.lines((index - 45) / 37 + 1)
      var lines = try bundle.lines(name)
      let place = (index - 45) % 37
      lines[place] = TestEdit.flippedCommitment(lines[place])
      try bundle.write(lines: lines, to: name)
      try bundle.fixHashes()
      // The lines' root says nothing of where: without a row's word it is the range's first line.
      let line: Int64 = isNamed ? Int64(index) : 45
      found(.altered, isNamed ? name : BundleFile.lines(1), line: line, in: try bundle.verify(head: log.head(20)))
    }
  }

  @Test("The same with peaks as they would have to be: 40")
  func fixedPeaks() throws {
    // The peaks of a history before the range in which a line is another.
    var other = log
    other.lines[12] = TestEdit.flippedCommitment(log.lines[12])
    try bundle.write(Array(HashLines.text(other.peaks(45).hashes).utf8), to: BundleFile.peaks)
    try bundle.fixHashes()
    found(.altered, BundleFile.lines(1), line: 45, in: try bundle.verify(head: log.head(20)))
  }

  @Test("A root that was put right under the old signature: 40, the checkpoint")
  func fixedRoot() throws {
    try forgeLine(60)
    var other = log
    other.lines[60] = TestEdit.flippedCommitment(log.lines[60])
    var text = String(decoding: try log.head(150).bytes, as: UTF8.self)
    text = text.replacing(log.peaks(150).root.base64, with: other.peaks(150).root.base64)
    try bundle.write(Array(text.utf8), to: BundleFile.checkpoint)
    try bundle.write(Array(HashLines.text(try other.proof(140, 150)).utf8), to: BundleFile.toProof)
    try bundle.fixHashes()
    for key in [TestLog.key.verifier, nil] {
      found(.altered, BundleFile.checkpoint, in: try bundle.verify(pinned: key))
    }
  }

  @Test(
    "Signed again by another key of the same name: 40 against the pinned key; without one 20, and the head is refused")
  func signedByAnother() throws {
    var other = log
    other.key = try #require(NoteSigningKey(newNamed: AuditedTeam.logName))
    other.lines[60] = TestEdit.flippedCommitment(log.lines[60])
    other.secrets[60] = nil
    let bundle = try other.export(from: 45, to: 140, headSize: 150, hasSecrets: false)
    let known = try log.head(20)
    found(.altered, BundleFile.checkpoint, in: try bundle.verify(head: known))
    found(.unpinned, in: try bundle.verify(pinned: nil))
    let error = #expect(throws: HeldTextError.self) { try bundle.verify(pinned: nil, head: known) }
    #expect(error?.reason.contains("not signed by the bundle's own key") == true)
    // Its key in the place of the right one changes nothing, nor does the right one beside its signature.
    try bundle.write(Array("\(TestLog.key.verifier.text)\n".utf8), to: BundleFile.key)
    try bundle.fixHashes()
    for key in [TestLog.key.verifier, nil] {
      found(.altered, BundleFile.checkpoint, in: try bundle.verify(pinned: key))
    }
  }

  @Test("Signed by both, with another's key as the bundle's: 40, the key")
  func otherKeyBeside() throws {
    let other = try #require(NoteSigningKey(newNamed: AuditedTeam.logName))
    try bundle.write(Array("\(other.verifier.text)\n".utf8), to: BundleFile.key)
    try bundle.fixHashes()
    found(.altered, BundleFile.key, in: try bundle.verify())
  }

  @Test("Lines taken out, put in, swapped, doubled: 40 at their place, also at the edges of files", arguments: 0..<7)
  func movedLines(kind: Int) throws {
    var first = try bundle.lines(BundleFile.lines(1))
    var second = try bundle.lines(BundleFile.lines(2))
    var place: (name: String, index: Int64) = (BundleFile.lines(1), 45)
    switch kind {
    case 0: first.removeFirst()
    case 1: first.insert(log.lines[44], at: 0)
    case 2: swap(&first, &second)
    case 3:
      let moved = first.removeLast()
      second.insert(moved, at: 0)
      place.index = 81
    case 4:
      second.insert(first[36], at: 0)
      place = (BundleFile.lines(2), 82)
    case 5:
      second.swapAt(0, 36)
      place = (BundleFile.lines(2), 82)
    default:
      first.append(second.removeFirst())
      place.index = 82
    }
    try bundle.write(lines: first, to: BundleFile.lines(1))
    try bundle.write(lines: second, to: BundleFile.lines(2))
    try bundle.fixHashes()
    found(.altered, place.name, line: place.index, in: try bundle.verify(head: log.head(20)))
  }

  @Test("Cut off at the end, in all that the keeper cannot sign: 40, and the manifest when it still names the lines")
  func cutOff() throws {
    var manifest = try bundle.manifest()
    var lines = try bundle.lines(BundleFile.lines(3))
    lines.removeLast(3)
    try bundle.write(lines: lines, to: BundleFile.lines(3))
    try bundle.fixHashes()
    found(.altered, BundleFile.lines(3), line: 137, in: try bundle.verify())
    manifest = try bundle.manifest()
    manifest.to = 137
    let place = try #require(manifest.files.firstIndex { $0.name == BundleFile.lines(3) })
    manifest.files[place].lastIndex = 136
    manifest.files[place].rows = 18
    try bundle.put(manifest)
    found(.altered, BundleFile.toProof, in: try bundle.verify())
  }

  @Test("Cut off and signed again: 10 against a longer head, and 10 for a receipt behind the end, which is uncompared")
  func cutOffAndSigned() throws {
    let cut = try log.export(to: 100, headSize: 100)
    let longer = try cut.verify(head: log.head(120))
    found(.untied, in: longer)
    #expect(longer.sentence.contains("120 lines"))
    let receiptKey = try #require(NoteSigningKey(newNamed: AuditedTeam.logName))
    let receipts = [try log.receipt(110, by: receiptKey), try log.receipt(7, by: receiptKey)]
    let extending = try cut.verify(head: log.head(90), receipts: receipts, receiptKey: receiptKey.verifier)
    found(.untied, in: extending)
    #expect(extending.sentence.contains("receipt for line 110") && !extending.sentence.contains("line 7"))
    #expect(extending.sentence.contains("behind the signed head"))
    #expect(extending.findings.uncompared.map(\.index) == [110])
    let compared = try cut.verify(head: log.head(90), receipts: [receipts[1]], receiptKey: receiptKey.verifier)
    found(.extending, in: compared)
    // In the head's lines, but not in the range.
    let later = try log.export(from: 45, to: 100, headSize: 120).verify(
      head: log.head(90), receipts: [receipts[1]], receiptKey: receiptKey.verifier)
    found(.untied, in: later)
    #expect(later.sentence.contains("line 7 is for none"))
    let untied = try cut.verify(receipts: [receipts[0]], receiptKey: receiptKey.verifier)
    #expect(untied.verdict == .untied && untied.sentence.contains("receipt for line 110"))
    // Grown again with other lines it contradicts the head, and so does the receipt.
    let restored = TestLog(try AuditedTeam(seed: 62, lines: 150))
    let contradicting = try restored.export().verify(head: log.head(120))
    found(.contradicting, in: contradicting)
    #expect(contradicting.evidence.count == 2)
    let receipt = try restored.export().verify(receipts: [receipts[0]], receiptKey: receiptKey.verifier)
    found(.contradicting, in: receipt)
    #expect(receipt.sentence.contains("line 110"))
  }

  @Test("Another team's lines under this team's manifest: 40 at the first line")
  func otherTeamsLines() throws {
    let other = TestLog(try AuditedTeam(seed: 63, lines: 150, team: TeamID(bits: 9)))
    let foreign = try other.export(from: 45, to: 140, headSize: 150, hasSecrets: false)
    for number in 1...3 {
      try bundle.write(try foreign.bytes(BundleFile.lines(number)), to: BundleFile.lines(number))
    }
    try bundle.fixHashes()
    found(.altered, BundleFile.lines(1), line: 45, in: try bundle.verify())
  }

  @Test("Another team's bundle as this team's: 40, the manifest where it does not fit itself, else the checkpoint")
  func otherTeamsManifest() throws {
    var manifest = try bundle.manifest()
    manifest.teamId = TeamID(bits: 9).description
    try bundle.put(manifest)
    found(.altered, BundleFile.manifest, in: try bundle.verify())
    manifest.log = "\(AuditedTeam.logName)/\(TeamID(bits: 9))"
    try bundle.put(manifest)
    found(.altered, BundleFile.checkpoint, in: try bundle.verify())
  }

  @Test("The same team under another origin: 40 against the pinned key, and a receipt of it is refused")
  func otherOrigin() throws {
    var manifest = try bundle.manifest()
    manifest.log = "other.example/\(log.team)"
    try bundle.put(manifest)
    found(.altered, BundleFile.checkpoint, in: try bundle.verify())
    let other = try #require(NoteSigningKey(newNamed: "other.example"))
    let head = try Checkpoint(origin: manifest.log, size: 150, root: log.peaks(150).root).signed(by: other)
    try bundle.write(head.bytes, to: BundleFile.checkpoint)
    try bundle.write(Array("\(other.verifier.text)\n".utf8), to: BundleFile.key)
    try bundle.fixHashes()
    found(.altered, BundleFile.checkpoint, in: try bundle.verify())
    // Who pins nothing sees that the lines say another log.
    found(.altered, BundleFile.state, line: 45, in: try bundle.verify(pinned: nil))
    #expect(throws: HeldTextError.self) {
      try bundle.verify(pinned: nil, receipts: [log.receipt(50, by: TestLog.key)])
    }
  }

  @Test("A head in the place of the range's own proof, or a book of another line: 40")
  func otherTies() throws {
    try bundle.write(Array(HashLines.text(try log.proof(139, 150)).utf8), to: BundleFile.toProof)
    try bundle.fixHashes()
    found(.altered, BundleFile.toProof, in: try bundle.verify())
    let other = try log.export(from: 40, to: 140, headSize: 150, hasSecrets: false)
    let fresh = try log.export(from: 45, to: 140, headSize: 150, hasSecrets: false)
    try fresh.write(try other.bytes(BundleFile.state), to: BundleFile.state)
    try fresh.fixHashes()
    let verification = try fresh.verify()
    found(.altered, BundleFile.state, line: 45, in: verification)
    // The file has no lines of its own.
    #expect(verification.sentence.contains("state.json, for line 45 of the log,"), "\(verification.sentence)")
  }

  /// Changes a line that no table tells of.
  private func forgeLine(_ index: Int) throws {
    var lines = try bundle.lines(BundleFile.lines(1))
    lines[index - 45] = TestEdit.flippedCommitment(lines[index - 45])
    try bundle.write(lines: lines, to: BundleFile.lines(1))
  }
}
