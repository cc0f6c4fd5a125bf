package import Postgres

/// A database of its own for one test.
package struct TestDatabase: Sendable {
  /// Copying a template takes a tenth of a second; a machine that builds meanwhile needs longer.
  private static let timeout: Duration = .seconds(60)

  /// The database's name.
  package let name: String
  /// A superuser's login.
  package let superuserSettings: ConnectionSettings

  /// Makes a database.
  /// - Parameter template: what to copy; an empty database when nil.
  package static func make(template: DatabaseTemplate? = nil) async throws -> TestDatabase {
    var settings = try await TestCluster.shared.superuserSettings()
    let name = await TestCluster.shared.freshName()
    var sql = "CREATE DATABASE \(SQLText.identifier(name))"
    if let template {
      sql += " TEMPLATE \(SQLText.identifier(try await TestCluster.shared.database(of: template)))"
    }
    try await run(sql, settings)
    settings.database = name
    return TestDatabase(name: name, superuserSettings: settings)
  }

  /// One empty database for all tests that leave nothing in it: nothing, or temporary tables. Making one of its own for each takes
  /// much longer than such a test.
  package static func shared() async throws -> TestDatabase {
    let empty = DatabaseTemplate(name: "empty") { _ in }
    var settings = try await TestCluster.shared.superuserSettings()
    settings.database = try await TestCluster.shared.database(of: empty)
    return TestDatabase(name: settings.database, superuserSettings: settings)
  }

  /// Removes the database, whoever is still connected to it.
  package func drop() async throws { try await Self.drop(name, superuserSettings) }

  /// Opens a connection.
  /// - Parameter role: the role to take at once; the superuser when nil.
  package func connect(role: String? = nil) async throws(PostgresError) -> Connection {
    var settings = superuserSettings
    settings.role = role
    return try await Connection.open(settings, logger: TestCluster.logger)
  }

  static func drop(_ name: String, _ settings: ConnectionSettings) async throws {
    try await run("DROP DATABASE IF EXISTS \(SQLText.identifier(name)) WITH (FORCE)", settings)
  }

  /// Runs one statement of administration in the database `postgres`.
  static func run(_ sql: String, _ settings: ConnectionSettings) async throws {
    var settings = settings
    settings.database = "postgres"
    settings.statementTimeout = .zero
    settings.lockTimeout = .zero
    let connection = try await Connection.open(settings, logger: TestCluster.logger)
    try await connection.execute(script: sql, timeout: timeout)
    await connection.close()
  }
}

/// Runs a test with a database of its own, which is removed afterwards whatever happens. Only some tests have one at a time, so
/// these calls must not be nested.
/// - Parameters:
///   - template: what to copy; an empty database when nil.
///   - body: the test.
package func withTestDatabase<R>(
  template: DatabaseTemplate? = nil, _ body: (TestDatabase) async throws -> R
) async throws -> R {
  await DatabaseSlots.shared.take()
  do {
    let result = try await withDatabase(template, body)
    await DatabaseSlots.shared.giveBack()
    return result
  } catch {
    await DatabaseSlots.shared.giveBack()
    throw error
  }
}

private func withDatabase<R>(
  _ template: DatabaseTemplate?, _ body: (TestDatabase) async throws -> R
) async throws -> R {
  let database = try await TestDatabase.make(template: template)
  do {
    let result = try await body(database)
    try await database.drop()
    return result
  } catch {
    try? await database.drop()
    throw error
  }
}
