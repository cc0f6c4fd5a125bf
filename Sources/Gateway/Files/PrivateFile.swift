import Glibc

/// Files of the gateway's own folder, which only its owner can read: dispatch notes and settlement journal.
enum PrivateFile {
  /// Makes a folder, and the folders above it, where they are missing.
  static func makeFolder(_ path: String) throws(FileFault) {
    var made = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: false) {
      made += made.isEmpty && part.isEmpty ? "/" : (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
      guard !made.isEmpty, made.utf8.count > 1 || !made.hasPrefix("/") else { continue }
      if mkdir(made, 0o700) != 0, errno != EEXIST { throw FileFault("make the folder", path: path, errno) }
    }
  }

  /// Makes a new file to append to.
  static func create(_ path: String) throws(FileFault) -> Int32 {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileFault("make", path: path, errno) }
    return descriptor
  }

  /// Appends all the bytes, or throws: then a part of them may stand in the file.
  static func append(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileFault) {
    var offset = 0
    while offset < bytes.count {
      let written = bytes.withUnsafeBytes { buffer in
        write(descriptor, buffer.baseAddress.map { $0 + offset }, bytes.count - offset)
      }
      if written < 0 {
        if errno == EINTR { continue }
        throw FileFault("write to", path: path, errno)
      }
      offset += written
    }
  }

  /// Waits until the file is on the disk.
  static func sync(_ descriptor: Int32, path: String) throws(FileFault) {
    guard fsync(descriptor) == 0 else { throw FileFault("sync", path: path, errno) }
  }

  /// Waits until the folder's list of files is on the disk.
  static func syncFolder(_ path: String) throws(FileFault) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFault("open the folder", path: path, errno) }
    defer { close(descriptor) }
    try sync(descriptor, path: path)
  }

  /// All bytes of a file of at most `limit`.
  static func read(_ path: String, limit: Int) throws(FileFault) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFault("open", path: path, errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = piece.withUnsafeMutableBytes { buffer in Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileFault("read", path: path, errno)
      }
      guard count > 0 else { return bytes }
      bytes += piece[..<count]
      guard bytes.count <= limit else { throw FileFault("read", path: path, EFBIG) }
    }
  }

  /// Names of the files in a folder that end with `suffix`, sorted; none where there is no folder.
  static func names(in folder: String, suffix: String) throws(FileFault) -> [String] {
    guard let stream = opendir(folder) else {
      if errno == ENOENT { return [] }
      throw FileFault("list", path: folder, errno)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(suffix) { names.append(name) }
    }
    return names.sorted()
  }
}

/// A file of the gateway's own folder cannot be used. It names the file, so it is for the operator only.
package struct FileFault: Error, Sendable, CustomStringConvertible {
  /// What could not be done.
  package let action: String
  /// The file.
  package let path: String
  /// The system's error number.
  package let errorNumber: Int32

  init(_ action: String, path: String, _ errorNumber: Int32) {
    self.action = action
    self.path = path
    self.errorNumber = errorNumber
  }

  package var description: String {
    "cannot \(action) \(path): \(String(cString: strerror(errorNumber)))"
  }
}
