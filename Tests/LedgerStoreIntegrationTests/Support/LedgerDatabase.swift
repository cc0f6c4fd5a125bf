import Ledger
import LedgerStore
import Logging
import Postgres
import TallyTesting

/// A migrated database of a test's own, with the login that a gateway would use: no superuser, and no rights but
/// Tally's roles.
struct LedgerDatabase: Sendable {
  static let loginRole = "tally_test_login"
  /// It guards an empty database on a socket of a temporary folder.
  private static let loginPassword = "not-a-secret"

  static let logger = Logger(label: "ledger-test") { _ in SwiftLogNoOpLogHandler() }

  /// Copied for each test.
  static let template = DatabaseTemplate(name: "ledger") { settings in
    let connection = try await Connection.open(settings, logger: logger)
    try await connection.execute(
      script: """
        DO $$
        BEGIN
          CREATE ROLE \(loginRole) LOGIN PASSWORD '\(loginPassword)';
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
          ALTER ROLE \(loginRole) PASSWORD '\(loginPassword)';
        END
        $$
        """)
    await connection.close()
    try await Migrator(connection: settings, logger: logger).migrate(grantingTo: loginRole)
  }

  let database: TestDatabase

  /// The gateway's login.
  var loginSettings: ConnectionSettings {
    var settings = database.superuserSettings
    settings.user = Self.loginRole
    settings.password = Self.loginPassword
    return settings
  }

  /// A connection of the gateway's login.
  /// - Parameter role: the role to take at once.
  func connect(as role: String? = nil) async throws -> Connection {
    var settings = loginSettings
    settings.role = role
    return try await Connection.open(settings, logger: Self.logger)
  }

  /// Runs SQL as superuser, whom no policy confines.
  func execute(_ script: String) async throws {
    let connection = try await database.connect()
    try await connection.execute(script: script)
    await connection.close()
  }

  /// The first column of a query's rows as text, as superuser.
  func texts(_ sql: String) async throws -> [String?] {
    let connection = try await database.connect()
    let rows = try await connection.query(
      Statement("texts", sql, row: { row throws(PostgresError) in try row.next(String?.self) }))
    await connection.close()
    return rows
  }

  /// A store on this database.
  func openStore(_ change: (inout LedgerStoreSettings) -> Void = { _ in }) async throws -> LedgerStore {
    var settings = LedgerStoreSettings(connection: loginSettings, instance: InstanceID(bits: 0x1))
    change(&settings)
    return try await LedgerStore.open(settings, logger: Self.logger)
  }
}

/// Runs a test with a migrated database of its own.
func withLedgerDatabase<R>(_ body: (LedgerDatabase) async throws -> R) async throws -> R {
  try await withTestDatabase(template: LedgerDatabase.template) { database in
    try await body(LedgerDatabase(database: database))
  }
}

/// Runs a test with a store on a migrated database of its own.
func withLedgerStore<R>(
  _ change: (inout LedgerStoreSettings) -> Void = { _ in }, _ body: (LedgerStore, LedgerDatabase) async throws -> R
) async throws -> R {
  try await withLedgerDatabase { database in
    let store = try await database.openStore(change)
    do {
      let result = try await body(store, database)
      await store.close(within: .seconds(5))
      return result
    } catch {
      await store.close(within: .seconds(5))
      throw error
    }
  }
}
