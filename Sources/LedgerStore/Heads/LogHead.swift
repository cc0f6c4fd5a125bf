package import Ledger
import Postgres
package import TransparencyLog

/// The newest signed head of a log: a row of `tally.checkpoint` (docs/audit.md, heads).
package struct LogHead: Sendable, Hashable {
  /// The team whose log it is.
  package var team: TeamID
  /// Name of the log, the note's first line.
  package var origin: String
  /// Number of lines that it covers.
  package var size: Int64
  /// Root of the tree over them.
  package var root: Digest
  /// The signed note, byte for byte.
  package var note: [UInt8]
  /// When it was signed, by the signer's clock.
  package var signedAt: Timestamp

  /// A head with these fields.
  package init(team: TeamID, origin: String, size: Int64, root: Digest, note: [UInt8], signedAt: Timestamp) {
    self.team = team
    self.origin = origin
    self.size = size
    self.root = root
    self.note = note
    self.signedAt = signedAt
  }
}

extension LogHead {
  /// Reads team, origin, size, root, note and time.
  init(_ row: inout RowReader) throws(PostgresError) {
    self.init(
      team: try row.id(), origin: try row.next(), size: try row.next(), root: try row.digest(),
      note: Array(try row.next(String.self).utf8), signedAt: try row.time())
  }
}
