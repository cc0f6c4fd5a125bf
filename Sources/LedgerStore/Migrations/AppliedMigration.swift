import Ledger
import Postgres

/// A row of `tally_meta.schema_migration`: a step that this database has taken.
struct AppliedMigration: Sendable {
  let version: Int
  let name: String
  let checksum: Digest32
  let appliedAt: Timestamp
}

extension Statement where Row == AppliedMigration {
  /// All steps that were taken, in their order.
  static let appliedMigrations = Statement(
    "applied migrations",
    """
    SELECT version, name, checksum, applied_at
      FROM tally_meta.schema_migration
     ORDER BY version
    """
  ) { (row) throws(PostgresError) in
    AppliedMigration(
      version: Int(try row.next(Int64.self)), name: try row.next(), checksum: try row.digest32(),
      appliedAt: try row.time())
  }
}

extension Statement where Row == Void {
  /// Remembers a step: version, name, checksum.
  static let rememberMigration = Statement(
    "remember migration",
    "INSERT INTO tally_meta.schema_migration (version, name, checksum) VALUES ($1, $2, $3)")

  /// Forgets a step that was taken back: version.
  static let forgetMigration = Statement(
    "forget migration", "DELETE FROM tally_meta.schema_migration WHERE version = $1")

  /// One migrator at a time in one database. An advisory lock is right here and nowhere else: it guards a moment in
  /// which nothing else is there to lock, and correctness in the end rests on the primary key of the table above.
  static let lockMigrations = Statement(
    "lock migrations", "SELECT pg_advisory_lock(hashtextextended('tally migrate', 0))")
}

extension RowReader {
  /// Reads a bytea column that holds a SHA-256.
  mutating func digest32() throws(PostgresError) -> Digest32 {
    guard let digest = Digest32(bytes: try next(PostgresBytes.self).bytes) else {
      throw PostgresError(.decoding, outcome: .unknown, reason: "a hash that does not have 32 bytes")
    }
    return digest
  }
}
