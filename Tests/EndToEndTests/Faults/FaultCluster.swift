import EmbeddedPostgres
import Foundation
import Logging
import Postgres
import TallyTesting

/// A durable PostgreSQL that a fault test has for itself, because the fault is the server's: killed, full, or small.
final class FaultCluster: Sendable {
  /// How long the rest of a killed server may live on.
  private static let restartLimit = Duration.seconds(30)

  /// As the superuser, to the service's database.
  let settings: ConnectionSettings
  private let cluster: EmbeddedCluster
  private let logger = Logger(label: "fault-cluster") { _ in SwiftLogNoOpLogHandler() }

  /// Makes and starts one whose data lie in `folder`.
  init(in folder: URL, parameters: [(name: String, value: String)] = []) async throws {
    var wanted = ClusterSettings(dataFolder: folder.path)
    wanted.parameters = [("max_connections", "100"), ("shared_buffers", "32MB")] + parameters
    cluster = try await EmbeddedCluster.start(wanted, logger: logger)
    settings = cluster.superuserSettings
  }

  /// The server's first process.
  var processID: Int32 { cluster.processID }

  /// Kills the server's first process as `kill -9` does. The others notice it and end.
  func kill() async {
    Foundation.kill(cluster.processID, SIGKILL)
    await cluster.waitForExit()
  }

  /// Starts it again where it has ended, and waits until it answers. It does not start for as long as a process of the
  /// killed server lives.
  func restart() async throws {
    let deadline = ContinuousClock.now + Self.restartLimit
    while true {
      do {
        return try await cluster.restart()
      } catch {
        guard ContinuousClock.now < deadline else { throw error }
        try await Task.sleep(for: .milliseconds(100))
      }
    }
  }

  /// Ends it.
  func stop() async {
    try? await cluster.stop()
  }
}
