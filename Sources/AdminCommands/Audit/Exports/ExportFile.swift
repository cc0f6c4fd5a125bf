import Exports
import Foundation
import Ledger

/// The file of an export that is no bundle. It has its name once it is whole: until then it is called `NAME.unfinished`, and
/// beside it stands what it is to hold, so that a cut export goes on to the same bytes.
final class ExportFile {
  /// What a cut export was to hold.
  struct Unfinished: Codable {
    var teamId: String
    /// The log's name; nil in what was cut before there was one.
    var log: String?
    var format: ExportFormat
    var from: Int64
    var to: Int64
    /// What chooses the lines of a list; nil: it is none.
    var filters: String?
    /// The signed head that the proofs of a list lead to.
    var head: String?

    init(team: TeamID, log: String, format: ExportFormat, from: Int64, to: Int64) {
      teamId = team.description
      self.log = log
      self.format = format
      self.from = from
      self.to = to
    }

    var team: TeamID? { TeamID(teamId) }
  }

  private let path: String
  private let file: FileHandle
  /// What was found beside a cut file; nil for a new one.
  let range: Unfinished?
  /// Bytes that a cut file still has.
  private var keptBytes: UInt64 = 0
  /// Lines in it, a table's heading counted.
  private(set) var rows: Int64 = 0

  private var part: String { path + ".unfinished" }
  private var mark: String { part + ".json" }
  private var isStandardOutput: Bool { path == "-" }

  /// A new file; `-`: standard output. Throws `CommandFailure` where it is there already or cannot be made.
  init(_ path: String) throws {
    self.path = path
    range = nil
    guard path != "-" else {
      file = .standardOutput
      return
    }
    guard !FileManager.default.fileExists(atPath: path) else {
      throw CommandFailure(.usage, "\(path) is there already: name another file")
    }
    let descriptor = open(path + ".unfinished", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      guard errno == EEXIST else {
        throw CommandFailure(.failed, "\(path) cannot be made: \(String(cString: strerror(errno)))")
      }
      throw CommandFailure(
        .usage, "an export to \(path) was cut: go on with it by --resume, or name another file")
    }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// A file that was cut. Of lines and lists the whole rows are kept, a table is written anew. Throws `CommandFailure` where none was.
  init(resuming path: String) throws {
    self.path = path
    guard !FileManager.default.fileExists(atPath: path) else {
      throw CommandFailure(.usage, "\(path) is whole already: there is nothing to go on with")
    }
    guard let text = FileManager.default.contents(atPath: path + ".unfinished.json"),
      let range = try? JSONDecoder().decode(Unfinished.self, from: text), range.team != nil,
      let file = FileHandle(forUpdatingAtPath: path + ".unfinished")
    else { throw CommandFailure(.usage, "there is no cut export in \(path): leave out --resume") }
    self.range = range
    self.file = file
    if range.format == .jsonl || range.filters != nil { (rows, keptBytes) = try ExportFile.wholeLines(of: file) }
    try file.truncate(atOffset: keptBytes)
  }

  /// Hands out the lines that a cut file still has, without their line feeds. Answers how many there are.
  func forEachKeptLine(_ take: ([UInt8]) -> Void) throws -> Int64 {
    guard keptBytes > 0 else { return 0 }
    try file.seek(toOffset: 0)
    var count: Int64 = 0
    var line: [UInt8] = []
    while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
      for part in piece.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
        if part.offset > 0 {
          take(line)
          count += 1
          line.removeAll(keepingCapacity: true)
        }
        line += part.element
      }
    }
    return count
  }

  /// Index of the line that the last whole row of a cut list is of; nil where it has no row. Throws `CommandFailure` where that
  /// is no row of a list.
  func lastIndexOfList() throws -> Int64? {
    var last: [UInt8] = []
    guard try forEachKeptLine({ last = $0 }) > 0 else { return nil }
    guard let index = ListRow.index(of: last) else {
      throw CommandFailure(.failed, "\(part) is no list any more: take it away and begin anew")
    }
    return index
  }

  /// Notes beside it what it will hold.
  func begin(_ range: Unfinished) throws {
    guard !isStandardOutput else { return }
    try JSONEncoder().encode(range).write(to: URL(filePath: mark))
  }

  /// Appends bytes that end with a line.
  func write(_ bytes: [UInt8]) throws {
    guard !bytes.isEmpty else { return }
    rows += Int64(bytes.count { $0 == UInt8(ascii: "\n") })
    do {
      try file.write(contentsOf: bytes)
    } catch {
      throw CommandFailure(.failed, "\(isStandardOutput ? "the output" : path) cannot be written")
    }
  }

  /// The file is whole and on the disk, and has its name from now on.
  func finish() throws {
    guard !isStandardOutput else { return }
    try file.synchronize()
    guard !FileManager.default.fileExists(atPath: path) else {
      throw CommandFailure(.failed, "\(path) came to be meanwhile: the export is whole in \(part)")
    }
    try FileManager.default.moveItem(atPath: part, toPath: path)
    try FileManager.default.removeItem(atPath: mark)
  }

  /// Takes a file away that nothing was written to.
  func forget() {
    guard !isStandardOutput else { return }
    try? FileManager.default.removeItem(atPath: part)
    try? FileManager.default.removeItem(atPath: mark)
  }

  private static func wholeLines(of file: FileHandle) throws -> (count: Int64, end: UInt64) {
    var (count, end, offset): (Int64, UInt64, UInt64) = (0, 0, 0)
    while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
      for (position, byte) in piece.enumerated() where byte == UInt8(ascii: "\n") {
        count += 1
        end = offset + UInt64(position) + 1
      }
      offset += UInt64(piece.count)
    }
    return (count, end)
  }
}
