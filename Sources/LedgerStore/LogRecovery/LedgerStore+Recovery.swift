package import Ledger
import Postgres
package import TransparencyLog

/// What became of a log that was to be recovered.
package struct RecoveredLog: Sendable, Hashable {
  /// Origin of the log that was replaced.
  package var oldLog: String
  /// How many lines of it the database has.
  package var oldSize: Int64
  /// Origin of the log that took its place.
  package var log: String
}

extension LedgerStore {
  /// Opens a new log in the place of a halted one, whose first line admits the loss. Edits that are open go on, held by
  /// that line; what is resolved keeps its lines in the old log. The books are taken over as the tables have them.
  /// - Parameter known: the newest head of the old log that is known; nil: none is.
  /// - Throws: `conflict` where the log is not halted, or the books are too large or do not balance; `notFound`;
  ///   `unavailable`.
  package func recoverLog(
    of team: TeamID, known: (size: Int64, root: Digest)?, by administrator: Administrator
  ) async throws(StoreError) -> RecoveredLog {
    let old = try await storedLog(of: team)
    guard old.isHalted else {
      throw StoreError(.conflict("the log \(old.origin) is not halted: there is nothing to recover"))
    }
    let request = RecoverLogRequest(
      team: team, oldLog: old.origin, known: known, open: try await openEdits(of: team))
    _ = try await submit(.recoverLog(request, administrator))
    return RecoveredLog(oldLog: old.origin, oldSize: old.size, log: try await storedLog(of: team).origin)
  }

  /// The text of the book that a team's log began with; nil where it began with the team.
  /// - Parameter base: the place of the log's first line; nil: that of the log that goes on.
  /// - Throws: `unavailable`.
  package func openingBook(of team: TeamID, base: Int64? = nil) async throws(StoreError) -> [UInt8]? {
    try await operatorRows(.replacedBooks, team.uuid, base).first
  }

  /// Whether the loss of an edit was admitted already: the team's log took the place of another after the edit's id was
  /// made, and the edit is not there. A settlement of it would halt the new log for what its first line tells.
  /// - Throws: `unavailable`.
  package func isLossAdmitted(of record: RecordID, team: TeamID) async throws(StoreError) -> Bool {
    guard let replacedAt = try await operatorRows(.replacedWithoutRecord, team.uuid, record.uuid).first else {
      return false
    }
    // Ids of edits begin with the milliseconds in which they were made.
    return Int64(record.bits >> 80) <= replacedAt.microseconds / 1_000
  }

  /// A team's log as its row has it.
  /// - Throws: `notFound`; `unavailable`.
  package func storedLog(of team: TeamID) async throws(StoreError) -> StoredLog {
    guard let log = try await operatorRows(.storedLog, team.uuid).first else { throw StoreError(.notFound("the team")) }
    return log
  }
}

extension LedgerStore {
  /// Names another state file in the signer's lease, where nobody signs: who holds the one before may not sign any more.
  /// - Returns: false while a gateway signs.
  /// - Throws: `unavailable`.
  package func replaceSignerState(by state: SignerStateID) async throws(StoreError) -> Bool {
    let now = try await databaseClock().timestamptz
    return try await !operatorRows(.replaceSignerState, state.uuid, settings.instance.uuid, now).isEmpty
  }
}

extension Statement where Row == Int64 {
  /// State, holder, now. Brings the term, where no lease runs.
  static let replaceSignerState = Statement(
    "replace signer state",
    """
    INSERT INTO tally.signer_lease AS l (lease_id, state_id, holder, term, lease_until)
    VALUES (1, $1, $2, 1, $3)
        ON CONFLICT ON CONSTRAINT signer_lease_pkey DO UPDATE
       SET state_id = excluded.state_id, holder = excluded.holder, term = l.term + 1, lease_until = excluded.lease_until
     WHERE l.lease_until <= excluded.lease_until
    RETURNING term
    """
  ) { (row) throws(PostgresError) in try row.next() }
}

/// A team's log as its row has it.
package struct StoredLog: Sendable, Hashable {
  /// The team; `operatorLog` for the operator's own.
  package var team: TeamID
  package var origin: String
  package var size: Int64
  /// The place of its first line.
  package var base: Int64
  package var isHalted: Bool
}

extension Statement where Row == StoredLog {
  /// A team's log: its id.
  static let storedLog = Statement(
    "stored log",
    "SELECT team_id, log_origin, log_size, log_base, is_halted FROM tally.team WHERE team_id = $1"
  ) { (row) throws(PostgresError) in
    StoredLog(
      team: try row.id(), origin: try row.next(), size: try row.next(), base: try row.next(), isHalted: try row.next())
  }
}

extension Statement where Row == [UInt8] {
  /// The book that a team's log began with, where it took another's place: team, the place of its first line (null: that of
  /// the log that goes on).
  static let replacedBooks = Statement(
    "replaced books",
    """
    SELECT book FROM tally.replaced_log WHERE team_id = $1 AND ($2::bigint IS NULL OR base < $2) ORDER BY base DESC LIMIT 1
    """
  ) { (row) throws(PostgresError) in try row.next(PostgresBytes.self).bytes }
}

extension Statement where Row == Timestamp {
  /// When a team's log last took another's place: team, an edit that must not be there.
  static let replacedWithoutRecord = Statement(
    "replaced without record",
    """
    SELECT replaced_at FROM tally.replaced_log
     WHERE team_id = $1 AND NOT EXISTS (SELECT FROM tally.record WHERE team_id = $1 AND record_id = $2)
     ORDER BY base DESC LIMIT 1
    """
  ) { (row) throws(PostgresError) in try row.time() }
}

extension Statement where Row == RecordID {
  /// Those of some records of a team that were held in a log which was replaced: team, records, the place of the log's
  /// first line.
  static let recordsInOldLogs = Statement(
    "records in old logs",
    """
    SELECT record_id FROM tally.record WHERE team_id = $1 AND record_id = ANY($2) AND hold_index < $3
    """
  ) { (row) throws(PostgresError) in try row.id() }
}
