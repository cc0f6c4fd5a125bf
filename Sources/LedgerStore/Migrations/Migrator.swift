package import Logging
package import Migrations
package import Postgres

/// Brings a database to the schema that this program needs, and tells how far it is (docs/architecture.md, "The
/// database").
///
/// Each file runs in a transaction of its own, together with its row in `tally_meta.schema_migration`: there is no state
/// in between. The table has a schema of its own because it is there before the schema `tally` and stays when that goes.
/// Two migrators that start at once go one after the other; the second finds nothing to do.
package struct Migrator: Sendable {
  /// How long a migrator waits for another one. A file that rewrites a large table may take minutes.
  static let turnTimeout: Duration = .seconds(600)
  /// The longest that one file may run.
  static let fileTimeout: Duration = .seconds(3_600)
  /// The longest for one of the migrator's own small statements.
  static let statementTimeout: Duration = .seconds(30)

  let settings: ConnectionSettings
  let migrations: [Migration]
  let logger: Logger

  /// A migrator of one database.
  /// - Parameters:
  ///   - settings: a login that may create schemas and roles, or is already a member of Tally's roles where those exist.
  ///     Its time-outs are replaced: a migration has its own.
  ///   - migrations: the steps, by default those of this program; tests bring others.
  package init(connection settings: ConnectionSettings, migrations: [Migration] = Migration.all, logger: Logger) {
    var settings = settings
    settings.statementTimeout = Self.fileTimeout
    settings.lockTimeout = Self.turnTimeout
    settings.idleInTransactionTimeout = Self.statementTimeout
    settings.applicationName = "tally migrate"
    self.settings = settings
    self.migrations = migrations
    self.logger = logger
  }

  /// What was applied and what waits, in the order of the versions. Changes nothing.
  /// - Throws: `StoreError.unavailable`, `StoreError.database`.
  package func status() async throws(StoreError) -> [MigrationStatus] {
    let connection = try await open()
    do {
      let rows = try await applied(on: connection)
      await connection.close()
      return compared(with: rows)
    } catch {
      await connection.close()
      throw StoreError(wrapping: error)
    }
  }

  /// Applies what is missing, then lets `login` serve.
  /// - Parameter login: a role that may from now on take Tally's roles: the one that gateways log in with, where that is
  ///   not the one that migrates.
  /// - Returns: the steps that were taken, none when there was nothing to do.
  /// - Throws: `StoreError.schema` when an applied file was changed since, when the database is newer than this program,
  ///   or when a file failed: what it did is undone then, and the steps before it stay.
  @discardableResult
  package func migrate(grantingTo login: String? = nil) async throws(StoreError) -> [Migration] {
    let connection = try await open()
    do {
      try await takeTurn(on: connection)
      let missing = try missingSteps(given: try await applied(on: connection))
      for migration in missing { try await apply(migration, on: connection) }
      if let login { try await grantRoles(to: login, on: connection) }
      await connection.close()
      return missing
    } catch {
      await connection.close()
      throw StoreError(wrapping: error)
    }
  }

  /// Takes steps back, the newest first, until `version` is the newest. For tests and for whoever tries a release: what
  /// the steps kept is gone.
  /// - Throws: as `migrate`.
  package func down(to version: Int) async throws(StoreError) {
    let connection = try await open()
    do {
      try await takeTurn(on: connection)
      let rows = try await applied(on: connection)
      _ = try missingSteps(given: rows)
      for migration in migrations.prefix(rows.count).reversed() where migration.version > version {
        try await takeBack(migration, on: connection)
      }
      await connection.close()
    } catch {
      await connection.close()
      throw StoreError(wrapping: error)
    }
  }
}
