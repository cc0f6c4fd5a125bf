import Logging
package import Postgres
import Synchronization

/// The PostgreSQL that this process starts itself when it is given no database: the same engine and the same SQL as everywhere else.
/// It has no TCP port, keeps what it promised after a crash (`fsync` on), and ends with its owner, even after a kill -9.
///
/// `start` leaves the server ready; `stop` must be called before the process ends, or the kernel stops it then.
package actor EmbeddedCluster {
  /// How to log in.
  package nonisolated let access: ClusterAccess

  private let lock: DataFolderLock
  private let launch: @Sendable () async throws -> ChildProcess
  private let running: Mutex<ChildProcess>
  private let settings: ClusterSettings
  private let logger: Logger
  private let watch: Task<Void, Never>
  private var isStopping = false

  init(
    access: ClusterAccess, lock: DataFolderLock, settings: ClusterSettings, log: ServerLog, logger: Logger,
    launch: @escaping @Sendable () async throws -> ChildProcess
  ) async throws {
    self.launch = launch
    running = Mutex(try await launch())
    self.access = access
    self.lock = lock
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

  private nonisolated var server: ChildProcess { running.withLock { $0 } }

  /// The server's process.
  package nonisolated var processID: Int32 { server.process }

  /// Waits until the server has ended, for whatever reason. See `restart`.
  package nonisolated func waitForExit() async { _ = await server.exit() }

  /// Starts a server again that ended by itself, killed say, and waits until it answers. Its clients reconnect.
  /// - Throws: what `start` throws.
  package func restart() async throws {
    guard !isStopping, !server.isRunning else { return }
    let started = try await launch()
    running.withLock { $0 = started }
  }

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
