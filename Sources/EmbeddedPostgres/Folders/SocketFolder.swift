import Glibc
import Postgres

/// The folder of the server's socket. A socket's path may have 107 bytes; below a deep data folder it moves to a private folder, whose
/// path is recorded in the data folder so that everybody finds it.
enum SocketFolder {
  /// Where long paths move to. Short, and on every machine.
  private static let fallbackTemplate = "/tmp/tally-pg-XXXXXX"

  /// Chooses the folder, makes it and records it.
  static func prepare(_ folder: ClusterFolder, account: ServerAccount?, preferred: String?)
    throws(EmbeddedPostgresError)
    -> String
  {
    let wanted = preferred ?? folder.sockets
    let chosen: String
    if fits(wanted) {
      try folder.make(wanted, for: account)
      chosen = wanted
    } else if let recorded = try TextFile.read(folder.socketRecord), fits(recorded), isOurs(recorded, account) {
      chosen = recorded
    } else {
      chosen = try makePrivate(account)
    }
    try TextFile.write(chosen, to: folder.socketRecord)
    return chosen
  }

  private static func fits(_ folder: String) -> Bool {
    ConnectionSettings.Host(socketFolder: folder).socketPath.utf8.count
      <= ConnectionSettings.Host.maximumSocketPathBytes
  }

  /// Whether a folder of an earlier start can be taken again: in a place that all may write to, somebody else could have put one there.
  private static func isOurs(_ path: String, _ account: ServerAccount?) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_mode & 0o777 == 0o700
      && status.st_uid == account?.user ?? geteuid()
  }

  private static func makePrivate(_ account: ServerAccount?) throws(EmbeddedPostgresError) -> String {
    var template = Array(fallbackTemplate.utf8CString)
    guard mkdtemp(&template) != nil else {
      throw EmbeddedPostgresError("cannot make \(fallbackTemplate)", errno: errno)
    }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    if let account, chown(path, account.user, account.group) != 0 {
      throw EmbeddedPostgresError("cannot give \(path) to \(account.name)", errno: errno)
    }
    return path
  }
}
