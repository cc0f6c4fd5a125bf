import Crypto
package import Ledger
import Logging
package import Migrations
import Postgres

extension Migrator {
  /// A connection with the login's own rights.
  func open() async throws(StoreError) -> Connection {
    do {
      return try await Connection.open(settings, logger: logger)
    } catch {
      throw StoreError(error)
    }
  }

  /// Waits for other migrators, then makes the table that remembers what was applied. The lock ends with the connection.
  func takeTurn(on connection: Connection) async throws(PostgresError) {
    _ = try await connection.query(.lockMigrations, timeout: Self.turnTimeout)
    try await connection.execute(script: Self.metaSchema, timeout: Self.statementTimeout)
  }

  /// Everybody may read it: it is how a gateway finds out that it does not fit its database.
  private static let metaSchema = """
    CREATE SCHEMA IF NOT EXISTS tally_meta;
    COMMENT ON SCHEMA tally_meta IS 'Which migrations this database has taken.';
    GRANT USAGE ON SCHEMA tally_meta TO PUBLIC;
    CREATE TABLE IF NOT EXISTS tally_meta.schema_migration (
      version     bigint      NOT NULL,
      name        text        NOT NULL,
      checksum    bytea       NOT NULL,
      applied_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
      applied_by  text        NOT NULL DEFAULT session_user,
      CONSTRAINT schema_migration_pkey PRIMARY KEY (version),
      CONSTRAINT schema_migration_version_positive CHECK (version >= 1),
      CONSTRAINT schema_migration_checksum_length CHECK (octet_length(checksum) = 32)
    );
    COMMENT ON TABLE tally_meta.schema_migration IS 'Migrations that were applied. Written by `tally migrate` only.';
    COMMENT ON COLUMN tally_meta.schema_migration.version IS 'The migration''s number.';
    COMMENT ON COLUMN tally_meta.schema_migration.name IS 'What stands behind the number in the file''s name.';
    COMMENT ON COLUMN tally_meta.schema_migration.checksum IS 'SHA-256 of the file.';
    COMMENT ON COLUMN tally_meta.schema_migration.applied_at IS 'When it was applied.';
    COMMENT ON COLUMN tally_meta.schema_migration.applied_by IS 'The login that applied it.';
    GRANT SELECT ON tally_meta.schema_migration TO PUBLIC;
    """

  /// What was applied; nothing where there is no table yet.
  func applied(on connection: Connection) async throws(PostgresError) -> [AppliedMigration] {
    do throws(PostgresError) {
      return try await connection.query(.appliedMigrations, timeout: Self.statementTimeout)
    } catch  where error.isMissingTable {
      return []
    }
  }

  /// The steps that are not applied.
  /// - Throws: `StoreError.schema` unless what was applied is the beginning of what this program knows.
  func missingSteps(given rows: [AppliedMigration]) throws(StoreError) -> [Migration] {
    for status in compared(with: rows) {
      if status.isUnknown {
        throw StoreError(
          .schema(
            "the database has migration \(status.version) (\(status.name)), which this program does not know: "
              + "a newer tally made it"))
      }
      if status.isChanged {
        throw StoreError(
          .schema("migration \(status.version) (\(status.name)) was changed after it had been applied to this database")
        )
      }
    }
    let known = Set(rows.map(\.version))
    let missing = migrations.filter { !known.contains($0.version) }
    guard let first = missing.first, let last = rows.last, first.version < last.version else { return missing }
    throw StoreError(.schema("migration \(first.fileName) was never applied to this database, but later ones were"))
  }

