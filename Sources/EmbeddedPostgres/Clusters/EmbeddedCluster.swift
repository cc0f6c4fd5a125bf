import Logging
package import Postgres

/// The PostgreSQL that this process starts itself when it is given no database: the same engine and the same SQL as everywhere else.
/// It has no TCP port, keeps what it promised after a crash (`fsync` on), and ends with its owner, even after a kill -9.
///
/// `start` leaves the server ready; `stop` must be called before the process ends, or the kernel stops it then.
package actor EmbeddedCluster {
  /// How to log in.
  package nonisolated let access: ClusterAccess

  private let lock: DataFolderLock
  private let server: ChildProcess
  private let settings: ClusterSettings
  private let logger: Logger
  private let watch: Task<Void, Never>
  private var isStopping = false

  init(
    access: ClusterAccess, lock: DataFolderLock, server: ChildProcess, settings: ClusterSettings, log: ServerLog,
    logger: Logger
  ) {
    self.access = access
    self.lock = lock
    self.server = server
    self.settings = settings
    self.logger = logger
    watch = Task {
      while !Task.isCancelled {
        log.bound()
        try? await Task.sleep(for: ServerLog.interval)
      }
    }
  }

  /// As the service's login role, to the service's database.
  package nonisolated var connectionSettings: ConnectionSettings { access.connectionSettings }

  /// As the superuser, to the same database: for migrations only.
  package nonisolated var superuserSettings: ConnectionSettings { access.superuserSettings }

  /// The server's process.
  package nonisolated var processID: Int32 { server.process }

  /// Waits until the server has ended, for whatever reason: a service without its database should stop.
  package nonisolated func waitForExit() async { _ = await server.exit() }

  /// Stops the server: no new work, running transactions are rolled back, everything is written. When that takes too long it is
  /// stopped at once, which the next start repairs. Then the data folder is free.
  /// - Throws: `serverNotStopped`.
  package func stop() async throws {
    guard !isStopping else { return await waitForExit() }
    isStopping = true
    watch.cancel()
    // In PostgreSQL's terms: fast, immediate, and the kernel's way.
    for signal in ServerSignal.allCases {
      server.send(signal.number)
      guard await server.exit(within: settings.stopTimeout) == nil else {
        lock.release()
        return
      }
      logger.warning("PostgreSQL does not stop", metadata: ["signal": "\(signal)"])
    }
    throw EmbeddedPostgresError(
      .serverNotStopped, "PostgreSQL (process \(server.process)) does not end. Stop it by hand.")
  }
}
