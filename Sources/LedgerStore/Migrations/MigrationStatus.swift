package import Ledger

/// One step of the schema as `tally migrate --status` shows it.
package struct MigrationStatus: Sendable, Hashable {
  /// The step's number.
  package let version: Int
  /// The step's name.
  package let name: String
  /// When it was applied; nil: it waits for `tally migrate`.
  package let appliedAt: Timestamp?
  /// SHA-256 of the file: of the applied one where there is one, else of this program's.
  package let checksum: Digest32
  /// It was applied from a file that differs from this program's: neither may be trusted to describe the other.
  package let isChanged: Bool
  /// It was applied by a newer program; this one does not know it.
  package let isUnknown: Bool
}
