import Foundation
import JSON
package import Ledger
package import TransparencyLog

/// A file with the newest signed heads of many logs, to be carried away: a JSON object a line, `log`, `note`, `root`,
/// `signedAt` and `size`. Nothing in it is trusted but the notes, which have no time.
package enum AnchorFile {
  /// The longest line that is read, in bytes: a note has at most 256 KiB, and escapes make it no more than twice as long.
  private static let maximumLineBytes = 1024 * 1024

  private struct Row: Decodable {
    var log: String
    var note: String
  }

  /// The line of a log's head, without its line feed.
  static func line(log: String, size: Int64, root: Digest, note: [UInt8], signedAt: Timestamp) -> [UInt8] {
    var line = Array("{\"log\":".utf8)
    JSONString.append(log, to: &line)
    line += Array(",\"note\":".utf8)
    JSONString.append(String(decoding: note, as: UTF8.self), to: &line)
    line += Array(",\"root\":\"\(root.base64)\",\"signedAt\":\"\(signedAt.rfc3339)\",\"size\":\(size)}".utf8)
    return line
  }

  /// Whether the file at `path` is one with many heads, by its first byte. Throws a `FileError`.
  package static func isOne(_ path: String) throws -> Bool {
    let file = try OpenFile(reading: path)
    var first: [UInt8] = [0]
    let count = try first.withUnsafeMutableBytes { try file.read(into: $0) }
    return count == 1 && first[0] == UInt8(ascii: "{")
  }

  /// Hands out the notes of the file at `path`, one a log, in their order.
  ///
  /// Throws a `HeldTextError` where a line is no head, a `FileError`, and what `take` throws.
  package static func forEachNote(in path: String, _ take: (_ log: String, SignedNote) throws -> Void) throws {
    let file = try LineFile(path, maximumLineBytes: maximumLineBytes)
    let decoder = JSONDecoder()
    var number = 0
    do {
      while let line = try file.next() {
        number += 1
        guard let row = try? decoder.decode(Row.self, from: Data(line)),
          let note = try? SignedNote(bytes: Array(row.note.utf8))
        else { throw HeldTextError("line \(number) of \(path) is no signed head") }
        try take(row.log, note)
      }
    } catch let fault as LineFile.Fault {
      throw HeldTextError("line \(number + 1) of \(path) is \(fault.words)")
    }
  }

  /// The note of one log in the file at `path`; nil where it has none. Throws as `forEachNote(in:_:)`.
  package static func note(of log: String, in path: String) throws -> SignedNote? {
    var found: SignedNote?
    try forEachNote(in: path) { origin, note in
      if origin.utf8.elementsEqual(log.utf8) { found = note }
    }
    return found
  }
}

/// Writes an anchor file: it appears whole, in the place of an earlier one, or not at all.
package final class AnchorWriter {
  private let path: String
  private let draft: String
  private let file: WrittenFile
  private var isDone = false

  /// How many heads were written.
  package var count: Int64 { file.rows }

  /// Begins the file at `path`, in a draft beside it. Throws a `FileError`.
  package init(_ path: String) throws {
    self.path = path
    let (folder, name) = WholeFile.draft(of: path)
    draft = "\(folder)/\(name)"
    file = try WrittenFile(name, in: folder)
  }

  deinit {
    if !isDone { try? FileManager.default.removeItem(atPath: draft) }
  }

  /// Adds the head of a log. Throws a `FileError`.
  package func append(log: String, size: Int64, root: Digest, note: [UInt8], signedAt: Timestamp) throws {
    try file.appendLine(AnchorFile.line(log: log, size: size, root: root, note: note, signedAt: signedAt))
  }

  /// Puts the file in its place, on the disk when this returns. Throws a `FileError`.
  package func finish() throws {
    _ = try file.finish()
    try WholeFile.move(draft, to: path)
    isDone = true
  }
}
