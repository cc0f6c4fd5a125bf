package import Ledger
import Postgres

/// One of the logs that a team has had: the one that goes on, or one that another took the place of.
package struct TeamLog: Sendable, Hashable {
  /// Whose log it is.
  package var team: TeamID
  /// Where it stands, or ended.
  package var state: LogState
  /// The place of its first line.
  package var base: Int64
  /// Index from which on all lines are there; some below it may be, too.
  package var firstKept: Int64
  /// When another log took its place; nil for the one that goes on.
  package var replacedAt: Timestamp?

  /// A log with these fields.
  package init(team: TeamID, state: LogState, base: Int64 = 0, firstKept: Int64 = 0, replacedAt: Timestamp? = nil) {
    self.team = team
    self.state = state
    self.base = base
    self.firstKept = firstKept
    self.replacedAt = replacedAt
  }

  /// Name of the log, the first line of its heads.
  package var origin: String { state.origin }
  /// Number of lines.
  package var size: Int64 { state.size }
  /// Whether another log took its place: nothing is appended to it or signed of it any more.
  package var isReplaced: Bool { replacedAt != nil }

  /// Lines of it: from `from` up to `to`, which is not in it.
  package func range(from: Int64, to: Int64) -> LogRange {
    LogRange(team: team, from: from, to: to, base: base)
  }

  /// Whether the line of a place is one of its lines.
  package func holds(place: Int64) -> Bool {
    place >= base && (place < base + size || !isReplaced)
  }
}

extension Statement where Row == TeamLog {
  /// All logs that a team has had, the oldest first. What was pruned of a log that was replaced is known by the pruning.
  static let teamLogs = Statement(
    "team logs",
    """
    SELECT o.team_id, o.log_origin, o.size, o.peaks, o.last_at, o.base,
           coalesce((SELECT max(e.lines_before)
                       FROM tally.erasure AS e
                      WHERE e.team_id = o.team_id AND e.log_origin = o.log_origin), 0), o.replaced_at
      FROM tally.replaced_log AS o
     WHERE o.team_id = $1
     UNION ALL
    SELECT team_id, log_origin, log_size, log_peaks, log_last_at, log_base, pruned_before, NULL
      FROM tally.team
     WHERE team_id = $1
     ORDER BY 6
    """
  ) { (row) throws(PostgresError) in
    TeamLog(
      team: try row.id(), state: try LogState(&row), base: try row.next(), firstKept: try row.next(),
      replacedAt: try row.optionalTime())
  }
}
