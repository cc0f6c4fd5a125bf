import Glibc
import Postgres

/// Where everything of the embedded server lies below the data folder.
struct ClusterFolder: Sendable {
  /// The data folder, absolute and without symbolic links.
  let path: String

  /// Makes the data folder when it is not there.
  /// - Parameters:
  ///   - path: where, absolute or below the present folder.
  ///   - account: the server's account when it is not ours; it must be able to pass through the folder.
  init(preparing path: String, for account: ServerAccount?) throws(EmbeddedPostgresError) {
    try Self.makeFolders(path, mode: account == nil ? 0o700 : 0o711)
    guard let resolved = realpath(path, nil) else { throw EmbeddedPostgresError("cannot open \(path)", errno: errno) }
    defer { free(resolved) }
    self.path = String(cString: resolved)
    var status = stat()
    guard stat(self.path, &status) == 0 else { throw EmbeddedPostgresError("cannot open \(path)", errno: errno) }
    // Passing through is all that the server's account gets; what lies beside its own folder stays closed to it.
    if account != nil, status.st_mode & S_IXOTH == 0, chmod(self.path, status.st_mode & 0o7777 | S_IXOTH) != 0 {
      throw EmbeddedPostgresError("cannot open \(path) for the server", errno: errno)
    }
  }

  /// An existing data folder, nil when there is none.
  init?(existing path: String) {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    self.path = String(cString: resolved)
  }

  /// The one folder that belongs to the server's account.
  var server: String { path + "/pg" }
  /// The cluster itself.
  var cluster: String { server + "/data" }
  /// A cluster that is being made; it gets its name when it is whole.
  var unfinishedCluster: String { server + "/data.new" }
  /// The server's logs.
  var logs: String { server + "/log" }
  /// What the server says before its log is open.
  var startLog: String { server + "/start.log" }
  /// The password file that `initdb` reads, which must belong to the server's account.
  var initialPassword: String { server + "/initial.password" }
  /// The folder for the socket, when its path is not too long.
  var sockets: String { server + "/run" }
  /// Where the socket's folder really is.
  var socketRecord: String { path + "/pg-socket-folder" }
  /// The password of the superuser.
  var superuserPassword: String { path + "/pg-superuser.password" }
  /// The password of the login role.
  var loginPassword: String { path + "/pg-login.password" }

  /// Makes one folder for the server's account, closed to everybody else.
  func make(_ folder: String, for account: ServerAccount?) throws(EmbeddedPostgresError) {
    if mkdir(folder, 0o700) != 0, errno != EEXIST {
      throw EmbeddedPostgresError("cannot make \(folder)", errno: errno)
    }
    if let account, chown(folder, account.user, account.group) != 0 {
      throw EmbeddedPostgresError("cannot give \(folder) to \(account.name)", errno: errno)
    }
    guard chmod(folder, 0o700) == 0 else { throw EmbeddedPostgresError("cannot close \(folder)", errno: errno) }
  }

  private static func makeFolders(_ path: String, mode: mode_t) throws(EmbeddedPostgresError) {
    var status = stat()
    if stat(path, &status) == 0 { return }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try makeFolders(String(path[..<slash]), mode: mode)
    }
    if mkdir(path, mode) != 0, errno != EEXIST { throw EmbeddedPostgresError("cannot make \(path)", errno: errno) }
  }
}
