import Audit
import Foundation
package import Ledger
import LedgerStore

/// Bundles as one stream, for the gateway: a tar archive whose entries are the bundle's files.
extension LogExports {
  /// The most lines of a bundle that is streamed: its tables wait on the disk until they are whole, some 400 bytes a line.
  package static let archiveLinesMaximum: Int64 = 20_000_000

  /// The folder that all entries stand in.
  package static func archiveFolder(_ plan: ExportPlan) -> String { "tally-audit-\(plan.start)-\(plan.to)" }

  /// Writes the bundle of a plan as an archive, file after file as they become whole.
  /// - Parameters:
  ///   - plan: what it holds.
  ///   - folder: a folder of its own for files until they are sent; it must not be there, and is gone afterwards.
  ///   - now: the files' time.
  ///   - write: takes the archive's bytes.
  /// - Throws: `StoreError`, `ExportFailure`, `ExportError`, `BundleFault`, `FileError`, what `write` throws.
  package func writeArchive(
    _ plan: ExportPlan, by folder: String, now: Timestamp, _ write: ([UInt8]) async throws -> Void
  ) async throws {
    guard plan.to - plan.start <= Self.archiveLinesMaximum else {
      throw ExportFailure.tooLong(maximum: Self.archiveLinesMaximum)
    }
    let range = try await bundleRange(plan)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // For this program's eyes only, whatever the folder around it lets others do.
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let earlier = GivenLines()
    let writer = try BundleWriter(range, in: folder, earlier: earlier)
    let archive = Archive(
      folder: folder, root: Self.archiveFolder(plan), modified: now.microseconds / Timestamp.microsecondsPerSecond)
    var sent: Set<String> = []
    let rest = plan.source.range(from: range.from, to: range.to)
    try await store.readLines(rest, withSecrets: range.hasSecrets, pace: pace) { chunk in
      try await bring(chunk, from: range.from, to: earlier, plan.source)
      try append(chunk, to: writer)
      for file in writer.finishedFiles where !sent.contains(file.name) {
        try await archive.send(file.name, write)
        sent.insert(file.name)
      }
    }
    let manifest = try writer.finish()
    for file in manifest.files where !sent.contains(file.name) { try await archive.send(file.name, write) }
    // Last, as on a disk: what has no manifest is no bundle.
    try await archive.send(BundleFile.sums, write)
    try await archive.send(BundleFile.manifest, write)
    try await write(TarEntry.end)
  }

  /// Brings the lines that those of a chunk name.
  func bring(_ chunk: LogChunk, from first: Int64, to earlier: GivenLines, _ log: TeamLog) async throws {
    var named: Set<Int64> = []
    chunk.forEachLine { _, line in
      for index in GivenLines.named(by: line) where index >= first && index < chunk.end { named.insert(index) }
    }
    var lines: [Int64: [UInt8]] = [:]
    let indexes = named.sorted()
    for start in stride(from: 0, to: indexes.count, by: Self.linesAtOnce) {
      let part = Array(indexes[start..<min(start + Self.linesAtOnce, indexes.count)])
      for line in try await store.lineBytes(of: log.team, at: part, base: log.base) { lines[line.index] = line.bytes }
    }
    earlier.bring(lines)
  }

  /// Single lines of one read.
  private static let linesAtOnce = 1_000
}

/// Files of a folder on their way into an archive: each is gone from the folder once it was sent.
private struct Archive {
  let folder: String
  let root: String
  let modified: Int64

  private static let pieceBytes = 256 << 10

  func send(_ name: String, _ write: ([UInt8]) async throws -> Void) async throws {
    let path = "\(folder)/\(name)"
    guard let file = FileHandle(forReadingAtPath: path) else { throw CocoaError(.fileReadNoSuchFile) }
    defer { try? file.close() }
    let size = try file.seekToEnd()
    try file.seek(toOffset: 0)
    let entry = TarEntry(name: "\(root)/\(name)", size: Int64(size), modified: modified)
    try await write(entry.header)
    var left = Int(size)
    while left > 0, let piece = try file.read(upToCount: min(left, Self.pieceBytes)), !piece.isEmpty {
      try await write([UInt8](piece))
      left -= piece.count
    }
    guard left == 0 else { throw CocoaError(.fileReadUnknown) }
    try await write(entry.padding)
    try FileManager.default.removeItem(atPath: path)
  }
}
