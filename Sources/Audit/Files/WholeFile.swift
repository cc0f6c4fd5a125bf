import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Small files, read and written as a whole.
enum WholeFile {
  /// The bytes of the file. Throws a `FileError`, also where it has more than `maximumBytes`.
  static func read(_ path: String, maximumBytes: Int) throws(FileError) -> [UInt8] {
    let file = try OpenFile(reading: path)
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count: Int
      do {
        count = try piece.withUnsafeMutableBytes { try file.read(into: $0) }
      } catch let error as FileError {
        throw error
      } catch {
        throw FileError(path: path, what: "cannot be read")
      }
      guard count > 0 else { return bytes }
      guard bytes.count + count <= maximumBytes else {
        throw FileError(path: path, what: "is larger than \(maximumBytes) bytes")
      }
      bytes.append(contentsOf: piece[..<count])
    }
  }

  /// Puts a file in the place of another, on the disk when this returns. Throws a `FileError`.
  static func move(_ draft: String, to path: String) throws(FileError) {
    guard rename(draft, path) == 0 else { throw .last(path, "cannot be put in its place") }
    let folder = URL(filePath: path).deletingLastPathComponent().path
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last(folder, "cannot be opened") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .last(folder, "cannot be written to the disk") }
  }

  /// Where a file is written before it is put in its place: beside it, so that it is on the same disk.
  static func draft(of path: String) -> (folder: String, name: String) {
    let url = URL(filePath: path)
    return (
      url.deletingLastPathComponent().path, ".\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier)"
    )
  }

  /// Writes the file so that it appears whole, in the place of an earlier one, or not at all. Throws a `FileError`.
  static func replace(_ path: String, with bytes: [UInt8]) throws {
    let draft = draft(of: path)
    let whole = "\(draft.folder)/\(draft.name)"
    do {
      try write(bytes, to: whole)
      try move(whole, to: path)
    } catch {
      unlink(whole)
      throw error
    }
  }

  /// Writes the file anew. Throws a `FileError`.
  static func write(_ bytes: [UInt8], to path: String) throws {
    let file = try OpenFile(writing: path)
    try bytes.withUnsafeBytes { try file.write($0) }
    try file.synchronize()
  }
}
