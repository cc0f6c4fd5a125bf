import Audit
import Foundation
import Ledger
import Testing
import TransparencyLog

@Suite("Tampering with a bundle")
struct TamperingTests {
  let log: TestLog
  /// Begins inside the log, so that it has every kind of file.
  let bundle: TestBundle

  init() throws {
    log = TestLog(try AuditedTeam(seed: 21, lines: 150))
    bundle = try log.export(from: 45, to: 140, headSize: 150, known: 20)
  }

  static let files = [
    BundleFile.manifest, BundleFile.sums, BundleFile.checkpoint, BundleFile.key, BundleFile.peaks, BundleFile.toProof,
    BundleFile.knownProof, BundleFile.state, BundleFile.lines(1), BundleFile.lines(2), BundleFile.secrets,
    BundleFile.usage, BundleFile.statementTable, BundleFile.statement, BundleFile.focus, BundleFile.readMe,
    BundleFile.script,
  ]

  func expectAltered(
    _ file: String? = nil, _ index: Int64? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let verification = try bundle.verify()
    #expect(verification.verdict == .altered, "\(verification.sentence)", sourceLocation: sourceLocation)
    #expect(verification.verdict.rawValue == 40)
    if let file { #expect(verification.file == file, "\(verification.sentence)", sourceLocation: sourceLocation) }
    if let index { #expect(verification.index == index, "\(verification.sentence)", sourceLocation: sourceLocation) }
    #expect(verification.sentence.contains(verification.file ?? "?"), sourceLocation: sourceLocation)
  }

  @Test("A flipped byte is found and its file named", arguments: files)
  func flippedByteIsFound(name: String) throws {
    var bytes = try bundle.bytes(name)
    bytes[bytes.count / 2] ^= 0x01
    try bundle.write(bytes, to: name)
    try expectAltered(name)
  }

  @Test("A file that is missing, cut, longer or no file is found and named", arguments: files, 0..<4)
  func missingFileIsFound(name: String, kind: Int) throws {
    let bytes = try bundle.bytes(name)
    switch kind {
    case 0: try FileManager.default.removeItem(atPath: bundle.path(name))
    case 1: try bundle.write(bytes.dropLast(), to: name)
    case 2: try bundle.write(bytes + [UInt8(ascii: "\n")], to: name)
    default:
      try FileManager.default.removeItem(atPath: bundle.path(name))
      try FileManager.default.createDirectory(atPath: bundle.path(name), withIntermediateDirectories: false)
    }
    try expectAltered(name)
  }

  @Test("A link in a file's place is found and named, though it leads to the right bytes", arguments: files)
  func linkIsFound(name: String) throws {
    let other = try TestBundle()
    try FileManager.default.createDirectory(atPath: other.folder, withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: bundle.path(name), toPath: other.path(name))
    try FileManager.default.createSymbolicLink(atPath: bundle.path(name), withDestinationPath: other.path(name))
    try expectAltered(name)
    #expect(try bundle.verify().sentence.contains("is a link"))
    // It hides no contradiction.
    var changed = log
    changed.lines.swapAt(3, 4)
    #expect(try bundle.verify(head: changed.head(150)).verdict == .contradicting)
  }

  @Test(
    "A file that the manifest does not name is found, whatever it is called",
    arguments: [BundleFile.lines(9), "invoice-final.csv", "hashlib.py", "AUDIT-000001.jsonl"])
  func unnamedFileIsFound(name: String) throws {
    try bundle.write(try bundle.bytes(BundleFile.lines(1)), to: name)
    try expectAltered(name)
  }

  @Test("A script or text for people that is not this program's is named, since it proves nothing")
  func foreignTextsAreNamed() throws {
    let known = try log.head(20)
    #expect(try bundle.verify(head: known).findings.foreignTexts.isEmpty)
    try bundle.write(Array("#!/bin/sh\necho all good\n".utf8), to: BundleFile.script)
    try bundle.fixHashes()
    let verification = try bundle.verify(head: known)
    #expect(verification.findings.foreignTexts == [BundleFile.script])
    #expect(verification.sentence.contains("verify.sh is not as this program writes it"), "\(verification.sentence)")
  }

  @Test("What the manifest says of a file's rows and lines is compared, or may not be said", arguments: 0..<6)
  func manifestFieldsAreChecked(kind: Int) throws {
    var manifest = try bundle.manifest()
    func change(_ name: String, _ body: (inout BundleManifest.File) -> Void) throws {
      let place = try #require(manifest.files.firstIndex { $0.name == name })
      body(&manifest.files[place])
    }
    switch kind {
    case 0: try change(BundleFile.secrets) { $0.rows = ($0.rows ?? 0) + 1 }
    case 1: try change(BundleFile.state) { $0.rows = 1 }
    case 2: try change(BundleFile.statement) { $0.rows = 7 }
    case 3: try change(BundleFile.checkpoint) { $0.firstIndex = 0 }
    case 4: try change(BundleFile.usage) { $0.lastIndex = 3 }
    default: try change(BundleFile.focus) { $0.rows = nil }
    }
    try bundle.put(manifest)
    try expectAltered(BundleFile.manifest)
  }

  @Test("A payload that is withheld is counted, and a row that is none is named by its row")
  func payloadsAreCounted() throws {
    let whole = try bundle.verify()
    #expect(whole.findings.missingPayloads == 0 && !whole.sentence.contains("payload"))
    var rows = try bundle.lines(BundleFile.secrets)
    rows.remove(at: 5)
    try bundle.write(lines: rows, to: BundleFile.secrets)
    try bundle.fixHashes()
    try expectAltered(BundleFile.manifest)
    var manifest = try bundle.manifest()
    let place = try #require(manifest.files.firstIndex { $0.name == BundleFile.secrets })
    manifest.files[place].rows = Int64(rows.count)
    try bundle.put(manifest)
    let withheld = try bundle.verify()
    #expect(withheld.verdict == .untied && withheld.findings.missingPayloads == 1)
    #expect(withheld.sentence.contains("1 line has no payload"), "\(withheld.sentence)")
    rows[3] = Array("{}".utf8)
    try bundle.write(lines: rows, to: BundleFile.secrets)
    try bundle.fixHashes()
    let broken = try bundle.verify()
    #expect(
      broken.verdict == .altered && broken.index == nil && broken.sentence.contains("row 4"), "\(broken.sentence)")
  }

  @Test("A key that was rotated since is thought of where the pinned one did not sign")
  func rotatedKeyIsThoughtOf() throws {
    var foreign = log
    foreign.key = try #require(NoteSigningKey(newNamed: AuditedTeam.logName))
    let verification = try foreign.export().verify()
    #expect(verification.verdict == .altered && verification.sentence.contains("log.key_rotated"))
  }

  @Test("A changed line is found by the tree when all hashes of files were fixed")
  func changedLineIsFound() throws {
    var lines = try bundle.lines(BundleFile.lines(1))
    lines[3] = TestEdit.flippedCommitment(lines[3])
    try bundle.write(lines: lines, to: BundleFile.lines(1))
    try FileManager.default.removeItem(atPath: bundle.path(BundleFile.secrets))
    var manifest = try bundle.manifest()
    manifest.files.removeAll { $0.name == BundleFile.secrets }
    try bundle.put(manifest)
    try bundle.fixHashes()
    try expectAltered(BundleFile.lines(1))
  }

  @Test("A changed amount is found at its line when all hashes of files were fixed")
  func changedAmountIsFound() throws {
    var lines = try bundle.lines(BundleFile.lines(1))
    let place = try #require(lines.firstIndex { $0.starts(with: Array("{\"action\":\"edit.settled\"".utf8)) })
    lines[place] = try #require(TestEdit.changed("charge", in: lines[place]))
    try bundle.write(lines: lines, to: BundleFile.lines(1))
    try bundle.fixHashes()
    try expectAltered(BundleFile.lines(1), 45 + Int64(place))
  }

  @Test("Lines that were taken out, put in, swapped or doubled are found at their place", arguments: 0..<5)
  func movedLinesAreFound(kind: Int) throws {
    var lines = try bundle.lines(BundleFile.lines(1))
    switch kind {
    case 0: lines.remove(at: 7)
    case 1: lines.insert(log.lines[3], at: 7)
    case 2: lines.swapAt(7, 8)
    case 3: lines.insert(lines[6], at: 7)
    default: lines[7] = try AuditedTeam(seed: 22, lines: 60, team: TeamID(bits: 5)).lines[52]
    }
    try bundle.write(lines: lines, to: BundleFile.lines(1))
    try bundle.fixHashes()
    try expectAltered(BundleFile.lines(1), 52)
  }

  @Test("A last file that was cut off, in the manifest too, does not lead to the head")
  func cutRangeIsFound() throws {
    var manifest = try bundle.manifest()
    let last = try #require(manifest.files.last { $0.firstIndex != nil })
    manifest.files.removeAll { $0.name == last.name }
    manifest.to = try #require(last.firstIndex)
    try FileManager.default.removeItem(atPath: bundle.path(last.name))
    try bundle.put(manifest)
    try expectAltered()
  }

  @Test(
    "Peaks and proofs that were changed do not lead to the head", arguments: [BundleFile.peaks, BundleFile.toProof])
  func changedPeaksAreFound(name: String) throws {
    let hash = LeafHash.hash([1]).base64 + "\n"
    let rest = try bundle.bytes(name).dropFirst(hash.utf8.count)
    try bundle.write(Array(hash.utf8) + rest, to: name)
    try bundle.fixHashes()
    try expectAltered()
    try bundle.write(Array(rest), to: name)
    try bundle.fixHashes()
    try expectAltered(name)
  }

  @Test("A whole bundle that another key signed is refused by who pinned the right one")
  func foreignSignatureIsFound() throws {
    var foreign = log
    foreign.key = NoteSigningKey(newNamed: AuditedTeam.logName)!
    let bundle = try foreign.export()
    let verification = try bundle.verify()
    #expect(verification.verdict == .altered && verification.file == BundleFile.checkpoint)
    #expect(try bundle.verify(pinned: nil).verdict == .unpinned)
  }

  @Test("A checkpoint of another log or another size does not fit")
  func otherCheckpointIsFound() throws {
    let other = TestLog(try AuditedTeam(seed: 23, lines: 150, team: TeamID(bits: 5)))
    for note in [try other.head(150), try log.head(149), try log.head(139)] {
      try bundle.write(note.bytes, to: BundleFile.checkpoint)
      try bundle.fixHashes()
      try expectAltered()
    }
  }

  @Test("Tables, statements and totals that do not follow from the lines are found", arguments: 0..<5)
  func changedFiguresAreFound(kind: Int) throws {
    let names = [BundleFile.usage, BundleFile.statementTable, BundleFile.statement, BundleFile.focus]
    if kind < names.count {
      let text = String(decoding: try bundle.bytes(names[kind]), as: UTF8.self)
      let place = try #require(text.lastIndex { $0 >= "1" && $0 <= "8" })
      try bundle.write(Array(text.replacingCharacters(in: place...place, with: "9").utf8), to: names[kind])
      try bundle.fixHashes()
      try expectAltered(names[kind])
    } else {
      var manifest = try bundle.manifest()
      manifest.totals.charged += 1
      try bundle.put(manifest)
      try expectAltered(BundleFile.manifest)
    }
  }

  @Test("A payload that is not the line's is found")
  func changedPayloadIsFound() throws {
    var rows = try bundle.lines(BundleFile.secrets)
    rows[4] = Array(String(decoding: rows[4], as: UTF8.self).replacing("Zoë", with: "Zoe").utf8)
    try bundle.write(lines: rows, to: BundleFile.secrets)
    try bundle.fixHashes()
    try expectAltered(BundleFile.secrets, 49)
  }
}
