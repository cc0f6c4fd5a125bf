package import Ledger
import Postgres

/// Alerts as people set them. For the operator: addresses and secrets are not shown to teams' keys.
extension LedgerStore {
  /// Tells an address of thresholds of a budget from now on. An alert on the same subject with the same address gets the
  /// thresholds; one that has them stays as it is, and no line is appended.
  /// - Parameters:
  ///   - alert: its thresholds ascending, its id a new one.
  ///   - keepsSecret: an alert that is there keeps its secret; else another secret is a conflict.
  /// - Returns: the alert. Its id is the one given where it is new.
  /// - Throws: `invalid`; `notFound`; `conflict` for another secret, too many alerts, or a member
  ///   that is erased; `notAllowed` for a halted team;
  ///   `unavailable`.
  package func setAlert(
    _ alert: Alert, keepsSecret: Bool, by administrator: Administrator
  ) async throws(StoreError) -> AlertView {
    let request = AlertRequest(
      team: alert.team, id: NoteID(bits: .random(in: 0...UInt128.max)), .set(alert, keepsSecret: keepsSecret))
    _ = try await submit(.changeAlert(request, administrator))
    let row = try await operatorRows(.alertsOfTeam, alert.team.uuid).first { row in
      row.alert.subject == alert.subject && row.alert.url.utf8.elementsEqual(alert.url.utf8)
    }
    guard let row else { throw StoreError(.conflict("the alert was removed meanwhile")) }
    return row.view
  }

  /// Removes an alert, with its messages that wait.
  /// - Returns: the alert as it was.
  /// - Throws: `notFound`; `notAllowed` for a halted team; `unavailable`.
  package func removeAlert(
    _ id: NoteID, of team: TeamID, by administrator: Administrator
  ) async throws(StoreError) -> AlertView {
    guard let row = try await operatorRows(.alertsOfTeam, team.uuid).first(where: { $0.alert.id == id }) else {
      throw StoreError(.notFound("the alert"))
    }
    let request = AlertRequest(team: team, id: NoteID(bits: .random(in: 0...UInt128.max)), .remove(id))
    _ = try await submit(.changeAlert(request, administrator))
    return row.view
  }

  /// The alerts of a team, the oldest first.
  /// - Throws: `unavailable`.
  package func alerts(of team: TeamID) async throws(StoreError) -> [AlertView] {
    try await operatorRows(.alertsOfTeam, team.uuid).map(\.view).sorted {
      ($0.createdAt, $0.id) < ($1.createdAt, $1.id)
    }
  }

  /// A message that tests an alert: it says how much is used of the budget now.
  /// - Throws: `notFound`; `unavailable`.
  package func testMessage(
    of alert: NoteID, team: TeamID, id: NoteID
  ) async throws(StoreError) -> AlertMessage {
    guard let row = try await operatorRows(.alertByID, team.uuid, alert.uuid).first else {
      throw StoreError(.notFound("the alert"))
    }
    let subject = row.alert.subject
    let unused = BudgetID(scope: subject.scope, subject: subject.bits, period: .total, start: .epoch)
    return AlertMessage(
      id: id, alert: row.alert, budget: row.budget ?? Budget(opening: unused, end: nil, limit: nil), threshold: nil,
      subjectName: row.subjectName, reachedAt: row.now, attempts: 1)
  }

  /// Whose budget a key spends from: the first one's in its chain of rotations.
  /// - Throws: `notFound`; `conflict` for a key without a budget of its own; `unavailable`.
  package func budgetSubject(of key: KeyID, team: TeamID) async throws(StoreError) -> BudgetSubject {
    guard let row = try await rows(.keyByID, team.uuid, key.uuid, of: team).first else {
      throw StoreError(.notFound("the key"))
    }
    guard row.view.limit != nil else {
      throw StoreError(
        .conflict("the key has no budget of its own; `tally key issue --limit N` makes one that has"))
    }
    return .key(row.budgetSubject)
  }
}

/// A row of a team's list of alerts.
struct AlertRow: Sendable {
  var alert: Alert
  var subjectName: String
  var createdAt: Timestamp
  var newest: AlertView.Message?

  var view: AlertView {
    AlertView(
      id: alert.id, team: alert.team, scope: alert.subject.scope, subject: subjectName, thresholds: alert.thresholds,
      url: alert.url, createdAt: createdAt, newest: newest)
  }
}

/// An alert with the newest row of its budget.
struct AlertBudgetRow: Sendable {
  var alert: Alert
  var subjectName: String
  var budget: Budget?
  var now: Timestamp
}

extension Statement where Row == AlertRow {
  /// All alerts of a team. `Alert.perTeamMaximum` bounds them.
  static let alertsOfTeam = Statement(
    "alerts of team",
    """
    SELECT a.team_id, a.alert_id, a.scope, a.subject_id, a.thresholds, a.url, a.secret,
           coalesce(u.user_id, a.subject_id::text), a.created_at,
           m.threshold, m.state, m.attempts, m.last_status, m.reached_at
      FROM tally.alert AS a
      LEFT JOIN tally.member AS u ON a.scope = 'member' AND u.team_id = a.team_id AND u.member_id = a.subject_id
      LEFT JOIN LATERAL (SELECT threshold, state, attempts, last_status, reached_at
                           FROM tally.alert_message
                          WHERE team_id = a.team_id AND alert_id = a.alert_id
                          ORDER BY period_start DESC, threshold DESC LIMIT 1) AS m ON true
     WHERE a.team_id = $1
    """
  ) { (row) throws(PostgresError) in
    var read = AlertRow(alert: try row.alert(), subjectName: try row.next(), createdAt: try row.time())
    let (threshold, state) = (try row.next(Int64?.self), try row.next(String?.self))
    let (attempts, status) = (try row.next(Int32?.self), try row.next(Int32?.self))
    let reachedAt = try row.optionalTime()
    if let threshold, let state = state.flatMap({ AlertMessageState(rawValue: $0) }), let attempts, let reachedAt {
      read.newest = AlertView.Message(
        threshold: threshold, state: state, attempts: Int64(attempts), status: status.map { Int64($0) },
        reachedAt: reachedAt)
    }
    return read
  }
}

extension Statement where Row == AlertBudgetRow {
  /// One alert of a team, with the newest row of its budget.
  static let alertByID = Statement(
    "alert by id",
    """
    SELECT a.team_id, a.alert_id, a.scope, a.subject_id, a.thresholds, a.url, a.secret,
           coalesce(u.user_id, a.subject_id::text), clock_timestamp(),
           b.period, b.period_start, b.period_end, b.credit_limit, b.used, b.held, b.is_over_limit
      FROM tally.alert AS a
      LEFT JOIN tally.member AS u ON a.scope = 'member' AND u.team_id = a.team_id AND u.member_id = a.subject_id
      LEFT JOIN LATERAL (SELECT * FROM tally.budget
                          WHERE team_id = a.team_id AND scope = a.scope AND subject_id = a.subject_id
                          ORDER BY period_start DESC LIMIT 1) AS b ON true
     WHERE a.team_id = $1 AND a.alert_id = $2
    """
  ) { (row) throws(PostgresError) in
    let alert = try row.alert()
    let (name, now) = (try row.next(String.self), try row.time())
    return AlertBudgetRow(
      alert: alert, subjectName: name, budget: try row.newestBudget(of: alert.subject), now: now)
  }
}
