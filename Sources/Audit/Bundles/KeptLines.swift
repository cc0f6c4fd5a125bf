import Foundation
import Ledger

/// What an export that was cut left of its lines: all whole ones, up to the last whose secret is there too.
struct KeptLines {
  /// A file and how many of its lines are kept.
  struct File {
    var name: String
    var rows: Int64
  }

  private(set) var files: [File] = []
  private(set) var secretRows: Int64 = 0
  private(set) var secretBytes: Int64 = 0

  /// Looks through `folder`, and removes files behind the kept lines. Throws a `FileError`.
  init(_ range: BundleRange, in folder: String) throws {
    var end = range.from
    var names: [String] = []
    while FileManager.default.fileExists(atPath: "\(folder)/\(BundleFile.lines(names.count + 1))") {
      names.append(BundleFile.lines(names.count + 1))
    }
    var counts: [Int64] = []
    for name in names {
      var rows: Int64 = 0
      _ = try KeptLines.whole(folder, name, Line.byteCountMaximum) { line in
        // A machine that ended may have kept a file and lost the end of the one before it.
        if rows == 0, KeptLines.index(of: line) != end { return false }
        rows += 1
        return true
      }
      guard rows > 0 else { break }
      counts.append(rows)
      end += rows
    }
    counts += Array(repeating: 0, count: names.count - counts.count)
    if range.hasSecrets { end = try min(end, KeptLines.lastSecret(folder).map { $0 + 1 } ?? range.from) }
    var missing = end - range.from
    for (name, count) in zip(names, counts) {
      if missing > 0 {
        files.append(File(name: name, rows: min(count, missing)))
      } else {
        try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
      }
      missing -= min(count, missing)
    }
    if range.hasSecrets {
      secretBytes = try KeptLines.whole(folder, BundleFile.secrets, LineSecret.maximumRowBytes) { row in
        guard let index = LineSecret.parse(row)?.index, index < end else { return false }
        secretRows += 1
        return true
      }
    }
  }

  private static func index(of line: UnsafeRawBufferPointer) -> Int64? { try? Line.parse(Array(line)).0.index }

  private static func lastSecret(_ folder: String) throws -> Int64? {
    var last: Int64?
    _ = try whole(folder, BundleFile.secrets, LineSecret.maximumRowBytes) { row in
      guard let index = LineSecret.parse(row)?.index else { return false }
      last = index
      return true
    }
    return last
  }

  /// Hands out the whole lines of a file while they are wanted, and answers where the last of them ends.
  private static func whole(
    _ folder: String, _ name: String, _ maximumBytes: Int, _ take: (UnsafeRawBufferPointer) -> Bool
  ) throws -> Int64 {
    let path = "\(folder)/\(name)"
    guard FileManager.default.fileExists(atPath: path) else { return 0 }
    let file = try LineFile(path, maximumLineBytes: maximumBytes)
    var end: Int64 = 0
    do {
      while let line = try file.next(), take(line) { end = file.offset }
    } catch is LineFile.Fault {
      // The rest was cut in the middle.
    }
    return end
  }
}
