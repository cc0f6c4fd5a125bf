import Foundation
import TallyTesting

/// A disk in memory that is soon full.
enum SmallDisk {
  private static let filler = "filler"

  /// Mounts one. False where this account may not.
  static func mount(at folder: URL, megabytes: Int) async throws -> Bool {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    guard geteuid() == 0 else { return false }
    return try await SystemProgram.run(
      "mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m,mode=0711", "tmpfs", folder.path]) == 0
  }

  /// Takes it away.
  static func unmount(_ folder: URL) async throws {
    guard try await SystemProgram.run("umount", [folder.path]) == 0 else {
      throw ProcessFailure("cannot unmount \(folder.path)")
    }
  }

  /// Writes until there is no room left, whoever else writes meanwhile.
  static func fill(_ folder: URL) throws {
    let file = open(folder.appending(path: filler).path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw ProcessFailure("cannot fill \(folder.path)") }
    defer { close(file) }
    // From large pieces to single pages, so that nothing is left.
    for size in [1 << 20, 1 << 12] {
      let piece = [UInt8](repeating: 0, count: size)
      while write(file, piece, size) == size {}
    }
  }

  /// Makes room again.
  static func empty(_ folder: URL) throws {
    try FileManager.default.removeItem(at: folder.appending(path: filler))
  }
}
