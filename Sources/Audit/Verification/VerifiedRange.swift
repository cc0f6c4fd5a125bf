import Ledger
import TransparencyLog

/// The lines of a bundle while they are checked.
struct VerifiedRange {
  /// What a receipt says of a line, to be found in the range.
  struct Leaf {
    var hash: Digest
    var at: Timestamp
  }

  private let manifest: BundleManifest
  private let files: BundleFiles
  private let ties: BundleTies
  /// Files that are hashed side by side.
  private enum Stream: Int, CaseIterable {
    case lines, usage, focus
  }

  private let hashes = StreamHashes(count: Stream.allCases.count)
  private let usage: ComparedFile
  private let focus: ComparedFile
  private let secrets: SecretRows?
  /// The first line whose hash is not of its row in `private.jsonl`. Which of the two was changed shows only when the
  /// file of the line is known to be right.
  private var secretFault: BundleFault?
  private let wanted: Set<Int64>
  /// The head that the reader holds: where the lines below its size have its root, they are what was signed.
  private let heldHead: Checkpoint?
  private var pass: RangePass
  /// The lines that were wanted.
  private(set) var leaves: [Int64: Leaf] = [:]

  /// The lines that `manifest` names. Throws a `BundleFault`, and a `FileError`.
  init(_ manifest: BundleManifest, _ files: BundleFiles, _ ties: BundleTies, _ held: HeldTexts) throws {
    self.manifest = manifest
    self.files = files
    self.ties = ties
    usage = try ComparedFile(BundleFile.usage, in: files.folder, hashes: hashes, stream: Stream.usage.rawValue)
    focus = try ComparedFile(BundleFile.focus, in: files.folder, hashes: hashes, stream: Stream.focus.rawValue)
    secrets = manifest.file(BundleFile.secrets) == nil ? nil : try SecretRows(files.path(BundleFile.secrets))
    wanted = held.indexes
    heldHead = held.head
    guard let team = manifest.team else { throw BundleFault(BundleFile.manifest, "names no team") }
    let accounts = try RangeAccounts(
      log: manifest.log, team: team, from: manifest.from, state: ties.state, isEmpty: manifest.from == manifest.to)
    let root = StreamingRoot(peaks: ties.peaks, keepingRootsAt: held.sizes)
    pass = RangePass(
      folder: files.folder, accounts: accounts, root: root, usage: usage, focus: focus,
      hashes: hashes)
    try UsageTable.heading.withUnsafeBytes { try usage.append($0, index: nil) }
    try FocusTable.heading.withUnsafeBytes { try focus.append($0, index: nil) }
  }

  var root: StreamingRoot { pass.root }
  var accounts: RangeAccounts { pass.accounts }
  /// How many lines have no row in `private.jsonl`, once all were read; nil where the bundle has no such file.
  var missingPayloads: Int64? { secrets.map { manifest.to - manifest.from - $0.rows } }
  /// Keys of receipts that lines of the range announced.
  var announcedKeys: [NoteVerifierKey] { accounts.receiptKeys.compactMap(NoteVerifierKey.init(text:)) }

  /// Reads all lines. Throws a `BundleFault` that names file and line, and a `FileError`.
  mutating func read(progress: (Int64) -> Void) throws {
    for file in manifest.lineFiles { try read(file, progress) }
  }

  private mutating func read(_ file: BundleManifest.File, _ progress: (Int64) -> Void) throws {
    let reader = try open(file)
    var isFirst = true
    do {
      while let line = try reader.next() {
        let index = pass.next
        guard index < manifest.to else { throw BundleFault(file.name, index: index, "is one line too many") }
        let leaf = reader.leafHash(of: line)
        let taken = try pass.take(
          line, leaf: leaf, of: file.name, offset: reader.offset - Int64(line.count) - 1, isFirst: isFirst)
        isFirst = false
        try takeSecret(taken)
        if wanted.contains(index) { leaves[index] = Leaf(hash: leaf, at: taken.at) }
        progress(pass.next)
      }
    } catch let fault as LineFile.Fault {
      throw BundleFault(file.name, index: pass.next, "is \(fault.words)")
    }
    try check(file, reader)
  }

  /// Opens a file of lines. Throws a `BundleFault` where it is missing, since its lines are.
  private func open(_ file: BundleManifest.File) throws(BundleFault) -> LineFile {
    do {
      return try LineFile(
        files.path(file.name), maximumLineBytes: Line.byteCountMaximum, hashes: hashes, stream: Stream.lines.rawValue,
        ofLeaves: true)
    } catch {
      throw BundleFault(file.name, index: pass.next, "\(error.what)\(error.cause.map { ": \($0)" } ?? "")")
    }
  }

