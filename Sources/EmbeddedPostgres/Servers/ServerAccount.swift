import Glibc

/// The account that the server runs under when this process is root: PostgreSQL refuses to run as root.
struct ServerAccount: Sendable, Hashable {
  let name: String
  let user: uid_t
  let group: gid_t

  /// - Returns: nil when this process is not root, for then the server runs as we do.
  /// - Throws: `programMissing` when there is no such account.
  static func find(_ name: String) throws(EmbeddedPostgresError) -> ServerAccount? {
    guard geteuid() == 0 else { return nil }
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16 << 10)
    guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else {
      throw EmbeddedPostgresError(
        .programMissing, "There is no account \(name) to run PostgreSQL under. Debian's package postgresql makes it.")
    }
    return ServerAccount(name: name, user: entry.pw_uid, group: entry.pw_gid)
  }
}
