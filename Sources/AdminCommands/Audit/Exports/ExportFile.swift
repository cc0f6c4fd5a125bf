import Foundation
import Ledger

/// The file of an export that is no bundle. Beside it stands what it was to hold until it is whole, so that a cut export
/// goes on to the same bytes.
final class ExportFile {
  /// What a cut export was to hold.
  struct Unfinished: Codable {
    var teamId: String
    var format: ExportFormat
    var from: Int64
    var to: Int64

    init(team: TeamID, format: ExportFormat, from: Int64, to: Int64) {
      teamId = team.description
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
  /// Lines that a cut file still has.
  private(set) var keptLines: Int64 = 0
  /// Lines in it, a table's heading counted.
  private(set) var rows: Int64 = 0

  private var mark: String { path + ".unfinished" }
  private var isStandardOutput: Bool { path == "-" }

  /// A new file; `-`: standard output. Throws `CommandFailure` where it is there already or cannot be made.
  init(_ path: String) throws {
    self.path = path
    range = nil
    guard path != "-" else {
      file = .standardOutput
      return
    }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      guard errno == EEXIST else {
        throw CommandFailure(.failed, "\(path) cannot be made: \(String(cString: strerror(errno)))")
      }
      throw CommandFailure(
        .usage, "\(path) is there already: name another file (--resume goes on with a cut export)")
    }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// A file that was cut. Of lines the whole ones are kept, a table is written anew. Throws `CommandFailure` where none was.
  init(resuming path: String) throws {
    self.path = path
    guard let text = FileManager.default.contents(atPath: path + ".unfinished"),
      let range = try? JSONDecoder().decode(Unfinished.self, from: text), range.team != nil,
      let file = FileHandle(forUpdatingAtPath: path)
    else { throw CommandFailure(.usage, "there is no cut export in \(path): leave out --resume") }
    self.range = range
    self.file = file
    var end: UInt64 = 0
    if range.format == .jsonl {
      (keptLines, end) = try ExportFile.wholeLines(of: file)
      rows = keptLines
    }
    try file.truncate(atOffset: end)
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

  /// The file is whole and on the disk.
  func finish() throws {
    guard !isStandardOutput else { return }
    try file.synchronize()
    try FileManager.default.removeItem(atPath: mark)
  }

  /// Takes a file away that nothing was written to.
  func forget() {
    guard !isStandardOutput else { return }
    try? FileManager.default.removeItem(atPath: path)
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
