import Glibc
package import Logging
import Postgres

extension EmbeddedCluster {
  /// How often a server that is starting is asked whether it answers.
  private static let askInterval: Duration = .milliseconds(50)
  /// How long to wait before a server is started again that found the remains of another one.
  private static let remainsInterval: Duration = .milliseconds(200)

  /// Starts the cluster of a data folder with the usual settings, for a service.
  package static func start(dataFolder: String, logger: Logger) async throws -> EmbeddedCluster {
    try await start(ClusterSettings(dataFolder: dataFolder), logger: logger)
  }

  /// Starts the cluster of a data folder, making it first where there is none, and picking it up where an earlier run left it.
  /// - Parameters:
  ///   - settings: the folder, and what the cluster is to be like.
  ///   - logger: gets a line for each thing that takes long or went wrong.
  /// - Throws: `EmbeddedPostgresError`, `PostgresError`, `CancellationError`.
  package static func start(_ settings: ClusterSettings, logger: Logger) async throws -> EmbeddedCluster {
    let account = try ServerAccount.find(settings.serverAccount)
    let folder = try ClusterFolder(preparing: settings.dataFolder, for: account)
    let lock = try await DataFolderLock.acquire(
      folder: folder.path, purpose: settings.purpose, patience: settings.patience)
    try folder.make(folder.server, for: account)
    let version = try ClusterMaker.version(of: folder)
    let programs = try await ServerPrograms.find(majorVersion: version)
    let command = ServerCommand(programs: programs, account: account)
    try await checkReach(folder, command)
    try folder.make(folder.logs, for: account)
    if let survivor = try SurvivingServer.find(cluster: folder.cluster) {
      logger.warning("stopping a PostgreSQL of an earlier run", metadata: ["process": "\(survivor.process)"])
      try await survivor.stop(cluster: folder.cluster, patience: settings.stopTimeout)
    }
    let superuserPassword: String
    if version == nil {
      logger.info("making a PostgreSQL cluster", metadata: ["version": "\(programs.majorVersion)"])
      superuserPassword = try SecretFile.make(folder.superuserPassword)
      try await ClusterMaker(folder: folder, command: command, settings: settings)
        .make(superuserPassword: superuserPassword)
    } else {
      guard let known = try SecretFile.read(folder.superuserPassword) else {
        throw EmbeddedPostgresError(
          .fileSystem, "The file \(folder.superuserPassword) is missing. Without it nobody can log in to the cluster.")
      }
      superuserPassword = known
    }
    let loginPassword = try SecretFile.read(folder.loginPassword) ?? SecretFile.make(folder.loginPassword)
    let sockets = try SocketFolder.prepare(folder, account: account, preferred: settings.socketFolder)
    let access = ClusterAccess(
      settings: settings, sockets: sockets, superuserPassword: superuserPassword, loginPassword: loginPassword)
    let log = ServerLog(folder: folder)
    return try await EmbeddedCluster(access: access, lock: lock, settings: settings, log: log, logger: logger) {
      // Also after a killed server: what is left of it ends by itself, but not at once.
      if let survivor = try SurvivingServer.find(cluster: folder.cluster) {
        try await survivor.stop(cluster: folder.cluster, patience: settings.stopTimeout)
      }
      // What was killed goes as soon as what is stopped by force.
      let deadline = ContinuousClock.now + settings.stopTimeout
      while true {
        let server = try await launch(folder, command, sockets, settings)
        do {
          let connection = try await firstConnection(server, access, log, settings, logger)
          try await ClusterRoles(settings: settings).prepare(connection, loginPassword: loginPassword)
          await connection.close()
          return server
        } catch {
          let hasEnded = !server.isRunning
          server.send(SIGQUIT)
          _ = await server.exit(within: settings.stopTimeout)
          // A server that was killed may not be reaped yet, or its memory still in use by a process that is ending.
          guard hasEnded, log.tellsOfRemains, ContinuousClock.now < deadline else { throw error }
          logger.warning("a PostgreSQL of an earlier run has not gone yet; starting again")
          try await Task.sleep(for: remainsInterval)
        }
      }
    }
  }

  /// The server's account must be able to pass through all the folders above its own.
  private static func checkReach(_ folder: ClusterFolder, _ command: ServerCommand) async throws {
    guard let account = command.account else { return }
    let line = command.line("/usr/bin/test", ["-w", folder.server], signalAtOwnersDeath: "KILL")
    guard try await ChildProcess.output(of: line).status == .exited(0) else {
      throw EmbeddedPostgresError(
        .dataFolderUnreachable,
        "PostgreSQL cannot run as root, and the account \(account.name) cannot reach \(folder.server). "
          + "Choose a folder that it can reach with --data-dir, such as /var/lib/tally.")
    }
  }

  private static func launch(
    _ folder: ClusterFolder, _ command: ServerCommand, _ sockets: String, _ settings: ClusterSettings
  ) async throws -> ChildProcess {
    let compression = try await compression(folder, command)
    let parameters = ServerParameters(folder: folder, sockets: sockets, settings: settings, compression: compression)
    let line = command.line(
      command.programs.postgres, ["-D", folder.cluster] + parameters.arguments, signalAtOwnersDeath: "INT")
    return try await ChildProcess.start(line, output: .file(folder.startLog))
  }

  /// Whether the server was built with lz4 is best asked of itself.
  private static func compression(_ folder: ClusterFolder, _ command: ServerCommand) async throws -> String {
    let arguments = ["-D", folder.cluster, "-c", "wal_compression=lz4", "-C", "wal_compression"]
    let line = command.line(command.programs.postgres, arguments, signalAtOwnersDeath: "KILL")
    return try await ChildProcess.output(of: line).status == .exited(0) ? "lz4" : "on"
  }

  /// Waits until the server answers.
  private static func firstConnection(
    _ server: ChildProcess, _ access: ClusterAccess, _ log: ServerLog, _ settings: ClusterSettings, _ logger: Logger
  ) async throws -> Connection {
    var administration = access.superuserSettings
    administration.database = "postgres"
    administration.lockTimeout = .zero
    let deadline = ContinuousClock.now + settings.startTimeout
    while true {
      do throws(PostgresError) {
        return try await Connection.open(administration, logger: logger)
      } catch {
        // The server says so itself when it will never let us in; everything else may be its start or its recovery.
        let isRefused = error.reason.contains("password authentication failed")
        guard server.isRunning, !isRefused, ContinuousClock.now < deadline else {
          throw EmbeddedPostgresError(
            .serverFailed, "PostgreSQL did not start: \(error.reason)\nThe end of its log:\n\(log.lastLines)")
        }
        try await Task.sleep(for: askInterval)
      }
    }
  }
}
