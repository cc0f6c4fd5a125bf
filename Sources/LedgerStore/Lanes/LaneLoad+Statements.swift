import Ledger
import Postgres
import TransparencyLog

extension LaneLoad {
  /// The lock. Everything else of a team is changed only while holding it; id order keeps gateways out of deadlocks.
  static let lockTeams = Statement<(TeamID, LoadedTeam)>(
    "lane_lock_teams",
    """
    SELECT team_id, status, time_zone, period, credit_limit, in_doubt_charge_seconds, is_halted, legal_hold, log_origin,
           log_size, log_peaks, log_last_at, log_base, keep_days, removed_before
      FROM tally.team
     WHERE team_id = ANY($1::uuid[])
     ORDER BY team_id
       FOR NO KEY UPDATE
    """
  ) { (row) throws(PostgresError) in
    let id = try row.id(TeamID.self)
    var state = TeamState(id: id)
    state.status = try row.word()
    state.timeZone = try row.next()
    state.period = try row.word()
    state.limit = try row.optionalCredits()
    state.inDoubtChargeAfterSeconds = try row.next(Int64?.self)
    state.isHalted = try row.next()
    state.isOnLegalHold = try row.next()
    let origin = try row.next(String.self)
    let size = try row.next(Int64.self)
    let peakBytes = try row.next(PostgresBytes.self).bytes
    let lastAt = try row.time()
    let base = try row.next(Int64.self)
    guard let peaks = try? Peaks(size: size, bytes: peakBytes) else {
      throw PostgresError(.decoding, outcome: .unknown, reason: "the peaks of a log do not fit its size")
    }
    let book = TeamBook(team: state, origin: origin, logSize: size, lastAt: lastAt, forgottenBefore: base)
    var team = LoadedTeam(book: book, peaks: peaks, logBase: base)
    team.keepDays = try row.next()
    team.removedBefore = try row.optionalTime()
    return (id, team)
  }

  static let readClock = Statement<Timestamp>("lane_clock", "SELECT clock_timestamp()") { (row) throws(PostgresError) in
    try row.time()
  }

  static let loadPrices = Statement<PriceEntry>(
    "lane_load_prices",
    """
    SELECT version, model, quality, size, credits, effective_from
      FROM tally.price
     WHERE version > $1
     ORDER BY version
    """
  ) { (row) throws(PostgresError) in
    PriceEntry(
      version: try row.next(), model: try row.next(), quality: try row.next(), size: try row.next(),
      credits: try row.credits(), effectiveFrom: try row.time())
  }

  static let loadMembers = Statement<(TeamID, MemberState)>(
    "lane_load_members",
    """
    SELECT v.team_id, v.member_id, m.role, m.status, m.credit_limit, m.period
      FROM unnest($1::uuid[], $2::uuid[]) AS v (team_id, member_id)
     CROSS JOIN LATERAL (SELECT role, status, credit_limit, period
                           FROM tally.member
                          WHERE team_id = v.team_id AND member_id = v.member_id OFFSET 0) AS m
    """, row: memberColumns)

  static let loadKeys = Statement<(TeamID, KeyState)>(
    "lane_load_keys",
    """
    SELECT v.team_id, v.key_id, k.member_id, k.budget_key_id, k.credit_limit, k.period, k.scopes, k.expires_at,
           k.revoked_at, k.rate_per_minute
      FROM unnest($1::uuid[], $2::uuid[]) AS v (team_id, key_id)
     CROSS JOIN LATERAL (SELECT member_id, budget_key_id, credit_limit, period, scopes, expires_at, revoked_at,
                                rate_per_minute
                           FROM tally.api_key
                          WHERE team_id = v.team_id AND key_id = v.key_id OFFSET 0) AS k
    """, row: keyColumns)

  /// Reads team, member, role, status, limit and period.
  static let memberColumns: @Sendable (inout RowReader) throws(PostgresError) -> (TeamID, MemberState) = {
    (row) throws(PostgresError) in
    let team = try row.id(TeamID.self)
    return (
      team,
      MemberState(
        id: try row.id(), role: try row.word(), status: try row.word(), limit: try row.optionalCredits(),
        period: try row.word())
    )
  }

  /// Reads team, key, member, subject of the budget, limit, period, scopes, expiry, revocation and rate.
  static let keyColumns: @Sendable (inout RowReader) throws(PostgresError) -> (TeamID, KeyState) = {
    (row) throws(PostgresError) in
    let team = try row.id(TeamID.self)
    var key = KeyState(id: try row.id(), member: try row.id(), budgetSubject: try row.id())
    key.limit = try row.optionalCredits()
    key.period = try row.word()
    key.scopes = KeyScopes(names: try row.next([String].self)) ?? []
    key.expiresAt = try row.optionalTime()
    key.revokedAt = try row.optionalTime()
    key.ratePerMinute = try row.next(Int32?.self).map(Int.init)
    return (team, key)
  }

  /// Reads team, and a budget row.
  static let budgetColumns: @Sendable (inout RowReader) throws(PostgresError) -> (TeamID, Budget) = {
    (row) throws(PostgresError) in
    let team = try row.id(TeamID.self)
    return (team, try row.budget())
  }

