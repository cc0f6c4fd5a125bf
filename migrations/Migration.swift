/// One step of the database's schema: a pair of SQL files of this folder, embedded in the program.
///
/// A file that was released is never edited again: its checksum is recorded in every database (`Migrator` in the module
/// `LedgerStore`). What has to change comes as the next number.
package struct Migration: Sendable {
  /// The step's number, from 1 without gaps; also the schema's version after it.
  package let version: Int
  /// What stands behind the number in the files' names.
  package let name: String
  /// The bytes of the file that takes the step.
  package let up: [UInt8]
  /// The bytes of the file that takes it back.
  package let down: [UInt8]

  /// A step.
  /// - Parameters:
  ///   - version: the step's number, from 1 without gaps.
  ///   - name: what stands behind the number in the files' names.
  ///   - up: the bytes of the file that takes the step.
  ///   - down: the bytes of the file that takes it back.
  package init(version: Int, name: String, up: [UInt8], down: [UInt8]) {
    self.version = version
    self.name = name
    self.up = up
    self.down = down
  }

  /// The name of the file that takes the step, for messages: `0001_ledger.up.sql`.
  package var fileName: String {
    let digits = String(version)
    return String(repeating: "0", count: max(0, Self.digits - digits.utf8.count)) + digits + "_\(name).up.sql"
  }

  /// Digits of the number in a file's name.
  private static let digits = 4

  /// All steps that this program knows, in their order.
  package static let all: [Migration] = [
    Migration(
      version: 1, name: "ledger", up: PackageResources._001_ledger_up_sql,
      down: PackageResources._001_ledger_down_sql),
    Migration(
      version: 2, name: "recovery", up: PackageResources._002_recovery_up_sql,
      down: PackageResources._002_recovery_down_sql),
    Migration(
      version: 3, name: "audit", up: PackageResources._003_audit_up_sql,
      down: PackageResources._003_audit_down_sql),
    Migration(
      version: 4, name: "evidence", up: PackageResources._004_evidence_up_sql,
      down: PackageResources._004_evidence_down_sql),
    Migration(
      version: 5, name: "reports", up: PackageResources._005_reports_up_sql,
      down: PackageResources._005_reports_down_sql),
    Migration(
      version: 6, name: "sums", up: PackageResources._006_sums_up_sql,
      down: PackageResources._006_sums_down_sql),
    Migration(
      version: 7, name: "halts", up: PackageResources._007_halts_up_sql,
      down: PackageResources._007_halts_down_sql),
    Migration(
      version: 8, name: "packed", up: PackageResources._008_packed_up_sql,
      down: PackageResources._008_packed_down_sql),
  ]
}
