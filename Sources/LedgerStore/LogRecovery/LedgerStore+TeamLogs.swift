package import Ledger
import Postgres

/// The logs that a team has had. The rows of those that were replaced stand where they stood, so whoever says which log is
/// meant reads them as those of the log that goes on.
extension LedgerStore {
  /// All logs that a team has had, the oldest first: the last one goes on.
  /// - Throws: `notFound`; `unavailable`.
  package func logs(of team: TeamID) async throws(StoreError) -> [TeamLog] {
    let logs = try await operatorRows(.teamLogs, team.uuid)
    guard !logs.isEmpty else { throw StoreError(.notFound("the team")) }
    return logs
  }

  /// The log of a team with this name; nil for the name: the one that goes on.
  /// - Throws: `invalid`, naming `log` and the names that there are; `notFound` for the team; `unavailable`.
  package func log(of team: TeamID, named origin: String? = nil) async throws(StoreError) -> TeamLog {
    guard let origin else {
      guard let log = try await rows(.listedLog, team.uuid, of: team).first else {
        throw StoreError(.notFound("the team"))
      }
      return TeamLog(team: team, state: log.state, base: log.base, firstKept: log.prunedBefore)
    }
    let logs = try await logs(of: team)
    guard let log = logs.first(where: { $0.origin.utf8.elementsEqual(origin.utf8) }) else {
      throw StoreError(
        .invalid(
          field: "log", message: "names no log of this team; it has \(logs.map(\.origin).joined(separator: ", "))"))
    }
    return log
  }

  /// The newest stored head of a log; nil where none was signed.
  /// - Throws: `unavailable`.
  package func newestHead(of log: TeamLog) async throws(StoreError) -> LogHead? {
    try await rows(.newestHead, log.team.uuid, log.origin, of: log.team).first
  }

  /// The line at an index of a log; nil where there is none.
  /// - Throws: `unavailable`.
  package func loggedLine(of log: TeamLog, at index: Int64) async throws(StoreError) -> LoggedLine? {
    // Behind the last line of a log that was replaced stand the lines of the next one.
    guard index >= 0, log.holds(place: log.base + index) else { return nil }
    return try await rows(.loggedLine, log.team.uuid, index, log.base, of: log.team).first
  }

  /// The first line from `first` up to `end` that is not the one its hash was made of; nil where none shows.
  /// - Throws: `unavailable`.
  package func firstAlteredLine(
    of log: TeamLog, from first: Int64, to end: Int64
  ) async throws(StoreError) -> Int64? {
    var from = first
    while from < end {
      let to = min(end, from + Self.chunkLines)
      let found = try await exportRows(.alteredLine, log.team.uuid, log.base + from, log.base + to, of: log.team)
      if let place = found.first { return place - log.base }
      from = to
    }
    return nil
  }
}

extension Statement where Row == Int64 {
  /// The place of the first line that its leaf is not the hash of: team, places from and to (exclusive). Pruned lines have
  /// only their hash.
  static let alteredLine = Statement(
    "altered line",
    """
    SELECT l.index
      FROM (SELECT index, line, leaf
              FROM tally.log_line WHERE team_id = $1 AND index >= $2 AND index < $3 ORDER BY index OFFSET 0) AS l
     WHERE l.line <> ''::bytea AND sha256('\\x00'::bytea || l.line) <> l.leaf
     ORDER BY l.index LIMIT 1
    """
  ) { (row) throws(PostgresError) in try row.next() }
}
