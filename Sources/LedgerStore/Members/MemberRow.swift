import Ledger
import Postgres

/// A member's row with its newest budget row, its team's zone and the database's clock.
struct MemberRow: Sendable {
  var view: MemberView
  var current: CurrentBudget

  /// Reads the columns of the statements below.
  init(_ row: inout RowReader) throws(PostgresError) {
    let team = try row.id(TeamID.self)
    let id = try row.id(MemberID.self)
    let userID = try row.next(String.self)
    // The budget is filled in by `view(zones:)`, which knows the calendar.
    view = MemberView(
      team: team, id: id, userID: userID, userName: try row.next(), userAvatar: try row.next(),
      role: try row.word(), status: try row.word(), limit: try row.optionalCredits(), createdAt: try row.time(),
      createdBy: try row.next(), updatedAt: try row.time(), updatedBy: try row.next(),
      budget: BudgetView(
        scope: .member, subject: userID, period: .total, limit: nil, used: .zero, held: .zero, available: nil,
        resetsAt: nil))
    let period: Period = try row.word()
    let timeZone: String = try row.next()
    let now = try row.time()
    current = CurrentBudget(
      limit: view.limit, period: period, newest: try row.newestBudget(of: .member(id)), timeZone: timeZone, now: now)
  }

  /// The member with its budget of the running period.
  func view(zones: ZoneCalendar) -> MemberView {
    var view = view
    view.budget = BudgetView(
      current.budget(of: .member(view.id), team: view.team, zones: zones), subject: view.userID)
    return view
  }
}

extension Statement where Row == MemberRow {
  /// Members of a team in the order of their ids: those behind an id, at most so many.
  static let membersAfter = Statement(
    "members after",
    """
    SELECT m.team_id, m.member_id, m.user_id, m.user_name, m.user_avatar, m.role, m.status, m.credit_limit,
           m.created_at, m.created_by, m.updated_at, m.updated_by, m.period, t.time_zone,
           greatest(t.log_last_at, clock_timestamp()),
           b.period, b.period_start, b.period_end, b.credit_limit, b.used, b.held, b.is_over_limit
      FROM tally.member AS m
      JOIN tally.team AS t ON t.team_id = m.team_id
      LEFT JOIN LATERAL (SELECT * FROM tally.budget
                          WHERE team_id = m.team_id AND scope = 'member' AND subject_id = m.member_id
                          ORDER BY period_start DESC LIMIT 1) AS b ON true
     WHERE m.team_id = $1 AND m.member_id > $2
     ORDER BY m.member_id
     LIMIT $3
    """
  ) { (row) throws(PostgresError) in try MemberRow(&row) }

  /// Members of a team in the order of their user ids: those behind a user id, at most so many.
  static let membersOfPage = Statement(
    "members of page",
    """
    SELECT m.team_id, m.member_id, m.user_id, m.user_name, m.user_avatar, m.role, m.status, m.credit_limit,
           m.created_at, m.created_by, m.updated_at, m.updated_by, m.period, t.time_zone,
           greatest(t.log_last_at, clock_timestamp()),
           b.period, b.period_start, b.period_end, b.credit_limit, b.used, b.held, b.is_over_limit
      FROM (SELECT * FROM tally.member WHERE team_id = $1 AND user_id > $2 ORDER BY user_id LIMIT $3) AS m
      JOIN tally.team AS t ON t.team_id = m.team_id
      LEFT JOIN LATERAL (SELECT * FROM tally.budget
                          WHERE team_id = m.team_id AND scope = 'member' AND subject_id = m.member_id
                          ORDER BY period_start DESC LIMIT 1) AS b ON true
     ORDER BY m.user_id
    """
  ) { (row) throws(PostgresError) in try MemberRow(&row) }

  /// One member of a team: the user's id.
  static let memberByUserID = Statement(
    "member by user id",
    """
    SELECT m.team_id, m.member_id, m.user_id, m.user_name, m.user_avatar, m.role, m.status, m.credit_limit,
           m.created_at, m.created_by, m.updated_at, m.updated_by, m.period, t.time_zone,
           greatest(t.log_last_at, clock_timestamp()),
           b.period, b.period_start, b.period_end, b.credit_limit, b.used, b.held, b.is_over_limit
      FROM tally.member AS m
      JOIN tally.team AS t ON t.team_id = m.team_id
      LEFT JOIN LATERAL (SELECT * FROM tally.budget
                          WHERE team_id = m.team_id AND scope = 'member' AND subject_id = m.member_id
                          ORDER BY period_start DESC LIMIT 1) AS b ON true
     WHERE m.team_id = $1 AND m.user_id = $2
    """
  ) { (row) throws(PostgresError) in try MemberRow(&row) }

  /// One member of a team: the member's id.
  static let memberByID = Statement(
    "member by id",
    """
    SELECT m.team_id, m.member_id, m.user_id, m.user_name, m.user_avatar, m.role, m.status, m.credit_limit,
           m.created_at, m.created_by, m.updated_at, m.updated_by, m.period, t.time_zone,
           greatest(t.log_last_at, clock_timestamp()),
           b.period, b.period_start, b.period_end, b.credit_limit, b.used, b.held, b.is_over_limit
      FROM tally.member AS m
      JOIN tally.team AS t ON t.team_id = m.team_id
      LEFT JOIN LATERAL (SELECT * FROM tally.budget
                          WHERE team_id = m.team_id AND scope = 'member' AND subject_id = m.member_id
                          ORDER BY period_start DESC LIMIT 1) AS b ON true
     WHERE m.team_id = $1 AND m.member_id = $2
    """
  ) { (row) throws(PostgresError) in try MemberRow(&row) }
}
