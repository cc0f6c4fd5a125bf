package import Logging
import Postgres

extension EmbeddedCluster {
  /// How often a service that is just starting is asked again.
  private static let retryInterval: Duration = .milliseconds(100)

  /// Finds the server that another process of this machine runs on a data folder.
  /// - Parameters:
  ///   - settings: the folder, and how long to wait for a service that is just starting.
  ///   - logger: for the connection that is tried.
  /// - Returns: nil when no service has the folder.
  /// - Throws: `PostgresError` when a service has it and its server does not answer in time; `fileSystem`; `CancellationError`.
  package static func connect(_ settings: ClusterSettings, logger: Logger) async throws -> ClusterAccess? {
    guard let folder = ClusterFolder(existing: settings.dataFolder) else { return nil }
    let deadline = ContinuousClock.now + settings.patience
    while true {
      guard try DataFolderLock.holder(of: folder.path)?.purpose == .service, try DataFolderLock.isHeld(folder.path)
      else {
        return nil
      }
      do {
        guard let sockets = try TextFile.read(folder.socketRecord),
          let superuserPassword = try SecretFile.read(folder.superuserPassword),
          let loginPassword = try SecretFile.read(folder.loginPassword)
        else { throw PostgresError(.connectionFailed, outcome: .notSent, reason: "the service is still starting") }
        let access = ClusterAccess(
          settings: settings, sockets: sockets, superuserPassword: superuserPassword, loginPassword: loginPassword)
        let connection = try await Connection.open(access.superuserSettings, logger: logger)
        await connection.close()
        return access
      } catch let error as PostgresError {
        guard ContinuousClock.now < deadline else { throw error }
        try await Task.sleep(for: retryInterval)
      }
    }
  }
}
