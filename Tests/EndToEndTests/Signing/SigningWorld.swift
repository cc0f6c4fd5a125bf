import Foundation
import Postgres
import TallyTesting
import Testing
import TransparencyLog

/// A database, and gateways on it of which one has the signing key and the state file.
struct SigningWorld: Sendable {
  let folder: URL
  let database: TestDatabase
  let sandbox: SandboxProcess
  /// What an auditor has pinned.
  let vkey: NoteVerifierKey

  /// The data folder that has the keys.
  var signingFolder: URL { folder.appending(path: "signing") }
  var tally: TallyCommand { TallyCommand(folder: folder, databaseURL: database.url, dataFolder: signingFolder) }

  static func with(_ body: (SigningWorld) async throws -> Void) async throws {
    let temporary = try TemporaryFolder()
    try await withTestDatabase(template: World.migrated) { database in
      let tally = TallyCommand(
        folder: temporary.url, databaseURL: database.url, dataFolder: temporary.url.appending(path: "signing"))
      let made = try await tally.json("keys", "init")
      let vkey = try #require(NoteVerifierKey(text: made["vkey"].string ?? ""))
      let sandbox = try await SandboxProcess.start(in: temporary.url)
      do {
        try await body(SigningWorld(folder: temporary.url, database: database, sandbox: sandbox, vkey: vkey))
      } catch {
        await sandbox.stop()
        throw error
      }
      await sandbox.stop()
    }
    withExtendedLifetime(temporary) {}
  }

  /// Runs a gateway until `body` is done, and ends it in good order.
  /// - Parameter data: its data folder; nil: the one with the keys.
  func serving(data: URL? = nil, _ body: (World) async throws -> Void) async throws {
    let settings = TallyProcess.Settings(
      databaseURL: database.url, dataFolder: data ?? signingFolder, upstream: sandbox.address,
      name: "serve-\(UInt32.random(in: .min ... .max))")
    let gateway = try await TallyProcess.start(settings, in: folder)
    do {
      try await body(
        World(folder: folder, databaseURL: database.url, sandbox: sandbox, gateways: [gateway], tally: tally))
    } catch {
      await gateway.stop()
      throw error
    }
    #expect(await gateway.stop() == 0)
  }

  /// Keeps a copy of the database, to which nobody is connected.
  func backUp() async throws {
    try await administer(["CREATE DATABASE \(copy) TEMPLATE \(SQLText.identifier(database.name))"])
  }

  /// Puts the copy in the database's place.
  func restore() async throws {
    let name = SQLText.identifier(database.name)
    try await administer(["DROP DATABASE \(name) WITH (FORCE)", "CREATE DATABASE \(name) TEMPLATE \(copy)"])
  }

  /// Takes the copy away.
  func forgetBackUp() async throws {
    try await administer(["DROP DATABASE IF EXISTS \(copy) WITH (FORCE)"])
  }

  private var copy: String { SQLText.identifier(database.name + "_copy") }

  private func administer(_ statements: [String]) async throws {
    var settings = database.superuserSettings
    settings.database = "postgres"
    settings.statementTimeout = .zero
    let connection = try await Connection.open(settings, logger: TestCluster.logger)
    for statement in statements { try await connection.execute(script: statement, timeout: .seconds(60)) }
    await connection.close()
  }

  /// All stored heads.
  func heads() async throws -> [String] {
    let connection = try await database.connect()
    let rows = try await connection.query(
      Statement("test heads", "SELECT note FROM tally.checkpoint ORDER BY note") { (row) throws(PostgresError) in
        try row.next(String.self)
      })
    await connection.close()
    return rows
  }
}
