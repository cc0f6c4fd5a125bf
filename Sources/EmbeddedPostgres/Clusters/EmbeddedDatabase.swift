package import Logging
import Postgres

/// The embedded database for whoever needs it, whether or not a service has it running.
package enum EmbeddedDatabase: Sendable {
  /// This process started it, and stops it.
  case owned(EmbeddedCluster)
  /// A service has it running.
  case shared(ClusterAccess)

  /// Uses the running server of a service, or starts one for this command. While another command has the folder, its end is waited for.
  /// - Parameters:
  ///   - settings: the folder; its purpose is taken to be a command's.
  ///   - logger: gets a line for each thing that takes long or went wrong.
  /// - Throws: `EmbeddedPostgresError`, `PostgresError`, `CancellationError`.
  package static func open(_ settings: ClusterSettings, logger: Logger) async throws -> EmbeddedDatabase {
    var settings = settings
    settings.purpose = .command
    do {
      return .owned(try await EmbeddedCluster.start(settings, logger: logger))
    } catch let error as EmbeddedPostgresError where error.code == .dataFolderInUse {
      guard let access = try await EmbeddedCluster.connect(settings, logger: logger) else { throw error }
      return .shared(access)
    }
  }

  /// How to log in.
  package var access: ClusterAccess {
    switch self {
    case .owned(let cluster): cluster.access
    case .shared(let access): access
    }
  }

  /// Stops the server when this process started it.
  /// - Throws: `serverNotStopped`.
  package func stop() async throws {
    if case .owned(let cluster) = self { try await cluster.stop() }
  }
}
