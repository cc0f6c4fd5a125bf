import Foundation
import TallyTesting

/// A server whose files may not grow: what is left of a full disk where no small one may be mounted. The write fails in
/// the same places as for want of room, with EFBIG in place of ENOSPC.
enum FileSizeLimit {
  /// Sets it for a server's first process and all that it has, and those that it starts.
  /// - Parameter bytes: how long a file may be; nil: as long as it likes.
  ///
  /// Throws `ProcessFailure` where that is not allowed.
  static func set(_ bytes: Int?, ofServer server: Int32) async throws {
    guard let (user, group) = owner(of: server) else { return }
    // The first process first: whatever it starts from then on has its limit.
    for process in [server] + children(of: server) {
      // Only the soft limit, which its owner may raise again. Another account's processes are its own to limit.
      var command = ["prlimit", "--pid", "\(process)", "--fsize=\(bytes.map(String.init) ?? "unlimited"):"]
      if geteuid() == 0 { command = ["setpriv", "--reuid", user, "--regid", group, "--clear-groups"] + command }
      let status = try await SystemProgram.run(command[0], Array(command.dropFirst()))
      // It may have ended, for want of room.
      guard status == 0 || owner(of: process) == nil else {
        throw ProcessFailure("cannot limit the files of process \(process): \(command[0]) answered \(status)")
      }
    }
  }

  /// The account and the group that a process runs under, as numbers; nil: there is no such process.
  private static func owner(of process: Int32) -> (user: String, group: String)? {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return nil }
    let lines = text.split(separator: "\n")
    let ids = ["Uid:", "Gid:"].compactMap { name in
      lines.first { $0.hasPrefix(name) }?.split(whereSeparator: \.isWhitespace).dropFirst().first.map(String.init)
    }
    return ids.count == 2 ? (ids[0], ids[1]) : nil
  }

  private static func children(of process: Int32) -> [Int32] {
    let list = try? String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)
    return (list ?? "").split(separator: " ").compactMap { Int32($0) }
  }
}
