import EmbeddedPostgres
import Foundation
package import Logging
package import Postgres

/// The one PostgreSQL of a test process, started when the first test asks: the server that `TALLY_TEST_DATABASE_URL` names (as a
/// superuser), else an embedded cluster in a temporary folder, with nothing waiting for the disk. It ends with the process.
package actor TestCluster {
  /// The process's cluster.
  package static let shared = TestCluster()

  /// Names a server to use instead, with a superuser's login.
  package static let urlVariable = "TALLY_TEST_DATABASE_URL"

  /// For what the cluster itself logs; tests print what they need.
  package static let logger = Logger(label: "test-cluster") { _ in SwiftLogNoOpLogHandler() }

  private var start: Task<ConnectionSettings, any Error>?
  private var templates: [String: Task<String, any Error>] = [:]
  private var counter = 0

  private init() {}

  /// How to log in as a superuser, to the database `postgres`.
  /// - Throws: what keeps the cluster from starting.
  package func superuserSettings() async throws -> ConnectionSettings {
    if let start { return try await start.value }
    let task = Task { try await Self.start() }
    start = task
    return try await task.value
  }

  /// A name for a database that no other process uses.
  func freshName() -> String {
    counter += 1
    return "tally_test_\(ProcessInfo.processInfo.processIdentifier)_\(counter)"
  }

  /// The database of a template, made when the first test asks for it.
  /// - Throws: what the template's closure throws, for every test that asks.
  func database(of template: DatabaseTemplate) async throws -> String {
    if let task = templates[template.name] { return try await task.value }
    let name = freshName()
    let task = Task {
      let administration = try await superuserSettings()
      try await TestDatabase.run("CREATE DATABASE \(SQLText.identifier(name))", administration)
      TestProcessEnd.remember(database: name, administration)
      var settings = administration
      settings.database = name
      try await template.prepare(settings)
      return name
    }
    templates[template.name] = task
    return try await task.value
  }

  private static func start() async throws -> ConnectionSettings {
    var administration = try await startServer()
    // Tests share the machine with compilers.
    administration.connectTimeout = .seconds(30)
    return administration
  }

  private static func startServer() async throws -> ConnectionSettings {
    if let url = ProcessInfo.processInfo.environment[urlVariable] { return try ConnectionSettings(url: url) }
    TestFolders.sweep()
    var settings = ClusterSettings(dataFolder: try TestFolders.make())
    settings.isDurable = false
    settings.parameters = [("max_connections", "400"), ("shared_buffers", "64MB"), ("max_wal_size", "1GB")]
    let cluster = try await EmbeddedCluster.start(settings, logger: logger)
    TestProcessEnd.remember(cluster: cluster, folder: settings.dataFolder)
    var administration = cluster.superuserSettings
    administration.database = "postgres"
    // All tests at once on few cores: a server that is slow is no fault.
    administration.connectTimeout = .seconds(60)
    administration.statementTimeout = .seconds(60)
    return administration
  }
}
