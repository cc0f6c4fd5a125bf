import EmbeddedPostgres
import Foundation
import Postgres
import TallyTesting
import Testing

@Suite(.serialized) struct EmbeddedClusterTests {
  private static func show(_ name: String) -> Statement<String> {
    Statement("show", "SELECT current_setting('\(name)')", prepared: false) { row throws(PostgresError) in
      try row.next()
    }
  }
  private static let count = Statement<Int64>("count", "SELECT count(*) FROM t") { row throws(PostgresError) in
    try row.next()
  }

  private func withFolder(below: String = "", _ body: (String) async throws -> Void) async throws {
    let root = "/tmp/tally-cluster-\(UUID().uuidString.prefix(8))"
    defer { try? FileManager.default.removeItem(atPath: root) }
    try await body(root + below)
  }

  /// A throw-away cluster: what these tests look at does not depend on the disk.
  private func start(_ folder: String) async throws -> EmbeddedCluster {
    var settings = ClusterSettings(dataFolder: folder)
    settings.isDurable = false
    return try await EmbeddedCluster.start(settings, logger: TestCluster.logger)
  }

  private func open(_ settings: ConnectionSettings) async throws -> Connection {
    try await Connection.open(settings, logger: TestCluster.logger)
  }

  @Test func aClusterKeepsItsPromisesOverARestart() async throws {
    try await withFolder { folder in
      let first = try await EmbeddedCluster.start(dataFolder: folder, logger: TestCluster.logger)
      let owner = try await open(first.superuserSettings)
      for (name, value) in [
        ("data_checksums", "on"), ("fsync", "on"), ("synchronous_commit", "on"), ("full_page_writes", "on"),
        ("listen_addresses", ""), ("server_encoding", "UTF8"), ("lc_collate", "C"), ("jit", "off"),
        ("max_wal_size", "4GB"), ("max_connections", "100"),
      ] {
        #expect(try await owner.query(Self.show(name)) == [value], "\(name)")
      }
      try await owner.execute(script: "CREATE TABLE t (id int8); INSERT INTO t VALUES (1)")

      let login = try await open(first.connectionSettings)
      let isSuper = Statement<Bool>(
        "is super", "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = session_user"
      ) {
        row throws(PostgresError) in try row.next()
      }
      #expect(try await login.query(isSuper) == [false])
      await #expect(throws: PostgresError.self) { try await login.query(Self.count) }

      // The folder serves one process; a command finds the running server.
      let second = await #expect(throws: EmbeddedPostgresError.self) {
        try await EmbeddedCluster.start(dataFolder: folder, logger: TestCluster.logger)
      }
      #expect(second?.code == .dataFolderInUse)
      #expect(second?.description.contains("--data-dir") == true)
      let shared = try await EmbeddedDatabase.open(ClusterSettings(dataFolder: folder), logger: TestCluster.logger)
      if case .owned = shared { Issue.record("the service's server was there") }
      let viaShared = try await open(shared.access.superuserSettings)
      #expect(try await viaShared.query(Self.count) == [1])
      try await shared.stop()

      for name in ["pg-superuser.password", "pg-login.password", "lock"] {
        let mode = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)[.posixPermissions] as? Int
        #expect(mode == 0o600, "\(name)")
      }
      try await first.stop()
      #expect(kill(first.processID, 0) != 0)

      let again = try await EmbeddedDatabase.open(ClusterSettings(dataFolder: folder), logger: TestCluster.logger)
      guard case .owned = again else {
        Issue.record("nobody else runs it")
        return
      }
      let afterwards = try await open(again.access.superuserSettings)
      #expect(try await afterwards.query(Self.count) == [1])
      try await again.stop()
    }
  }

  @Test func aKilledServerIsPickedUpAgain() async throws {
    try await withFolder { folder in
      let first = try await EmbeddedCluster.start(dataFolder: folder, logger: TestCluster.logger)
      let connection = try await open(first.superuserSettings)
      try await connection.execute(script: "CREATE TABLE t (id int8); INSERT INTO t VALUES (1)")
      kill(first.processID, SIGKILL)
      await first.waitForExit()
      try await first.stop()
      let second = try await EmbeddedCluster.start(dataFolder: folder, logger: TestCluster.logger)
      #expect(try await open(second.superuserSettings).query(Self.count) == [1])
      try await second.stop()
    }
  }

  /// A server whose owner was killed, and which for some reason still runs.
  @Test func aSurvivingServerIsStoppedFirst() async throws {
    try await withFolder { folder in
      let first = try await start(folder)
      let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(first.processID)/exe")
      let sockets = first.connectionSettings.hosts[0].name
      try await first.stop()
      let survivor = Process()
      survivor.executableURL = URL(filePath: "/usr/bin/env")
      survivor.currentDirectoryURL = URL(filePath: "/")
      let account = geteuid() == 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : []
      survivor.arguments =
        account + [
          program, "-D", folder + "/pg/data", "-c", "unix_socket_directories=\(sockets)", "-c", "listen_addresses=",
        ]
      survivor.standardError = FileHandle.nullDevice
      try survivor.run()
      defer { if survivor.isRunning { survivor.terminate() } }
      while (try? await open(first.superuserSettings)) == nil { await Task.yield() }

      let second = try await start(folder)
      survivor.waitUntilExit()
      #expect(try await open(second.superuserSettings).query(Self.show("cluster_name")) == ["tally"])
      try await second.stop()
    }
  }

  @Test func aDeepDataFolderMovesTheSocketOnly() async throws {
    let deep = "/" + String(repeating: "d", count: 60) + "/" + String(repeating: "e", count: 60)
    try await withFolder(below: deep) { folder in
      var sockets: [String] = []
      for _ in 0..<2 {
        let cluster = try await start(folder)
        sockets.append(cluster.connectionSettings.hosts[0].name)
        let shared = try await EmbeddedCluster.connect(ClusterSettings(dataFolder: folder), logger: TestCluster.logger)
        #expect(shared?.connectionSettings.hosts[0].name == sockets.last)
        try await cluster.stop()
      }
      #expect(sockets[0] == sockets[1], "the folder is used again")
      #expect(!sockets[0].hasPrefix(folder))
      let mode = try FileManager.default.attributesOfItem(atPath: sockets[0])[.posixPermissions] as? Int
      #expect(mode == 0o700)
      try FileManager.default.removeItem(atPath: sockets[0])
    }
  }

  @Test(.enabled(if: geteuid() == 0)) func aFolderThatTheServerCannotReachIsNamed() async throws {
    try await withFolder(below: "/closed/data") { folder in
      let closed = URL(filePath: folder).deletingLastPathComponent().path
      try FileManager.default.createDirectory(
        atPath: closed, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      let error = await #expect(throws: EmbeddedPostgresError.self) {
        try await start(folder)
      }
      #expect(error?.code == .dataFolderUnreachable)
      #expect(error?.description.contains("--data-dir") == true)
      #expect(error?.description.contains(folder) == true)
    }
  }
}
