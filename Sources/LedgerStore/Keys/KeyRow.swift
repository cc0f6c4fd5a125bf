import Ledger
import Postgres

/// A key's row with the newest budget row of its chain of rotations, its team's zone and the database's clock.
struct KeyRow: Sendable {
  var view: KeyView
  /// Whose budget counts: the first key's in a chain of rotations.
  var budgetSubject: KeyID { view.budgetSubject }
  var current: CurrentBudget

  /// Reads the columns of the statements below.
  init(_ row: inout RowReader) throws(PostgresError) {
    view = KeyView(
      team: try row.id(), id: try row.id(), member: try row.id(), userID: try row.next(), hint: try row.next(),
      scopes: try row.scopes(), limit: try row.optionalCredits(), period: try row.word(),
      ratePerMinute: try row.next(Int32?.self).map { Int($0) }, createdAt: try row.time(),
      expiresAt: try row.optionalTime(), revokedAt: try row.optionalTime(), lastUsedAt: try row.optionalTime())
    view.budgetSubject = try row.id()
    let timeZone: String = try row.next()
    let now = try row.time()
    current = CurrentBudget(
      limit: view.limit, period: view.period, newest: try row.newestBudget(of: .key(view.budgetSubject)),
      timeZone: timeZone, now: now)
  }

  /// The key with its budget of the running period.
  func view(zones: ZoneCalendar) -> KeyView {
    var view = view
    guard view.limit != nil else { return view }
    view.budget = BudgetView(
      current.budget(of: .key(budgetSubject), team: view.team, zones: zones), subject: "\(view.id)")
    return view
  }
}

extension RowReader {
  /// Reads a text[] column of scopes.
  mutating func scopes() throws(PostgresError) -> KeyScopes {
    guard let scopes = KeyScopes(names: try next([String].self)) else {
      throw PostgresError(.decoding, outcome: .unknown, reason: "a scope that is not known")
    }
    return scopes
  }
}

extension Statement where Row == KeyRow {
  /// Keys of a team in the order of their ids: those behind an id, at most so many.
  static let keysAfter = Statement(
    "keys after",
    """
    SELECT k.team_id, k.key_id, k.member_id, m.user_id, k.hint, k.scopes, k.credit_limit, k.period, k.rate_per_minute,
           k.created_at, k.expires_at, k.revoked_at, k.last_used_at, k.budget_key_id, t.time_zone,
           greatest(t.log_last_at, clock_timestamp()),
           b.period, b.period_start, b.period_end, b.credit_limit, b.used, b.held, b.is_over_limit
      FROM tally.api_key AS k
      JOIN tally.member AS m ON m.team_id = k.team_id AND m.member_id = k.member_id
      JOIN tally.team AS t ON t.team_id = k.team_id
      LEFT JOIN LATERAL (SELECT * FROM tally.budget
                          WHERE team_id = k.team_id AND scope = 'key' AND subject_id = k.budget_key_id
                          ORDER BY period_start DESC LIMIT 1) AS b ON true
     WHERE k.team_id = $1 AND k.key_id > $2
     ORDER BY k.key_id
     LIMIT $3
    """
  ) { (row) throws(PostgresError) in try KeyRow(&row) }

  /// One key of a team: its id.
  static let keyByID = Statement(
    "key by id",
    """
    SELECT k.team_id, k.key_id, k.member_id, m.user_id, k.hint, k.scopes, k.credit_limit, k.period, k.rate_per_minute,
           k.created_at, k.expires_at, k.revoked_at, k.last_used_at, k.budget_key_id, t.time_zone,
           greatest(t.log_last_at, clock_timestamp()),
           b.period, b.period_start, b.period_end, b.credit_limit, b.used, b.held, b.is_over_limit
      FROM tally.api_key AS k
      JOIN tally.member AS m ON m.team_id = k.team_id AND m.member_id = k.member_id
      JOIN tally.team AS t ON t.team_id = k.team_id
      LEFT JOIN LATERAL (SELECT * FROM tally.budget
                          WHERE team_id = k.team_id AND scope = 'key' AND subject_id = k.budget_key_id
                          ORDER BY period_start DESC LIMIT 1) AS b ON true
     WHERE k.team_id = $1 AND k.key_id = $2
    """
  ) { (row) throws(PostgresError) in try KeyRow(&row) }
}

extension Statement where Row == TeamID {
  /// The team of a key. One look-up in each team: the table is kept by team, and this is asked by people only.
  static let teamOfKey = Statement(
    "team of key",
    """
    SELECT k.team_id
      FROM tally.team AS t
     CROSS JOIN LATERAL (SELECT team_id FROM tally.api_key WHERE team_id = t.team_id AND key_id = $1 OFFSET 0) AS k
     LIMIT 1
    """
  ) { (row) throws(PostgresError) in try row.id() }
}

extension Statement where Row == Void {
  /// Notes a request: team, key, time. At most once a minute, so that a busy key does not fill its table with dead rows.
  static let noteKeyUse = Statement(
    "note key use",
    """
    UPDATE tally.api_key
       SET last_used_at = $3
     WHERE team_id = $1 AND key_id = $2 AND (last_used_at IS NULL OR last_used_at <= $3::timestamptz - interval '1 minute')
    """)
}

extension Statement where Row == Principal {
  /// Who has a key: the team, the key's hash.
  static let principal = Statement(
    "principal",
    """
    SELECT t.team_id, t.name, t.status, t.time_zone, m.member_id, m.user_id, m.user_name, m.user_avatar, m.role,
           m.status, m.credit_limit, m.created_at, m.created_by, m.updated_at, m.updated_by, k.key_id, k.scopes,
           k.rate_per_minute, k.expires_at, k.revoked_at
      FROM tally.api_key AS k
      JOIN tally.member AS m ON m.team_id = k.team_id AND m.member_id = k.member_id
      JOIN tally.team AS t ON t.team_id = k.team_id
     WHERE k.team_id = $1 AND k.key_id = $2 AND k.key_hash = $3
    """
  ) { (row) throws(PostgresError) in
    Principal(
      team: try row.id(), teamName: try row.next(), teamStatus: try row.word(), timeZone: try row.next(),
      member: try row.id(), userID: try row.next(), userName: try row.next(), userAvatar: try row.next(),
      role: try row.word(), memberStatus: try row.word(), creditLimit: try row.optionalCredits(),
      memberCreatedAt: try row.time(), memberCreatedBy: try row.next(), memberUpdatedAt: try row.time(),
      memberUpdatedBy: try row.next(), key: try row.id(), scopes: try row.scopes(),
      ratePerMinute: try row.next(Int32?.self).map { Int($0) }, expiresAt: try row.optionalTime(),
      revokedAt: try row.optionalTime())
  }
}
