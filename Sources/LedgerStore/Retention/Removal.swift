package import Ledger
import Postgres

/// Records and usage that are being removed, or were: a row of `tally.removal`. It is done in many short transactions, and
/// goes on from its row where it was cut off.
package struct Removal: Sendable, Hashable {
  /// Its id, which the line has that tells of it.
  package var id: NoteID
  /// What was resolved or refused before this moment goes: the end of a closed month.
  package var before: Timestamp
  /// Place of the line that closed that month: edits that were held from there on are not looked at.
  package var until: Int64
  /// Edits that were held by lines below this place are done.
  package var next: Int64
  /// Records that were removed so far.
  package var records: Int64
  /// Rows of usage that were removed so far.
  package var buckets: Int64
  /// Place of the line that tells of it, its index where `removeOld` returns it; nil: it is not done.
  package var index: Int64?

  /// A removal with these fields.
  package init(
    id: NoteID, before: Timestamp, until: Int64, next: Int64 = 0, records: Int64 = 0, buckets: Int64 = 0,
    index: Int64? = nil
  ) {
    self.id = id
    self.before = before
    self.until = until
    self.next = next
    self.records = records
    self.buckets = buckets
    self.index = index
  }
}

/// The closed month up to whose end a team's records go.
struct DueRemoval: Sendable, Hashable {
  /// For how many days they are kept; nil: for ever.
  var keepDays: Int64?
  /// What was removed already.
  var removedBefore: Timestamp?
  /// The end of the newest closed month that is older than that; nil: there is none.
  var before: Timestamp?
  /// Place of the line that closed it.
  var until: Int64?

  /// The month, where more is to go than went already.
  var isDue: (before: Timestamp, until: Int64)? {
    guard let before, let until, removedBefore.map({ $0 < before }) ?? true else { return nil }
    return (before, until)
  }
}

/// A record that a removal looks at.
struct RemovalCandidate: Sendable {
  var record: RecordID
  /// Place of the line that held or refused it.
  var holdIndex: Int64
  var createdAt: Timestamp
  /// Whether it goes: resolved or refused long ago, and nobody asks any more what became of it.
  var goes: Bool
  /// Storage keys of its results.
  var resultKeys: [String]
}

extension RowReader {
  /// Reads id, before, until, next, records, buckets and index of a removal.
  mutating func removal() throws(PostgresError) -> Removal {
    Removal(
      id: try id(), before: try time(), until: try next(), next: try next(), records: try next(), buckets: try next(),
      index: try next())
  }
}

extension Statement where Row == Removal {
  /// The removals of a team, the oldest first: team, whether only those that are not done, at most so many.
  static let removalsOfTeam = Statement(
    "removals of team",
    """
    SELECT removal_id, before, until_index, next_index, records, buckets, index
      FROM tally.removal
     WHERE team_id = $1 AND (index IS NULL OR NOT $2)
     ORDER BY before, removal_id
     LIMIT $3
    """
  ) { (row) throws(PostgresError) in try row.removal() }

  /// One removal: team, id.
  static let removalByID = Statement(
    "removal by id",
    """
    SELECT removal_id, before, until_index, next_index, records, buckets, index
      FROM tally.removal WHERE team_id = $1 AND removal_id = $2
    """
  ) { (row) throws(PostgresError) in try row.removal() }

  /// Locks one that is not done: team, id.
  static let lockRemoval = Statement(
    "lock removal",
    """
    SELECT removal_id, before, until_index, next_index, records, buckets, index
      FROM tally.removal WHERE team_id = $1 AND removal_id = $2 AND index IS NULL FOR UPDATE
    """
  ) { (row) throws(PostgresError) in try row.removal() }

  /// Begins one: team, id, before, until, now. The team is locked; one that is not done goes first.
  static let beginRemoval = Statement(
    "begin removal",
    """
    INSERT INTO tally.removal (team_id, removal_id, before, until_index, begun_at)
    SELECT $1, $2, $3, $4, $5
     WHERE NOT EXISTS (SELECT FROM tally.removal WHERE team_id = $1 AND index IS NULL)
    RETURNING removal_id, before, until_index, next_index, records, buckets, index
    """
  ) { (row) throws(PostgresError) in try row.removal() }

  /// Team, id, up to where it is done, how many more records and rows of usage are gone.
  static let moveRemoval = Statement(
    "move removal",
    """
    UPDATE tally.removal
       SET next_index = greatest(next_index, $3), records = records + $4, buckets = buckets + $5
     WHERE team_id = $1 AND removal_id = $2 AND index IS NULL
    RETURNING removal_id, before, until_index, next_index, records, buckets, index
    """
  ) { (row) throws(PostgresError) in try row.removal() }
}

extension Statement where Row == Void {
  /// Team, moment: what was resolved before it is removed from now on.
  static let noteRemoval = Statement(
    "note removal",
    """
    UPDATE tally.team SET removed_before = greatest(removed_before, $2)
     WHERE team_id = $1 AND EXISTS (SELECT FROM tally.removal WHERE team_id = $1 AND before = $2)
    """)
}
