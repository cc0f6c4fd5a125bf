import Foundation
import Ledger
import TransparencyLog

/// Writes an export bundle: lines go in, one after the other, as they are stored, and everything else follows from them
/// (docs/audit.md, the export bundle).
///
/// Its memory is that of the open edits and the budgets, however long the range. The bytes depend on the range alone, so an
/// export that was cut and resumed is the same as one that was not; the manifest is written last, so a folder without one
/// is no bundle.
package final class BundleWriter {
  let folder: String
  /// What the bundle is to hold.
  package let range: BundleRange
  private let limits: BundleLimits
  private let head: Checkpoint
  private var pass: RangePass
  private let usage: WrittenFile
  private let focus: WrittenFile
  private var secrets: WrittenFile?
  private var finished: [BundleManifest.File] = []
  private var current: WrittenFile?
  private var currentFirst: Int64

  /// Begins the bundle of `range` in `folder`, which is made; the parent must be there.
  ///
  /// - Parameter earlier: where lines that came before are found again; nil: in the folder's own files, which have to stay
  ///   there until the end.
  ///
  /// Throws an `ExportError` where the folder has something in it or the range does not fit together, and a `FileError`.
  package convenience init(
    _ range: BundleRange, in folder: String, limits: BundleLimits = .standard, earlier: GivenLines? = nil
  ) throws {
    _ = try range.head()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    guard try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty else {
      throw ExportError("the folder \(folder) is not empty")
    }
    try range.keep(in: folder)
    try self.init(range, at: folder, limits: limits, earlier: earlier)
    if range.hasSecrets { secrets = try WrittenFile(BundleFile.secrets, in: folder) }
  }

  /// Goes on with the export that was cut in `folder`: its lines are kept, and `nextIndex` says which is wanted next.
  ///
  /// Throws an `ExportError` where none was cut there or what is left of it is damaged, and a `FileError`.
  package convenience init(resuming folder: String, limits: BundleLimits = .standard) throws {
    guard let range = try BundleRange(unfinishedIn: folder) else {
      throw ExportError("there is no export in \(folder) to go on with")
    }
    let kept = try KeptLines(range, in: folder)
    try self.init(range, at: folder, limits: limits)
    try take(kept)
  }

  private init(
    _ range: BundleRange, at folder: String, limits: BundleLimits, earlier: GivenLines? = nil
  ) throws {
    self.folder = folder
    self.range = range
    self.limits = limits
    head = try range.head()
    currentFirst = range.from
    usage = try WrittenFile(BundleFile.usage, in: folder)
    focus = try WrittenFile(BundleFile.focus, in: folder)
    usage.appendHeading(UsageTable.heading)
    focus.appendHeading(FocusTable.heading)
    let accounts = try RangeAccounts(
      log: head.origin, team: range.team, from: range.from, state: range.state, isEmpty: range.from == range.to)
    let peaks = try Peaks(size: range.from, hashes: range.peaks)
    pass = RangePass(
      folder: folder, earlier: earlier, accounts: accounts, root: StreamingRoot(peaks: peaks), usage: usage,
      focus: focus)
  }

  /// Name of the log.
  package var log: String { head.origin }

  /// Index of the line that is wanted next; `range.to` when there are enough.
  package var nextIndex: Int64 { pass.next }

  /// The files of lines that are whole and on the disk.
  package var finishedFiles: [BundleManifest.File] { finished }

  /// The first line of which the books do not balance or break a rule; nil while there is none. The bundle is written all
  /// the same: its reader has to see it.
  package var bookFault: BookFault? { pass.accounts.fault }

  /// Takes the next line, and what is personal in it where that was not erased.
  ///
  /// Throws an `ExportError` where it is one too many, a `BundleFault` where it is no line or not the next one, and a
  /// `FileError`.
  package func append(_ line: [UInt8], secret: LineSecret? = nil) throws {
    guard nextIndex < range.to else { throw ExportError("the range ends before line \(nextIndex)") }
    if let current, current.rows >= limits.lines || current.byteCount + Int64(line.count) + 1 > limits.bytes {
      try finishLines()
    }
    let file = try current ?? WrittenFile(BundleFile.lines(finished.count + 1), in: folder)
    if current == nil {
      current = file
      currentFirst = nextIndex
    }
    // The books may look for a line that is still in the buffer.
    if GivenLines.mayName(line[...]) { try file.flush() }
    let index = nextIndex
    let taken = try line.withUnsafeBytes {
      try pass.take($0, of: file.name, offset: file.byteCount, isFirst: file.rows == 0)
    }
    try file.appendLine(line)
    if let secret {
      guard secret.commitment == taken.commitment.bytes else {
        throw BundleFault(BundleFile.secrets, index: index, "is not what the line's hash is of")
      }
      try secrets?.appendLine(secret.row(index: index))
    }
  }

  /// Ends the bundle and answers its manifest.
  ///
  /// Throws an `ExportError` where lines are missing or they and the peaks do not lead to the signed head, and a
  /// `FileError`.
  package func finish() throws -> BundleManifest {
    guard nextIndex == range.to else { throw ExportError("lines are missing from \(nextIndex) on") }
    do {
      try ConsistencyProof(oldSize: range.to, newSize: head.size, hashes: range.toProof)
        .verify(oldRoot: pass.root.root, newRoot: head.root)
    } catch {
      throw ExportError("the lines do not lead to the signed head: \(error)")
    }
    if current != nil { try finishLines() }
    let manifest = try writeRest()
    try WholeFile.write(manifest.sums, to: "\(folder)/\(BundleFile.sums)")
    try WholeFile.write(manifest.text, to: "\(folder)/\(BundleFile.manifest)")
    try FileManager.default.removeItem(atPath: "\(folder)/\(BundleFile.unfinished)")
    return manifest
  }

  private func finishLines() throws {
    guard let file = current else { return }
    finished.append(try file.finish(firstIndex: currentFirst, lastIndex: nextIndex - 1))
    current = nil
  }

  private func writeRest() throws -> BundleManifest {
    var files = range.ties.map { BundleWriter.file($0.name, $0.bytes) }
    files += finished
    if let secrets { files.append(try secrets.finish()) }
    files.append(try usage.finish())
    let statement = Statement(accounts: pass.accounts, to: range.to)
    let table = statement.table
    files.append(try write(BundleFile.statementTable, table.flatMap(\.self), rows: Int64(table.count - 1)))
    files.append(try write(BundleFile.statement, statement.json))
    files.append(try focus.finish())
    files.append(try write(BundleFile.readMe, PackageResources.README_txt))
    files.append(try write(BundleFile.script, PackageResources.verify_sh))
    let accounts = pass.accounts
    let isEmpty = accounts.firstAt == nil
    return BundleManifest(
      log: accounts.log, teamId: range.team.description, from: range.from, to: range.to,
      fromTime: accounts.firstAt?.rfc3339, toTime: isEmpty ? nil : accounts.lastAt.rfc3339, files: files,
      totals: accounts.totals)
  }

  private func write(_ name: String, _ bytes: [UInt8], rows: Int64? = nil) throws -> BundleManifest.File {
    try WholeFile.write(bytes, to: "\(folder)/\(name)")
    return BundleWriter.file(name, bytes, rows: rows)
  }

  private static func file(_ name: String, _ bytes: [UInt8], rows: Int64? = nil) -> BundleManifest.File {
    BundleManifest.File(
      name: name, bytes: Int64(bytes.count), sha256: FileHash.hexadecimal(of: bytes), rows: rows, firstIndex: nil,
      lastIndex: nil)
  }

  /// Goes through the lines that a cut export left, and behind the last of them.
  private func take(_ kept: KeptLines) throws {
    for file in kept.files {
      let first = nextIndex
      let reader = try LineFile("\(folder)/\(file.name)", maximumLineBytes: Line.byteCountMaximum)
      var rows: Int64 = 0
      while rows < file.rows, let line = try reader.next() {
        let offset = reader.offset - Int64(line.count) - 1
        _ = try pass.take(line, of: file.name, offset: offset, isFirst: rows == 0)
        rows += 1
      }
      let written = try WrittenFile(file.name, in: folder, keeping: reader.offset, rows: rows)
      if file.name == kept.files.last?.name {
        current = written
        currentFirst = first
      } else {
        finished.append(try written.finish(firstIndex: first, lastIndex: nextIndex - 1))
      }
    }
    if range.hasSecrets {
      secrets = try WrittenFile(BundleFile.secrets, in: folder, keeping: kept.secretBytes, rows: kept.secretRows)
    }
  }
}
