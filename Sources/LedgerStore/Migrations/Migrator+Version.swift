import Migrations
package import Postgres

extension Migrator {
  /// The schema's version that this program needs.
  package static var expectedVersion: Int { Migration.all.last?.version ?? 0 }

  /// The schema's version in a database; 0 where there is none.
  /// - Throws: `StoreError.unavailable`, `StoreError.database`.
  package static func currentVersion(_ connection: Connection) async throws(StoreError) -> Int {
    do throws(PostgresError) {
      return Int(try await connection.query(.newestMigration, timeout: statementTimeout).first ?? 0)
    } catch  where error.isMissingTable {
      return 0
    } catch {
      throw StoreError(error)
    }
  }

  /// Checks that a database has the tables that this program needs.
  /// - Throws: `StoreError.schema`, whose text says what to do; else as `currentVersion`.
  package static func requireExpectedVersion(_ connection: Connection) async throws(StoreError) {
    let version = try await currentVersion(connection)
    if version == expectedVersion { return }
    if version == 0 { throw StoreError(.schema("the database has no tables of Tally yet; run `tally migrate`")) }
    let versions = "the database has schema version \(version), this program needs \(expectedVersion)"
    throw StoreError(
      .schema(version < expectedVersion ? "\(versions); run `tally migrate`" : "\(versions); install a newer tally"))
  }
}

extension Statement where Row == Int64 {
  /// The newest step's version, 0 before the first.
  fileprivate static let newestMigration = Statement(
    "newest migration", "SELECT coalesce(max(version), 0) FROM tally_meta.schema_migration"
  ) { (row) throws(PostgresError) in try row.next() }
}
