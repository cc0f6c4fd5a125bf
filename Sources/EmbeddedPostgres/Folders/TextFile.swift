import Glibc

/// Short text files with exact permissions.
enum TextFile {
  /// The largest file that is read: all of ours are a line or two; the end of a server's log is read in a piece of this size.
  private static let maximumBytes = 16 << 10

  /// The text of a file, nil when it is not there.
  /// - Parameter fromEnd: whether the last bytes are wanted when the file is too long, instead of the first.
  static func read(_ path: String, fromEnd: Bool = false) throws(EmbeddedPostgresError) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      guard errno == ENOENT else { throw EmbeddedPostgresError("cannot read \(path)", errno: errno) }
      return nil
    }
    defer { close(descriptor) }
    if fromEnd, lseek(descriptor, 0, SEEK_END) > maximumBytes {
      lseek(descriptor, off_t(-maximumBytes), SEEK_END)
    } else {
      lseek(descriptor, 0, SEEK_SET)
    }
    var bytes = [UInt8](repeating: 0, count: maximumBytes)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw EmbeddedPostgresError("cannot read \(path)", errno: errno) }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// Writes a file as a whole or not at all: a new one takes the old one's place, and both are on the disk before this returns.
  /// - Parameter owner: who shall own it; this process when nil.
  static func write(_ text: String, to path: String, mode: mode_t = 0o600, owner: ServerAccount? = nil)
    throws(EmbeddedPostgresError)
  {
    let new = path + ".new"
    unlink(new)
    let descriptor = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw EmbeddedPostgresError("cannot write \(new)", errno: errno) }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
      throw EmbeddedPostgresError("cannot write \(new)", errno: errno)
    }
    if let owner, fchown(descriptor, owner.user, owner.group) != 0 {
      throw EmbeddedPostgresError("cannot give \(new) to \(owner.name)", errno: errno)
    }
    guard rename(new, path) == 0 else { throw EmbeddedPostgresError("cannot write \(path)", errno: errno) }
  }
}
