import Audit
import Foundation
import TransparencyLog

/// What an auditor holds, in files or on the command line.
enum HeldFile {
  /// The largest file that is read, in bytes: an edit's whole answer fits.
  static let maximumBytes = 4 * 1024 * 1024

  private struct Answer: Decodable {
    struct Receipt: Decodable {
      var note: String?
    }

    var receipt: Receipt?
    var note: String?
  }

  /// The most keys that are pinned at once: more than an operator rotates in a lifetime.
  private static let maximumKeys = 64

  /// The keys that `texts` are, or that are in the files of these names, one a line: several of one name where one took
  /// another's place. Throws `CommandFailure`.
  static func keys(_ texts: [String]) throws -> [NoteVerifierKey] {
    var keys: [NoteVerifierKey] = []
    for text in texts {
      for key in try self.keys(text) where !keys.contains(key) { keys.append(key) }
    }
    guard keys.count <= maximumKeys else {
      throw CommandFailure(.usage, "these are \(keys.count) keys, and at most \(maximumKeys) are taken at once")
    }
    return keys
  }

  private static func keys(_ text: String) throws -> [NoteVerifierKey] {
    let given = keyLines(text)
    let keys = given.compactMap(\.key)
    if !keys.isEmpty, keys.count == given.count { return keys }
    guard FileManager.default.fileExists(atPath: text) else {
      throw CommandFailure(.usage, "this is neither a vkey nor a file with one: \(text)")
    }
    let lines = keyLines(String(decoding: try bytes(text), as: UTF8.self))
    guard lines.contains(where: { $0.key != nil }) else {
      throw CommandFailure(.usage, "this is neither a vkey nor a file with one: \(text)")
    }
    return try lines.map { line in
      guard let key = line.key else {
        throw CommandFailure(.usage, "line \(line.number) of \(text) is no vkey: a file of keys has one a line")
      }
      return key
    }
  }

  /// The lines of a text that are not empty, and the key that each is, whatever blanks and line ends a mail or an editor put
  /// around it.
  private static func keyLines(_ text: String) -> [(number: Int, key: NoteVerifierKey?)] {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated().compactMap { number, line in
      let line = line.trimmingCharacters(in: .whitespaces)
      return line.isEmpty ? nil : (number + 1, NoteVerifierKey(text: line))
    }
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

  /// Whether a text is nothing but keys, one a line.
  static func areKeys(_ text: String) -> Bool {
    let lines = keyLines(text)
    return !lines.isEmpty && lines.allSatisfy { $0.key != nil }
  }

  /// The folder of a file that lies beside a manifest; nil where none does.
  static func bundle(around path: String) -> String? {
    let folder = URL(filePath: path).deletingLastPathComponent().path
    return FileManager.default.fileExists(atPath: "\(folder)/\(BundleFile.manifest)") ? folder : nil
  }

  /// Throws `CommandFailure` unless `path` is a folder with anything of a bundle in it. What is missing of one, or wrong with
  /// it, is a verdict.
  static func checkFolder(_ path: String) throws {
    var isFolder: ObjCBool = false
    guard !path.isEmpty, FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw CommandFailure(.usage, path.isEmpty ? "name the bundle's folder" : "there is no folder \(path)")
    }
    guard isFolder.boolValue else {
      throw CommandFailure(
        .usage, isRegular(path) ? BroughtFile(path).words(path) : "\(path) is no folder, as a bundle is")
    }
    let names = Set((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
    guard !names.contains(BundleFile.manifest) else { return }
    guard (try? BundleRange(unfinishedIn: path)) == nil else {
      throw CommandFailure(
        .usage, "\(path) is an export that was cut, and no bundle yet: tally audit export --resume goes on with it")
    }
    guard names.isDisjoint(with: [BundleFile.sums, BundleFile.checkpoint, BundleFile.key, BundleFile.lines(1)]) else {
      return
    }
    let inner = names.sorted().first {
      FileManager.default.fileExists(atPath: "\(path)/\($0)/\(BundleFile.manifest)")
    }
    throw CommandFailure(
      .usage, "\(path) has no file of a bundle" + (inner.map { ": name the folder in it, \(path)/\($0)" } ?? ""))
  }

  /// The signed note in a file, with an empty line behind it or none. Throws `CommandFailure`.
  static func note(_ path: String) throws -> SignedNote {
    guard !FileManager.default.fileExists(atPath: "\(path)/\(BundleFile.checkpoint)") else {
      throw CommandFailure(.usage, "\(path) is a folder: name the head in it, \(path)/\(BundleFile.checkpoint)")
    }
    let bytes = HeldText.withoutEmptyEnd(try bytes(path))
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
