import Ledger
import Postgres

/// What the key directory knows of a hash: the team to ask, and the key there.
struct KeyDirectoryEntry: Sendable {
  var team: TeamID
  var key: KeyID
}

extension Statement where Row == KeyDirectoryEntry {
  /// The entry of a key's hash: for the role that reads nothing else.
  static let keyDirectoryEntry = Statement(
    "key directory entry", "SELECT team_id, key_id FROM tally.key_directory WHERE key_hash = $1"
  ) { (row) throws(PostgresError) in KeyDirectoryEntry(team: try row.id(), key: try row.id()) }
}
