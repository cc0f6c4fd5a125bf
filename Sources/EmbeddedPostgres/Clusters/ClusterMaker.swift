import Glibc

/// Makes a cluster where there is none (`initdb`). A cluster that was not finished has another name, so it is never taken for one.
struct ClusterMaker: Sendable {
  let folder: ClusterFolder
  let command: ServerCommand
  let settings: ClusterSettings

  /// The major version of the data that is there, nil when there is none.
  static func version(of folder: ClusterFolder) throws(EmbeddedPostgresError) -> Int? {
    guard let text = try TextFile.read(folder.cluster + "/PG_VERSION") else { return nil }
    return Int(text.prefix { $0.isNumber })
  }

  /// Makes the cluster: data checksums, UTF-8, bytes as the order of text, passwords for everybody.
  /// - Throws: `serverFailed` with what `initdb` said.
  func make(superuserPassword: String) async throws {
    try await remove(folder.unfinishedCluster)
    try TextFile.write(superuserPassword, to: folder.initialPassword, owner: command.account)
    defer { unlink(folder.initialPassword) }
    var arguments = [
      "--pgdata=\(folder.unfinishedCluster)", "--username=\(settings.superuser)", "--pwfile=\(folder.initialPassword)",
      "--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8", "--locale=C", "--no-instructions",
    ]
    if !settings.isDurable { arguments.append("--no-sync") }
    let line = command.line(command.programs.initdb, arguments, signalAtOwnersDeath: "KILL")
    let (status, text) = try await ChildProcess.output(of: line)
    guard status == .exited(0) else {
      throw EmbeddedPostgresError(.serverFailed, "initdb could not make a cluster (\(status)): \(text.suffix(2000))")
    }
    guard rename(folder.unfinishedCluster, folder.cluster) == 0 else {
      throw EmbeddedPostgresError("cannot name \(folder.cluster)", errno: errno)
    }
  }

  private func remove(_ path: String) async throws {
    guard access(path, F_OK) == 0 else { return }
    _ = try await ChildProcess.output(of: ["/bin/rm", "-rf", "--", path])
  }
}
