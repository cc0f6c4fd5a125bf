import EmbeddedPostgres
import Foundation
import Ledger
import LedgerStore
import Logging
import Postgres

/// The database of one run: a server somewhere, or the embedded one of the data folder.
struct LedgerDatabase: Sendable {
  /// How long a command waits for its last commits.
  static let closeLimit = Duration.seconds(10)

  /// How gateways and commands log in.
  let connection: ConnectionSettings
  /// Who may make tables and roles, where that is somebody else.
  let owner: ConnectionSettings?
  /// The embedded database, whoever started its server.
  private let embedded: EmbeddedDatabase?

  /// The data folder.
  let folderPath: String

  /// Held by a service on a database elsewhere: its data folder is its own, too.
  private var folder: DataFolderLock?

  /// Whether the server belongs to the data folder.
  var isEmbedded: Bool { embedded != nil }

  /// Finds the database that the settings name, starting the embedded one for `purpose` where nobody serves it yet, and
  /// stops afterwards what it started: last of all, when `body` is done.
  ///
  /// Throws `EmbeddedPostgresError`, `PostgresError`, and what `body` throws.
  static func use<Result>(
    _ settings: SettingsReader, purpose: DataFolderLock.Purpose = .command, logger: Logger,
    _ body: (LedgerDatabase, Logger) async throws -> Result
  ) async throws -> Result {
    let database = try await reach(settings, purpose: purpose, logger: logger)
    do {
      let result = try await body(database, logger)
      try await database.embedded?.stop()
      return result
    } catch {
      try? await database.embedded?.stop()
      throw error
    }
  }

  /// Waits until an embedded server that this process started has ended; for ever where there is none.
  func waitForServerExit() async {
    if case .owned(let cluster) = embedded {
      await cluster.waitForExit()
    } else {
      try? await Task.sleep(for: .seconds(Int64.max / 2))
    }
  }

  /// Starts an embedded server again that ended by itself.
  ///
  /// Throws `EmbeddedPostgresError`, `PostgresError`.
  func restartServer() async throws {
    if case .owned(let cluster) = embedded { try await cluster.restart() }
  }

  /// Brings the embedded database to this program's tables; leaves any other alone: its operator decides when.
  func migrateIfEmbedded(logger: Logger) async throws {
    guard let owner else { return }
    _ = try await Migrator(connection: owner, logger: logger).migrate(grantingTo: connection.user)
  }

  /// The migrator of this database.
  func migrator(logger: Logger) -> Migrator {
    Migrator(connection: owner ?? connection, logger: logger)
  }

  /// The login that migrations let serve, where it is not the one that migrates.
  var servingLogin: String? {
    isEmbedded ? connection.user : nil
  }

  /// Opens the ledger.
  ///
  /// Throws `StoreError`.
  func openStore(
    _ settings: SettingsReader, instance: InstanceID, lanes: Int, logger: Logger
  ) async throws -> LedgerStore {
    var connection = connection
    connection.applicationName = "tally"
    return try await LedgerStore.open(
      LedgerStoreSettings(
        connection: connection, instance: instance, logName: settings.text(.logName) ?? "", laneCount: lanes),
      logger: logger)
  }

  private static func reach(
    _ settings: SettingsReader, purpose: DataFolderLock.Purpose, logger: Logger
  ) async throws -> LedgerDatabase {
    let folder = DataFolder(path: settings.text(.dataFolder) ?? "").url.path
    if let url = settings.text(.databaseURL) {
      var database = LedgerDatabase(
        connection: try ConnectionSettings(url: url), owner: nil, embedded: nil, folderPath: folder)
      if purpose == .service {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        database.folder = try await DataFolderLock.acquire(folder: folder, purpose: .service, patience: .zero)
      }
      return database
    }
    var cluster = ClusterSettings(dataFolder: folder)
    cluster.purpose = purpose
    let embedded: EmbeddedDatabase =
      switch purpose {
      case .service: .owned(try await EmbeddedCluster.start(cluster, logger: logger))
      case .command: try await EmbeddedDatabase.open(cluster, logger: logger)
      }
    let access = embedded.access
    return LedgerDatabase(
      connection: access.connectionSettings, owner: access.superuserSettings, embedded: embedded,
      folderPath: folder)
  }
}