  /// All steps, known ones and applied ones, in the order of their versions.
  func compared(with rows: [AppliedMigration]) -> [MigrationStatus] {
    let byVersion = Dictionary(rows.map { ($0.version, $0) }) { first, _ in first }
    let known = migrations.map { migration in
      let row = byVersion[migration.version]
      return MigrationStatus(
        version: migration.version, name: migration.name, appliedAt: row?.appliedAt,
        checksum: row?.checksum ?? migration.checksum,
        isChanged: row.map { $0.checksum != migration.checksum || $0.name != migration.name } ?? false,
        isUnknown: false)
    }
    let knownVersions = Set(migrations.map(\.version))
    let unknown = rows.filter { !knownVersions.contains($0.version) }.map { row in
      MigrationStatus(
        version: row.version, name: row.name, appliedAt: row.appliedAt, checksum: row.checksum, isChanged: false,
        isUnknown: true)
    }
    return (known + unknown).sorted { $0.version < $1.version }
  }

  /// Takes one step.
  func apply(_ migration: Migration, on connection: Connection) async throws(StoreError) {
    try await run(migration.up, of: migration, on: connection) { (connection) async throws(PostgresError) in
      _ = try await connection.query(
        .rememberMigration, Int64(migration.version), migration.name, PostgresBytes(migration.checksum.bytes),
        timeout: Self.statementTimeout)
    }
    logger.notice("applied a migration", metadata: ["migration": "\(migration.fileName)"])
  }

  /// Takes one step back.
  func takeBack(_ migration: Migration, on connection: Connection) async throws(StoreError) {
    try await run(migration.down, of: migration, on: connection) { (connection) async throws(PostgresError) in
      _ = try await connection.query(.forgetMigration, Int64(migration.version), timeout: Self.statementTimeout)
    }
    logger.notice("took a migration back", metadata: ["migration": "\(migration.fileName)"])
  }

  /// Runs a file and the note about it in one transaction.
  private func run(
    _ file: [UInt8], of migration: Migration, on connection: Connection,
    note: (Connection) async throws(PostgresError) -> Void
  ) async throws(StoreError) {
    do throws(PostgresError) {
      // Nobody's edits wait behind a migration for longer than this; it fails then and can be tried again.
      try await connection.execute(script: "BEGIN; SET LOCAL lock_timeout = '5s'", timeout: Self.statementTimeout)
      try await connection.execute(script: String(decoding: file, as: UTF8.self), timeout: Self.fileTimeout)
      try await note(connection)
      try await connection.execute(script: "COMMIT", timeout: Self.statementTimeout)
    } catch {
      // What cannot be rolled back ends with the connection, which the caller closes.
      try? await connection.rollback()
      let state = error.sqlState.map { " (SQLSTATE \($0))" } ?? ""
      throw StoreError(
        .schema("migration \(migration.fileName) failed\(state); what it did is undone"), underlying: error)
    }
  }

  /// Lets a login take Tally's roles.
  func grantRoles(to login: String, on connection: Connection) async throws(PostgresError) {
    for grant in try await connection.query(.grantRoles, login, timeout: Self.statementTimeout) {
      try await connection.execute(script: grant, timeout: Self.statementTimeout)
    }
  }
}

extension Statement where Row == String {
  /// The GRANT for one login, with the server's own quoting, none where it has the roles already.
  fileprivate static let grantRoles = Statement(
    "grant roles",
    """
    SELECT format('GRANT tally_owner, tally_lane, tally_request, tally_auth TO %I', login.rolname)
      FROM pg_roles AS login
     WHERE login.rolname = $1
       AND NOT (pg_has_role(login.oid, 'tally_owner', 'MEMBER') AND pg_has_role(login.oid, 'tally_lane', 'MEMBER')
                AND pg_has_role(login.oid, 'tally_request', 'MEMBER') AND pg_has_role(login.oid, 'tally_auth', 'MEMBER'))
    """
  ) { (row) throws(PostgresError) in try row.next() }
}

extension Migration {
  /// SHA-256 of the file that takes the step.
  package var checksum: Digest32 {
    Digest32(bytes: Array(SHA256.hash(data: up))) ?? .zero
  }
}

extension PostgresError {
  /// Whether a table or its schema is not there.
  var isMissingTable: Bool { sqlState == "42P01" || sqlState == "3F000" }
}
