package import Ledger
import Postgres

/// Where lines stand in a log, found by looking at a few of them.
extension LedgerStore {
  /// Index from which on all lines are there; some below it may be, too, until a later pruning takes them.
  /// - Throws: `notFound`; `unavailable`.
  package func firstKeptLine(of team: TeamID) async throws(StoreError) -> Int64 {
    guard let first = try await exportRows(.prunedBefore, team.uuid, of: team).first else {
      throw StoreError(.notFound("the team"))
    }
    return first
  }

  /// Index of the first line that is not older than `moment`; the log's size where all are.
  /// - Throws: `invalid`, naming `from`, where that line is among those that were pruned; `notFound`; `unavailable`.
  package func firstLine(of team: TeamID, notBefore moment: Timestamp) async throws(StoreError) -> Int64 {
    try await firstLine(of: log(of: team), notBefore: moment)
  }

  /// The same of any log that a team has had.
  /// - Throws: as `firstLine(of:notBefore:)`.
  package func firstLine(of log: TeamLog, notBefore moment: Timestamp) async throws(StoreError) -> Int64 {
    let (kept, size) = (log.firstKept, log.size)
    let found = try await firstLines(of: log.team, notBefore: [moment], from: kept, to: size, base: log.base)[0]
    // Older lines may be as young as that, too.
    guard found > kept || kept == 0 || found == size else {
      throw StoreError(
        .invalid(field: "from", message: "lines below \(kept) were pruned; the first that can be had is \(kept)"))
    }
    return found
  }

  /// Index of the first line that is not older than `moment`, of those that were not pruned; the log's size where all are
  /// older.
  /// - Throws: `notFound`; `unavailable`.
  func firstLineLeft(of team: TeamID, notBefore moment: Timestamp) async throws(StoreError) -> Int64 {
    let size = try await logSize(team)
    let kept = try await firstKeptLine(of: team)
    return try await firstLines(of: team, notBefore: [moment], from: kept, to: size)[0]
  }

  /// The bytes of single lines: empty where they were pruned, absent where there is no line.
  /// - Parameters:
  ///   - indexes: at most some thousands.
  ///   - base: the place of the log's first line; nil: that of the log that goes on.
  /// - Throws: `unavailable`.
  package func lineBytes(
    of team: TeamID, at indexes: [Int64], base: Int64? = nil
  ) async throws(StoreError) -> [(index: Int64, bytes: [UInt8])] {
    var scope = RequestScope(team: team)
    let slot = scope.append(.linesAt, team.uuid, indexes, base)
    return try await scope.run(on: exportPool).decoded(slot).map { ($0.index, $0.bytes) }
  }

  /// Whose edits these are, by member and key. Edits that are not the team's are left out.
  /// - Throws: `unavailable`.
  package func owners(
    of records: [RecordID], team: TeamID
  ) async throws(StoreError) -> [RecordID: (member: MemberID, key: KeyID)] {
    var scope = RequestScope(team: team)
    let slot = scope.append(.recordOwners, team.uuid, records.map(\.uuid))
    let rows = try await scope.run(on: exportPool).decoded(slot)
    return Dictionary(rows.map { ($0.record, ($0.member, $0.key)) }) { first, _ in first }
  }

  private func logSize(_ team: TeamID) async throws(StoreError) -> Int64 {
    try await logState(of: team).size
  }

  /// For each moment the index of the first line from `first` on that is not older; `end` where all up to there are.
  /// - Throws: `database` where one of the lines cannot be read; `unavailable`.
  func firstLines(
    of team: TeamID, notBefore moments: [Timestamp], from first: Int64, to end: Int64, base: Int64? = nil
  ) async throws(StoreError) -> [Int64] {
    var search = LineSearch(moments, from: first, to: end)
    while true {
      let probes = search.probes
      guard !probes.isEmpty else { return search.found }
      let lines = try await lineBytes(of: team, at: probes, base: base)
      guard lines.count == probes.count else { throw StoreError(.database) }
      for line in lines {
        guard let header = try? Line.parse(line.bytes).0 else { throw StoreError(.database) }
        search.take(line.index, at: header.at)
      }
    }
  }
}

/// A line's bytes by its index.
struct PlacedLine: Sendable {
  var index: Int64
  var bytes: [UInt8]
}

/// Whose edit a record is.
struct RecordOwner: Sendable {
  var record: RecordID
  var member: MemberID
  var key: KeyID
}

extension Statement where Row == PlacedLine {
  /// Single lines of a team: their indexes, the place of the log's first line (or null).
  static let linesAt = Statement(
    "lines at",
    """
    SELECT v.index, l.line
      FROM (SELECT team_id, CASE WHEN $3::bigint IS NULL THEN log_base ELSE $3 END AS log_base
              FROM tally.team) AS t
     CROSS JOIN unnest($2::bigint[]) AS v (index)
     CROSS JOIN LATERAL (SELECT line FROM tally.log_line
                          WHERE team_id = t.team_id AND index = t.log_base + v.index OFFSET 0) AS l
     WHERE t.team_id = $1 AND v.index >= 0
     ORDER BY v.index
    """
  ) { (row) throws(PostgresError) in
    PlacedLine(index: try row.next(), bytes: try row.next(PostgresBytes.self).bytes)
  }
}

extension Statement where Row == RecordOwner {
  /// Member and key of records of a team: their ids.
  static let recordOwners = Statement(
    "record owners",
    "SELECT record_id, member_id, key_id FROM tally.record WHERE team_id = $1 AND record_id = ANY($2)"
  ) { (row) throws(PostgresError) in
    RecordOwner(record: try row.id(), member: try row.id(), key: try row.id())
  }
}

extension Statement where Row == Int64 {
  /// Below which index a team's lines were pruned.
  static let prunedBefore = Statement("pruned before", "SELECT pruned_before FROM tally.team WHERE team_id = $1") {
    (row) throws(PostgresError) in try row.next()
  }
}