  /// The newest row of each subject: it decides whether a new period must be opened.
  static let loadNewestBudgets = Statement<(TeamID, Budget)>(
    "lane_load_newest_budgets",
    """
    SELECT v.team_id, v.scope, v.subject_id, b.period, b.period_start, b.period_end, b.credit_limit, b.used, b.held,
           b.is_over_limit
      FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS v (team_id, scope, subject_id)
     CROSS JOIN LATERAL (SELECT period, period_start, period_end, credit_limit, used, held, is_over_limit
                           FROM tally.budget
                          WHERE team_id = v.team_id AND scope = v.scope AND subject_id = v.subject_id
                          ORDER BY period_start DESC LIMIT 1) AS b
    """, row: budgetColumns)

  /// The newest row of each key that has a budget, under the subject that a rotation keeps.
  static let loadKeyBudgets = Statement<(TeamID, Budget)>(
    "lane_load_key_budgets",
    """
    SELECT k.team_id, b.scope, b.subject_id, b.period, b.period_start, b.period_end, b.credit_limit, b.used, b.held,
           b.is_over_limit
      FROM (SELECT DISTINCT v.team_id, k.budget_key_id
              FROM unnest($1::uuid[], $2::uuid[]) AS v (team_id, key_id)
             CROSS JOIN LATERAL (SELECT budget_key_id
                                   FROM tally.api_key
                                  WHERE team_id = v.team_id AND key_id = v.key_id AND credit_limit IS NOT NULL
                                 OFFSET 0) AS k) AS k
     CROSS JOIN LATERAL (SELECT scope, subject_id, period, period_start, period_end, credit_limit, used, held,
                                is_over_limit
                           FROM tally.budget
                          WHERE team_id = k.team_id AND scope = 'key' AND subject_id = k.budget_key_id
                          ORDER BY period_start DESC LIMIT 1) AS b
    """, row: budgetColumns)

  /// The rows that holds were taken from, and all younger ones of the same subjects: an edit settles on its own rows,
  /// and the answer tells what the running period has used.
  static let loadRecordBudgets = Statement<(TeamID, Budget)>(
    "lane_load_record_budgets",
    """
    SELECT s.team_id, s.scope, s.subject_id, b.period, b.period_start, b.period_end, b.credit_limit, b.used, b.held,
           b.is_over_limit
      FROM (SELECT v.team_id, s.scope, s.subject_id, min(s.period_start) AS period_start
              FROM unnest($1::uuid[], $2::uuid[]) AS v (team_id, record_id)
             CROSS JOIN LATERAL (SELECT member_id, team_period_start, member_period_start, key_subject_id,
                                        key_period_start
                                   FROM tally.record
                                  WHERE team_id = v.team_id AND record_id = v.record_id OFFSET 0) AS r
             CROSS JOIN LATERAL (VALUES ('team', v.team_id, r.team_period_start),
                                        ('member', r.member_id, r.member_period_start),
                                        ('key', r.key_subject_id, r.key_period_start))
                                AS s (scope, subject_id, period_start)
             WHERE s.subject_id IS NOT NULL AND s.period_start IS NOT NULL
             GROUP BY v.team_id, s.scope, s.subject_id) AS s
     CROSS JOIN LATERAL (SELECT period, period_start, period_end, credit_limit, used, held, is_over_limit
                           FROM tally.budget
                          WHERE team_id = s.team_id AND scope = s.scope AND subject_id = s.subject_id
                            AND period_start >= s.period_start OFFSET 0) AS b
    """, row: budgetColumns)

  /// The record of every command's uuid in whatever state it is, with the line that refused or resolved it.
  static let loadRecords = Statement<LoadedRecord>(
    "lane_load_records",
    """
    SELECT v.team_id, v.record_id, r.member_id, r.key_id, r.instance_id, r.state, r.held, r.charged, r.credited, r.n,
           r.unit_price, r.price_version, r.hold_index, r.resolve_index, r.created_at, r.assumed, r.team_period_start,
           r.member_period_start, r.key_subject_id, r.key_period_start, r.model, r.quality, r.size, r.cause,
           r.evidence_index, r.resolved_at, l.leaf, CASE WHEN r.state = 'refused' THEN l.line END,
           r.erased_at IS NOT NULL
      FROM unnest($1::uuid[], $2::uuid[]) AS v (team_id, record_id)
     CROSS JOIN LATERAL (SELECT *
                           FROM tally.record
                          WHERE team_id = v.team_id AND record_id = v.record_id OFFSET 0) AS r
      LEFT JOIN LATERAL (SELECT leaf, line
                           FROM tally.log_line
                          WHERE team_id = v.team_id
                            AND index = CASE WHEN r.state = 'refused' THEN r.hold_index ELSE r.resolve_index END
                         OFFSET 0) AS l ON true
    """
  ) { (row) throws(PostgresError) in
    try LoadedRecord(&row)
  }
}

extension RowReader {
  /// Reads scope, subject, period, start, end, limit, used, held and the mark: one budget row.
  mutating func budget() throws(PostgresError) -> Budget {
    let scope = try word(BudgetScope.self)
    let subject = try next(PostgresUUID.self).bits
    let period = try word(Period.self)
    let id = BudgetID(scope: scope, subject: subject, period: period, start: try time())
    return Budget(
      id: id, end: try optionalTime(), limit: try optionalCredits(), used: try credits(), held: try credits(),
      isOverLimit: try next())
  }
}
