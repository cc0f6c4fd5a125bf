import Foundation
import TransparencyLog

/// What an auditor holds, in files or on the command line.
enum HeldFile {
  /// The largest file that is read, in bytes: an edit's whole answer fits.
  private static let maximumBytes = 4 * 1024 * 1024

  private struct Answer: Decodable {
    struct Receipt: Decodable {
      var note: String?
    }

    var receipt: Receipt?
    var note: String?
  }

  /// The key that `text` is, or that is in the file of that name. Throws `CommandFailure`.
  static func key(_ text: String) throws -> NoteVerifierKey {
    if let key = trimmedKey(text) { return key }
    guard FileManager.default.fileExists(atPath: text),
      let key = trimmedKey(String(decoding: try bytes(text), as: UTF8.self))
    else { throw CommandFailure(.usage, "this is neither a vkey nor a file with one: \(text)") }
    return key
  }

  /// The key that `text` is, whatever blanks and line ends a mail or an editor put around it.
  private static func trimmedKey(_ text: String) -> NoteVerifierKey? {
    NoteVerifierKey(text: text.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// Whether `path` is a regular file, and no pipe that can be read but once.
  static func isRegular(_ path: String) -> Bool {
    let url = URL(filePath: path).resolvingSymlinksInPath()
    return (try? url.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile ?? false
  }

  /// Whether `path` is a tar, as the gateway sends a bundle.
  static func isArchive(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path), let start = try? file.read(upToCount: 262) else {
      return false
    }
    return start.dropFirst(257).elementsEqual("ustar".utf8)
  }

  /// Throws `CommandFailure` unless `path` is a folder, as a bundle is.
  static func checkFolder(_ path: String) throws {
    var isFolder: ObjCBool = false
    guard !path.isEmpty, FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw CommandFailure(.usage, path.isEmpty ? "name the bundle's folder" : "there is no folder \(path)")
    }
    guard isFolder.boolValue else {
      throw CommandFailure(
        .usage,
        isArchive(path)
          ? "\(path) is a tar: unpack it first (tar -xf \(path)), and name its folder"
          : "\(path) is no folder, as a bundle is")
    }
  }

  /// The signed note in a file. Throws `CommandFailure`.
  static func note(_ path: String) throws -> SignedNote {
    let bytes = try bytes(path)
    do {
      return try SignedNote(bytes: bytes)
    } catch {
      throw CommandFailure(.usage, "\(path) cannot be read: \(error)")
    }
  }

  /// The receipt in a file: its note alone, or JSON that has it. Throws `CommandFailure`.
  static func receipt(_ path: String) throws -> SignedNote {
    let bytes = try bytes(path)
    guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(bytes)) else { return try note(path) }
    guard let text = answer.receipt?.note ?? answer.note, let note = try? SignedNote(bytes: Array(text.utf8)) else {
      throw CommandFailure(.usage, "\(path) has no signed receipt")
    }
    return note
  }

  private static func bytes(_ path: String) throws -> [UInt8] {
    guard let file = FileHandle(forReadingAtPath: path), let data = try? file.read(upToCount: maximumBytes + 1),
      data.count <= maximumBytes
    else { throw CommandFailure(.usage, "the file cannot be read: \(path)") }
    return [UInt8](data)
  }
}
