package import Ledger
import Postgres

extension LedgerStore {
  /// Log lines that the search for a team's old holds looks through at first and at most in one transaction.
  private static let firstHoldWindow: Int64 = 512
  private static let widestHoldWindow: Int64 = 65_536

  /// Edits that were held from a moment on and still are, the oldest first.
  ///
  /// Records lie in the order of their times, so only the pages of that stretch are read.
  /// - Parameters:
  ///   - from: first moment.
  ///   - lag: how far before now the stretch ends: a line's time is taken before its commit, so what is younger may
  ///     still appear.
  ///   - limit: most edits that are returned; `upTo` is then the time of the last one, from which to look again.
  /// - Throws: `unavailable`.
  package func heldEdits(from: Timestamp, lag: Duration, limit: Int) async throws(StoreError) -> HeldEdits {
    let now = try await databaseClock()
    let end = now.adding(.zero - lag)
    guard from < end else { return HeldEdits(edits: [], now: now, upTo: from) }
    let edits = try await operatorRows(
      .heldBetween, from.timestamptz, end.timestamptz, now.timestamptz, Int64(limit))
    let isCut = edits.count == limit
    return HeldEdits(edits: edits, now: now, upTo: isCut ? edits.last?.createdAt : end)
  }

  /// Those of `edits` that are still held, with what is known of their owners now.
  /// - Throws: `unavailable`.
  package func stillHeld(_ edits: [EditName]) async throws(StoreError) -> HeldEdits {
    let now = try await databaseClock()
    let found = try await operatorRows(
      .heldOf, edits.map(\.team.uuid), edits.map(\.record.uuid), now.timestamptz)
    return HeldEdits(edits: found, now: now)
  }

  /// Every held edit of all teams, whatever its age.
  ///
  /// The books say how much each team holds, so a team's log is looked through from its end only until that much is
  /// found: no index on the state of a record is needed, and nothing old is read where nothing old is held.
  /// - Throws: `unavailable`.
  package func allHeldEdits() async throws(StoreError) -> HeldEdits {
    let now = try await databaseClock()
    var edits: [OpenEdit] = []
    var first = TeamID(bits: 0)
    let end = TeamID(bits: .max)
    while true {
      let teams = try await operatorRows(.teamsHolding, first.uuid, end.uuid, Int64(Self.pageSize))
      for team in teams where team.amount > 0 { edits += try await heldEdits(of: team, now) }
      guard teams.count == Self.pageSize, let last = teams.last, last.team < end else { break }
      first = TeamID(bits: last.team.bits + 1)
    }
    return HeldEdits(edits: edits, now: now)
  }

  /// Every held edit of one team, whatever its age.
  func heldEdits(of team: HoldingTeam, _ now: Timestamp) async throws(StoreError) -> [OpenEdit] {
    var found: [OpenEdit] = []
    var rest = team.amount
    var end = team.end
    var window = Self.firstHoldWindow
    while rest > 0, end > 0 {
      let first = max(0, end - window)
      let edits = try await operatorRows(.heldOfTeam, team.team.uuid, first, end, now.timestamptz)
      found += edits
      rest -= edits.reduce(0) { $0 + $1.held.value }
      end = first
      window = min(window * 4, Self.widestHoldWindow)
    }
    return found
  }
}

/// A team and what its edits hold that are not in doubt.
struct HoldingTeam: Sendable {
  var team: TeamID
  /// The place behind the last line of its log.
  var end: Int64
  var amount: Int64
}

extension Statement where Row == HoldingTeam {
  /// Teams from one id through another, at most so many.
  static let teamsHolding = Statement(
    "teams holding",
    """
    SELECT t.team_id, t.log_base + t.log_size, (coalesce(b.held, 0) - coalesce(d.held, 0))::bigint
      FROM (SELECT team_id, log_base, log_size FROM tally.team WHERE team_id BETWEEN $1 AND $2 ORDER BY team_id LIMIT $3) AS t
     CROSS JOIN LATERAL (SELECT sum(held) AS held
                           FROM tally.budget
                          WHERE team_id = t.team_id AND scope = 'team' AND subject_id = t.team_id) AS b
     CROSS JOIN LATERAL (SELECT sum(r.held) AS held
                           FROM tally.doubt AS d
                           JOIN tally.record AS r ON r.team_id = d.team_id AND r.record_id = d.record_id
                          WHERE d.team_id = t.team_id AND r.state = 'in_doubt') AS d
     ORDER BY t.team_id
    """
  ) { (row) throws(PostgresError) in
    HoldingTeam(team: try row.id(), end: try row.next(), amount: try row.next())
  }
}

extension Statement where Row == OpenEdit {
  private static let columns: @Sendable (inout RowReader) throws(PostgresError) -> OpenEdit = {
    (row) throws(PostgresError) in
    OpenEdit(
      team: try row.id(), record: try row.id(), instance: try row.id(), createdAt: try row.time(),
      held: try row.credits(), upstreamUUID: try row.next(String?.self), isOwnerAtWork: try row.next())
  }

  /// Held edits between two moments; now; at most so many.
  static let heldBetween = Statement(
    "held between",
    """
    SELECT r.team_id, r.record_id, r.instance_id, r.created_at, r.held, r.upstream_uuid,
           coalesce(i.lease_until > $3, false)
      FROM tally.record AS r
      LEFT JOIN tally.instance AS i ON i.instance_id = r.instance_id
     WHERE r.created_at >= $1 AND r.created_at < $2 AND r.state = 'held'
     ORDER BY r.created_at
     LIMIT $4
    """, row: columns)

  /// Held edits among some: teams, records; now.
  static let heldOf = Statement(
    "held of",
    """
    SELECT r.team_id, r.record_id, r.instance_id, r.created_at, r.held, r.upstream_uuid,
           coalesce(i.lease_until > $3, false)
      FROM unnest($1::uuid[], $2::uuid[]) AS v (team_id, record_id)
     CROSS JOIN LATERAL (SELECT team_id, record_id, instance_id, created_at, held, upstream_uuid, state
                           FROM tally.record
                          WHERE team_id = v.team_id AND record_id = v.record_id OFFSET 0) AS r
      LEFT JOIN tally.instance AS i ON i.instance_id = r.instance_id
     WHERE r.state = 'held'
    """, row: columns)

  /// Held edits whose holds stand in a range of a team's log: team, from, to (exclusive); now.
  static let heldOfTeam = Statement(
    "held of team",
    """
    SELECT r.team_id, r.record_id, r.instance_id, r.created_at, r.held, r.upstream_uuid,
           coalesce(i.lease_until > $4, false)
      FROM tally.record AS r
      LEFT JOIN tally.instance AS i ON i.instance_id = r.instance_id
     WHERE r.team_id = $1 AND r.hold_index >= $2 AND r.hold_index < $3 AND r.state = 'held'
    """, row: columns)
}
