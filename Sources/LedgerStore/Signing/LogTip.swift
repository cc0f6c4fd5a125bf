package import Ledger
import Postgres
import TransparencyLog

/// What the signer reads of a log: where it stands, and the newest head that is stored of it.
package struct LogTip: Sendable, Hashable {
  /// The team whose log it is.
  package var team: TeamID
  /// Where the log stands.
  package var log: LogState
  /// Whether the team's commands are refused.
  package var isHalted: Bool
  /// The newest stored head; nil where there is none.
  package var head: LogHead?

  /// A tip with these fields.
  package init(team: TeamID, log: LogState, isHalted: Bool = false, head: LogHead? = nil) {
    self.team = team
    self.log = log
    self.isHalted = isHalted
    self.head = head
  }
}

extension LogTip {
  /// Reads the columns of the statements below.
  init(_ row: inout RowReader) throws(PostgresError) {
    team = try row.id()
    log = try LogState(&row)
    isHalted = try row.next()
    let size = try row.next(Int64?.self)
    let root = try row.next(PostgresBytes?.self)
    let note = try row.next(String?.self)
    let signedAt = try row.optionalTime()
    if let size, let root = root.flatMap({ Digest(bytes: $0.bytes) }), let note, let signedAt {
      head = LogHead(
        team: team, origin: log.origin, size: size, root: root, note: Array(note.utf8), signedAt: signedAt)
    }
  }
}

extension Statement where Row == LogTip {
  /// Logs with lines, of teams from an id on, at most so many.
  static let logTipsFrom = Statement(
    "log tips from",
    """
    SELECT t.team_id, t.log_origin, t.log_size, t.log_peaks, t.log_last_at, t.is_halted, c.size, c.root, c.note,
           c.signed_at
      FROM tally.team AS t
      LEFT JOIN tally.checkpoint AS c ON c.team_id = t.team_id AND c.log_origin = t.log_origin
     WHERE t.team_id >= $1
     ORDER BY t.team_id
     LIMIT $2
    """
  ) { (row) throws(PostgresError) in try LogTip(&row) }

  /// The logs of these teams.
  static let logTips = Statement(
    "log tips",
    """
    SELECT t.team_id, t.log_origin, t.log_size, t.log_peaks, t.log_last_at, t.is_halted, c.size, c.root, c.note,
           c.signed_at
      FROM tally.team AS t
      LEFT JOIN tally.checkpoint AS c ON c.team_id = t.team_id AND c.log_origin = t.log_origin
     WHERE t.team_id = ANY($1::uuid[])
     ORDER BY t.team_id
    """
  ) { (row) throws(PostgresError) in try LogTip(&row) }
}
