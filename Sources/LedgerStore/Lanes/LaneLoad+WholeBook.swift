import Ledger
import Postgres

// What closing a period needs besides: the whole book, under the lock. One row more than may be is enough to see that
// there are too many.

extension LaneLoad {
  /// All members of teams: teams, how many at most.
  static let loadTeamMembers = Statement<(TeamID, MemberState)>(
    "lane_load_team_members",
    """
    SELECT v.team_id, m.member_id, m.role, m.status, m.credit_limit, m.period
      FROM unnest($1::uuid[]) AS v (team_id)
     CROSS JOIN LATERAL (SELECT member_id, role, status, credit_limit, period
                           FROM tally.member WHERE team_id = v.team_id LIMIT $2) AS m
    """, row: memberColumns)

  /// The active administrators of teams, for a change that may leave none. Any few will do: one that is left is enough.
  static let loadAdministrators = Statement<(TeamID, MemberState)>(
    "lane_load_administrators",
    """
    SELECT v.team_id, m.member_id, m.role, m.status, m.credit_limit, m.period
      FROM unnest($1::uuid[]) AS v (team_id)
     CROSS JOIN LATERAL (SELECT member_id, role, status, credit_limit, period
                           FROM tally.member
                          WHERE team_id = v.team_id AND role = 'ADMIN' AND status = 'ACTIVE' LIMIT 1000) AS m
    """, row: memberColumns)

  /// All keys of teams: teams, how many at most.
  static let loadTeamKeys = Statement<(TeamID, KeyState)>(
    "lane_load_team_keys",
    """
    SELECT v.team_id, k.key_id, k.member_id, k.budget_key_id, k.credit_limit, k.period, k.scopes, k.expires_at,
           k.revoked_at, k.rate_per_minute
      FROM unnest($1::uuid[]) AS v (team_id)
     CROSS JOIN LATERAL (SELECT key_id, member_id, budget_key_id, credit_limit, period, scopes, expires_at, revoked_at,
                                rate_per_minute
                           FROM tally.api_key WHERE team_id = v.team_id LIMIT $2) AS k
    """, row: keyColumns)

  /// The budget rows of all periods of teams: teams, how many at most.
  static let loadTeamBudgets = Statement<(TeamID, Budget)>(
    "lane_load_team_budgets",
    """
    SELECT v.team_id, b.scope, b.subject_id, b.period, b.period_start, b.period_end, b.credit_limit, b.used, b.held,
           b.is_over_limit
      FROM unnest($1::uuid[]) AS v (team_id)
     CROSS JOIN LATERAL (SELECT scope, subject_id, period, period_start, period_end, credit_limit, used, held,
                                is_over_limit
                           FROM tally.budget WHERE team_id = v.team_id LIMIT $2) AS b
    """, row: budgetColumns)

  /// Open edits whose holds stand at an index or behind it: teams, indexes, how many at most. The columns of
  /// `loadRecords`; no line has resolved or refused them.
  static let loadOpenRecords = Statement<LoadedRecord>(
    "lane_load_open_records",
    """
    SELECT v.team_id, r.record_id, r.member_id, r.key_id, r.instance_id, r.state, r.held, r.charged, r.credited, r.n,
           r.unit_price, r.price_version, r.hold_index, r.resolve_index, r.created_at, r.assumed, r.team_period_start,
           r.member_period_start, r.key_subject_id, r.key_period_start, r.model, r.quality, r.size, r.cause,
           r.evidence_index, r.resolved_at, NULL::bytea, NULL::bytea, false
      FROM unnest($1::uuid[], $2::bigint[]) AS v (team_id, since)
     CROSS JOIN LATERAL (SELECT *
                           FROM tally.record
                          WHERE team_id = v.team_id AND hold_index >= v.since AND state IN ('held', 'in_doubt')
                          LIMIT $3) AS r
    """
  ) { (row) throws(PostgresError) in
    try LoadedRecord(&row)
  }

  /// The ends of the newest closed periods of teams.
  static let loadClosedThrough = Statement<(TeamID, Timestamp)>(
    "lane_load_closed_through",
    """
    SELECT v.team_id, c.period_end
      FROM unnest($1::uuid[]) AS v (team_id)
     CROSS JOIN LATERAL (SELECT period_end
                           FROM tally.closed_period
                          WHERE team_id = v.team_id ORDER BY period_end DESC LIMIT 1) AS c
    """
  ) { (row) throws(PostgresError) in (try row.id(), try row.time()) }

  /// Which notes stand in their logs already: teams, notes.
  static let loadNoted = Statement<(TeamNote, Int64)>(
    "lane_load_noted",
    """
    SELECT v.team_id, v.note_id, n.index
      FROM unnest($1::uuid[], $2::uuid[]) AS v (team_id, note_id)
     CROSS JOIN LATERAL (SELECT index
                           FROM tally.noted
                          WHERE team_id = v.team_id AND note_id = v.note_id OFFSET 0) AS n
    """
  ) { (row) throws(PostgresError) in (TeamNote(team: try row.id(), id: try row.id()), try row.next()) }
}

/// The statements that bring whole books, and their results.
struct WholeBookLoad: Sendable {
  private let members: Pipeline.Slot<(TeamID, MemberState)>
  private let keys: Pipeline.Slot<(TeamID, KeyState)>
  private let budgets: Pipeline.Slot<(TeamID, Budget)>
  private let records: Pipeline.Slot<LoadedRecord>
  private let closed: Pipeline.Slot<(TeamID, Timestamp)>
  private let teams: [TeamID]

  /// Appends the statements for `teams`, each with the index from which on its open edits are looked for.
  init(_ teams: [(team: TeamID, since: Int64)], to pipeline: inout Pipeline) {
    self.teams = teams.map(\.team)
    let (ids, limit) = (teams.map(\.team.uuid), Int64(BookText.rowCountMaximum) + 1)
    members = pipeline.append(LaneLoad.loadTeamMembers, ids, limit)
    keys = pipeline.append(LaneLoad.loadTeamKeys, ids, limit)
    budgets = pipeline.append(LaneLoad.loadTeamBudgets, ids, limit)
    records = pipeline.append(LaneLoad.loadOpenRecords, ids, teams.map(\.since), limit)
    closed = pipeline.append(LaneLoad.loadClosedThrough, ids)
  }

  /// Enters all but the records, which need the budgets.
  func read(_ results: PipelineResults, into batch: inout LoadedBatch) throws(PostgresError) {
    for (team, member) in try results.rows(members) { batch.teams[team]?.book.members[member.id] = member }
    for (team, key) in try results.rows(keys) { batch.teams[team]?.book.keys[key.id] = key }
    for (team, budget) in try results.rows(budgets) { batch.teams[team]?.book.budgets[budget.id] = budget }
    for (team, moment) in try results.rows(closed) { batch.teams[team]?.book.team.closedThrough = moment }
    for team in teams { batch.teams[team]?.isWhole = true }
  }

  /// Enters the open edits.
  func readRecords(_ results: PipelineResults, into batch: inout LoadedBatch) throws(PostgresError) {
    for record in try results.rows(records) { try record.enter(&batch) }
  }
}
