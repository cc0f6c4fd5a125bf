import Postgres

/// The login role and the database of a new cluster. Everything else is for the migrations.
struct ClusterRoles: Sendable {
  /// Making a database copies a template, which takes a second on a slow disk.
  private static let timeout: Duration = .seconds(60)

  let settings: ClusterSettings

  private static let hasRole = Statement<Bool>(
    "has role", "SELECT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = $1)",
    row: { row throws(PostgresError) in try row.next() })

  private static let hasDatabase = Statement<Bool>(
    "has database", "SELECT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = $1)",
    row: { row throws(PostgresError) in try row.next() })

  /// Makes what is missing, and gives the login role its password, which may have been made anew.
  func prepare(_ connection: Connection, loginPassword: String) async throws(PostgresError) {
    let role = SQLText.identifier(settings.loginRole)
    if try await connection.query(Self.hasRole, settings.loginRole) != [true] {
      try await connection.execute(script: "CREATE ROLE \(role) LOGIN")
    }
    let verifier = try await connection.passwordVerifier(loginPassword, user: settings.loginRole)
    try await connection.execute(script: "ALTER ROLE \(role) PASSWORD \(SQLText.literal(verifier))")
    if try await connection.query(Self.hasDatabase, settings.database) != [true] {
      try await connection.execute(
        script: "CREATE DATABASE \(SQLText.identifier(settings.database))", timeout: Self.timeout)
    }
  }
}
