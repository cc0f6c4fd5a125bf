import Ledger
import Postgres

/// A team's row with its newest budget row and the database's clock.
struct TeamRow: Sendable {
  var view: TeamView
  var newest: Budget?
  var now: Timestamp

  /// Reads the columns of the statements below.
  init(_ row: inout RowReader) throws(PostgresError) {
    let id = try row.id(TeamID.self)
    // The budget is filled in by `view(zones:)`, which knows the calendar.
    view = TeamView(
      id: id, name: try row.next(), status: try row.word(), timeZone: try row.next(), period: try row.word(),
      limit: try row.optionalCredits(), inDoubtChargeSeconds: try row.next(), isHalted: try row.next(),
      isOnLegalHold: try row.next(), keepDays: try row.next(), removedBefore: try row.optionalTime(),
      logOrigin: try row.next(), logSize: try row.next(), createdAt: try row.time(),
      budget: BudgetView(
        scope: .team, subject: "\(id)", period: .total, limit: nil, used: .zero, held: .zero, available: nil,
        resetsAt: nil))
    now = try row.time()
    newest = try row.newestBudget(of: .team(id))
  }

  /// The team with its budget of the running period.
  func view(zones: ZoneCalendar) -> TeamView {
    let current = CurrentBudget(
      limit: view.limit, period: view.period, newest: newest, timeZone: view.timeZone, now: now)
    var view = view
    view.budget = BudgetView(
      current.budget(of: .team(view.id), team: view.id, zones: zones), subject: "\(view.id)")
    return view
  }
}

extension Statement where Row == TeamRow {
  /// One team: its id.
  static let teamByID = Statement(
    "team by id",
    """
    SELECT t.team_id, t.name, t.status, t.time_zone, t.period, t.credit_limit, t.in_doubt_charge_seconds, t.is_halted,
           t.legal_hold, t.keep_days, t.removed_before, t.log_origin, t.log_size, t.created_at,
           greatest(t.log_last_at, clock_timestamp()),
           b.period, b.period_start, b.period_end, b.credit_limit, b.used, b.held, b.is_over_limit
      FROM tally.team AS t
      LEFT JOIN LATERAL (SELECT * FROM tally.budget
                          WHERE team_id = t.team_id AND scope = 'team' AND subject_id = t.team_id
                          ORDER BY period_start DESC LIMIT 1) AS b ON true
     WHERE t.team_id = $1
    """
  ) { (row) throws(PostgresError) in try TeamRow(&row) }

  /// Teams in the order of their ids: those behind an id, at most so many.
  static let teamsAfter = Statement(
    "teams after",
    """
    SELECT t.team_id, t.name, t.status, t.time_zone, t.period, t.credit_limit, t.in_doubt_charge_seconds, t.is_halted,
           t.legal_hold, t.keep_days, t.removed_before, t.log_origin, t.log_size, t.created_at,
           greatest(t.log_last_at, clock_timestamp()),
           b.period, b.period_start, b.period_end, b.credit_limit, b.used, b.held, b.is_over_limit
      FROM tally.team AS t
      LEFT JOIN LATERAL (SELECT * FROM tally.budget
                          WHERE team_id = t.team_id AND scope = 'team' AND subject_id = t.team_id
                          ORDER BY period_start DESC LIMIT 1) AS b ON true
     WHERE t.team_id > $1
     ORDER BY t.team_id
     LIMIT $2
    """
  ) { (row) throws(PostgresError) in try TeamRow(&row) }
}

extension Statement where Row == TeamID {
  /// The ids of the teams of a name: few, since `tally team create` refuses a name that is taken.
  static let teamsNamed = Statement(
    "teams named", "SELECT team_id FROM tally.team WHERE name = $1 ORDER BY team_id LIMIT 10"
  ) { (row) throws(PostgresError) in try row.id() }

  /// A team that has an id or a name already: the id, the name. The table is looked through, as for a name: an index on
  /// names would be kept by every update of a team's row that is not HOT, and teams are made seldom.
  static let teamsTaking = Statement(
    "teams taking", "SELECT team_id FROM tally.team WHERE team_id = $1 OR name = $2 LIMIT 1"
  ) { (row) throws(PostgresError) in try row.id() }
}