  /// Throws a `BundleFault` unless a file that was read to its end is the one that the manifest names.
  private func check(_ file: BundleManifest.File, _ reader: LineFile) throws(BundleFault) {
    let first = max(file.firstIndex ?? manifest.from, proven)
    let suspect = suspect(from: first)
    guard let last = file.lastIndex, pass.next - 1 == last else {
      // Each line is at its place, so the first that is one too many is known, or the first that is missing.
      let odd = min(pass.next, (file.lastIndex ?? manifest.to) + 1)
      throw BundleFault(
        file.name, index: min(suspect ?? odd, odd), "does not hold the lines that the manifest says")
    }
    do {
      try BundleFiles.check(file, bytes: reader.offset, sha256: reader.hexadecimal)
    } catch {
      if let suspect {
        throw BundleFault(file.name, index: suspect, "or one before it, was changed: the file \(error.reason)")
      }
      // All of its lines are what was signed: then it is the manifest that was changed.
      guard first <= last else { throw error }
      throw BundleFault(file.name, index: first, "or one behind it, was changed: the file \(error.reason)")
    }
  }

  private mutating func takeSecret(_ line: TakenLine) throws {
    guard secretFault == nil else { return }
    do {
      try secrets?.take(line)
    } catch let fault as BundleFault {
      secretFault = fault
    }
  }

  /// Whether the lines lead to the signed head: then they are what was signed, whatever else is wrong with the bundle.
  /// Throws a `BundleFault`.
  func checkLines() throws {
    guard pass.next == manifest.to else {
      throw BundleFault(BundleFile.manifest, index: pass.next, "names lines that are not there")
    }
    try checkRoot()
  }

  /// Compares all that follows from the lines. Throws a `BundleFault`, and a `FileError`.
  func finish() throws {
    if let secretFault { throw secretFault }
    if let secrets {
      let hash = try secrets.finish()
      try check(BundleFile.secrets, bytes: hash.bytes, sha256: hash.sha256)
      guard manifest.file(BundleFile.secrets)?.rows == secrets.rows else {
        throw BundleFault(BundleFile.manifest, "has another number of rows for \(BundleFile.secrets)")
      }
    }
    try checkTables()
    let statement = Statement(accounts: accounts, to: manifest.to)
    let table = statement.table
    try compare(BundleFile.statementTable, with: table.flatMap(\.self))
    guard manifest.file(BundleFile.statementTable)?.rows == Int64(table.count - 1) else {
      throw BundleFault(BundleFile.manifest, "has another number of rows for \(BundleFile.statementTable)")
    }
    try compare(BundleFile.statement, with: statement.json)
    guard manifest.totals == accounts.totals else {
      throw BundleFault(BundleFile.manifest, "has other totals than the lines")
    }
    guard manifest.fromTime == accounts.firstAt?.rfc3339,
      manifest.toTime == (accounts.firstAt == nil ? nil : accounts.lastAt.rfc3339)
    else { throw BundleFault(BundleFile.manifest, "has other times than the lines") }
  }

  private func checkRoot() throws(BundleFault) {
    do {
      try ties.toProof.verify(oldRoot: root.root, newRoot: ties.head.root)
    } catch {
      // Lines that have the root of the reader's own head are right.
      let proven = proven
      guard proven < manifest.to, error == .otherRoot(size: manifest.to) else {
        throw BundleFault(BundleFile.toProof, "does not lead to the signed root: \(error)")
      }
      let index = suspect(from: proven) ?? proven
      let file = manifest.lineFiles.first { $0.lastIndex.map { $0 >= index } ?? false }
      throw BundleFault(
        file?.name ?? BundleFile.peaks, index: index,
        "or one behind it\(proven > manifest.from ? "" : ", or \(BundleFile.peaks),") is not what was signed: they lead to "
          + "another root")
    }
  }

  private func checkTables() throws {
    for table in [usage, focus] {
      let hash = try table.finish(byteCount: manifest.file(table.name)?.bytes ?? 0)
      try check(table.name, bytes: hash.bytes, sha256: hash.sha256)
      if table.isDifferent {
        throw BundleFault(table.name, index: table.firstDifference, "is not what follows from the lines")
      }
      guard manifest.file(table.name)?.rows == table.rows - 1 else {
        throw BundleFault(BundleFile.manifest, "has another number of rows for \(table.name)")
      }
    }
  }

  private func compare(_ name: String, with expected: [UInt8]) throws {
    let bytes = try files.read(name, manifest, maximumBytes: BundleVerifier.maximumStateBytes)
    guard bytes == expected else { throw BundleFault(name, "is not what follows from the lines") }
  }

  private func check(_ name: String, bytes: Int64, sha256: String) throws(BundleFault) {
    guard let file = manifest.file(name) else { throw BundleFault(name, "is not named in the manifest") }
    try BundleFiles.check(file, bytes: bytes, sha256: sha256)
  }

  /// The lines below this one are what was signed, since the reader's own head says the same root of them.
  private var proven: Int64 {
    guard let heldHead, let found = root.roots[heldHead.size], found == heldHead.root else { return manifest.from }
    return heldHead.size
  }

  /// The first line that is known to be odd, at `index` or behind it; nil where none is.
  private func suspect(from index: Int64) -> Int64? {
    [accounts.fault?.index, usage.firstDifference, focus.firstDifference, secretFault?.index].compactMap(\.self).filter
    { $0 >= index }
    .min()
  }
}
