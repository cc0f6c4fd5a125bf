package import Ledger
import Postgres

/// The queue of alerts' messages. Any number of gateways may look for thresholds and send what is due: a message is put
/// in once, and one gateway at a time tries it.
extension LedgerStore {
  /// How long after the end of its period a budget is still looked at: edits of a month's last minutes settle in the next
  /// one, and a gateway may have been away. An alert that was set or changed since knows nothing of that period.
  private static let lookedAtAfterEnd = Duration.seconds(86_400)

  /// Budgets with alerts on them, of at most `limit` alerts behind a place. Those of halted teams are left out, since
  /// nothing can be told there, and those that have no limit.
  /// - Throws: `unavailable`.
  package func alertedBudgets(after place: AlertPlace, limit: Int) async throws(StoreError) -> AlertedBudgetPage {
    let now = try await databaseClock()
    let rows = try await operatorRows(
      .alertedBudgets, place.team.uuid, place.alert.uuid, Int64(limit),
      now.adding(.zero - Self.lookedAtAfterEnd).timestamptz)
    let alerts = Set(rows.map(\.place))
    return AlertedBudgetPage(
      budgets: rows.compactMap(\.found), next: alerts.count < limit ? nil : rows.last?.place, now: now)
  }

  /// Puts messages into the queue. One that is there already, or was, is left as it is; so is that of an alert which was
  /// removed meanwhile.
  /// - Returns: how many are new.
  /// - Throws: `unavailable`.
  package func enqueue(_ messages: [NewAlertMessage]) async throws(StoreError) -> Int {
    guard !messages.isEmpty else { return 0 }
    return try await operatorRows(
      .enqueueMessages, messages.map(\.team.uuid), messages.map(\.alert.uuid),
      messages.map(\.budget.id.start.timestamptz), messages.map(\.threshold), messages.map(\.id.uuid),
      messages.map(\.budget.id.period.rawValue), messages.map(\.budget.end?.timestamptz),
      messages.map { $0.budget.limit?.value ?? 0 }, messages.map(\.budget.used.value),
      messages.map(\.budget.held.value), messages.map(\.reachedAt.timestamptz)
    ).count
  }

  /// Messages that are due, the longest due first, at most so many; none of the teams that are left out.
  /// - Throws: `unavailable`.
  package func dueMessages(
    limit: Int, leavingOut teams: [TeamID] = []
  ) async throws(StoreError) -> [AlertMessage] {
    let now = try await databaseClock()
    return try await operatorRows(.dueMessages, now.timestamptz, teams.map(\.uuid), Int64(limit))
  }

  /// Takes a message to try it: of several gateways that saw it due one gets it. The others, and this one too, leave it
  /// alone until `lease` has passed.
  /// - Returns: the message with the attempt counted; nil: somebody else has it, or it is there no more.
  /// - Throws: `unavailable`.
  package func claim(_ message: AlertMessage, for lease: Duration) async throws(StoreError) -> AlertMessage? {
    let until = try await databaseClock().adding(lease)
    let rows = try await operatorRows(
      .claimMessage, message.alert.team.uuid, message.alert.id.uuid, message.budget.id.start.timestamptz,
      message.threshold, Int32(clamping: message.attempts), until.timestamptz)
    guard let attempts = rows.first else { return nil }
    var claimed = message
    claimed.attempts = attempts
    return claimed
  }

  /// Puts a message off after an attempt that failed. One that somebody else has taken meanwhile stays theirs.
  /// - Throws: `unavailable`.
  package func postpone(
    _ message: AlertMessage, by delay: Duration, status: Int64?
  ) async throws(StoreError) {
    let until = try await databaseClock().adding(delay)
    _ = try await operatorRows(
      .postponeMessage, message.alert.team.uuid, message.alert.id.uuid, message.budget.id.start.timestamptz,
      message.threshold, Int32(clamping: message.attempts), until.timestamptz, status.map { Int32(clamping: $0) })
  }

  /// Ends a message: the line that tells of it and the end of its row are one commit. Asked for again it is told once.
  /// - Parameter administrator: who asked for it, where it is a test; nil: the gateway on its own.
  /// - Throws: `notAllowed` for a halted team; `unavailable`.
  package func end(
    _ message: AlertMessage, status: Int64?, isDelivered: Bool, by administrator: Administrator? = nil
  ) async throws(StoreError) {
    _ = try await note(
      .alertDelivered(message.delivery(status: status, isDelivered: isDelivered)), id: message.id,
      of: message.alert.team, by: administrator)
  }
}

/// A row of the look for thresholds.
struct AlertedRow: Sendable {
  var place: AlertPlace
  /// Nil: the alert's budget is not looked at.
  var found: AlertedBudget?
}

extension Statement where Row == AlertedRow {
  /// Team and alert to begin behind, how many alerts, the moment after which a period must end. Each alert has one row at
  /// least, so that its place is known.
  static let alertedBudgets = Statement(
    "alerted budgets",
    """
    SELECT a.team_id, a.alert_id, a.scope, a.subject_id, a.thresholds, coalesce(told.thresholds, '{}'),
           b.period, b.period_start, b.period_end, b.credit_limit, b.used, b.held, b.is_over_limit
      FROM (SELECT * FROM tally.alert
             WHERE (team_id, alert_id) > ($1, $2) ORDER BY team_id, alert_id LIMIT $3) AS a
      LEFT JOIN tally.team AS t ON t.team_id = a.team_id AND NOT t.is_halted
      LEFT JOIN LATERAL (SELECT * FROM (SELECT * FROM tally.budget
                                         WHERE team_id = t.team_id AND scope = a.scope AND subject_id = a.subject_id
                                         ORDER BY period_start DESC LIMIT 2) AS newest
                          WHERE credit_limit IS NOT NULL AND (period_end IS NULL OR period_end > greatest($4, a.changed_at))) AS b ON true
      LEFT JOIN LATERAL (SELECT array_agg(threshold) AS thresholds FROM tally.alert_message
                          WHERE team_id = a.team_id AND alert_id = a.alert_id
                            AND period_start = b.period_start) AS told ON true
     ORDER BY a.team_id, a.alert_id
    """
  ) { (row) throws(PostgresError) in
    let place = AlertPlace(team: try row.id(), alert: try row.id())
    let scope: BudgetScope = try row.word()
    let subject = BudgetSubject(scope: scope, bits: try row.next(PostgresUUID.self).bits)
    let (thresholds, told) = (try row.next([Int64].self), try row.next([Int64].self))
    let budget = try row.newestBudget(of: subject)
    return AlertedRow(
      place: place,
      found: budget.map {
        AlertedBudget(team: place.team, alert: place.alert, thresholds: thresholds, budget: $0, told: told)
      })
  }
}

extension Statement where Row == NoteID {
  /// Teams, alerts, starts of periods, thresholds, ids, periods, ends, limits, used, held, moments.
  static let enqueueMessages = Statement(
    "enqueue messages",
    """
    INSERT INTO tally.alert_message (team_id, alert_id, period_start, threshold, message_id, period, period_end,
                                     credit_limit, used, held, reached_at, due_at)
    SELECT v.team_id, v.alert_id, v.period_start, v.threshold, v.message_id, v.period, v.period_end, v.credit_limit,
           v.used, v.held, v.reached_at, v.reached_at
      FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::bigint[], $5::uuid[], $6::text[], $7::timestamptz[],
                  $8::bigint[], $9::bigint[], $10::bigint[], $11::timestamptz[])
        AS v (team_id, alert_id, period_start, threshold, message_id, period, period_end, credit_limit, used, held,
              reached_at)
     CROSS JOIN LATERAL (SELECT FROM tally.alert
                          WHERE team_id = v.team_id AND alert_id = v.alert_id OFFSET 0) AS a
        ON CONFLICT ON CONSTRAINT alert_message_pkey DO NOTHING
    RETURNING message_id
    """
  ) { (row) throws(PostgresError) in try row.id() }

  /// Team, alert, start of the period, threshold, attempts as they were counted, when it is due, last status.
  static let postponeMessage = Statement(
    "postpone message",
    """
    UPDATE tally.alert_message
       SET due_at = $6, last_status = $7
     WHERE team_id = $1 AND alert_id = $2 AND period_start = $3 AND threshold = $4 AND attempts = $5
       AND state = 'waiting'
    RETURNING message_id
    """
  ) { (row) throws(PostgresError) in try row.id() }
}

extension Statement where Row == Int64 {
  /// Team, alert, start of the period, threshold, attempts as they were seen, until when nobody else tries it.
  static let claimMessage = Statement(
    "claim message",
    """
    UPDATE tally.alert_message
       SET attempts = attempts + 1, due_at = $6
     WHERE team_id = $1 AND alert_id = $2 AND period_start = $3 AND threshold = $4 AND attempts = $5
       AND state = 'waiting'
    RETURNING attempts::bigint
    """
  ) { (row) throws(PostgresError) in try row.next() }
}

extension Statement where Row == AlertMessage {
  /// Now, teams that are left out, how many. No team gets more of them than are sent for it at once (`AlertMachine`), so that
  /// the backlog of one does not fill the page. Each looks its alert up: joined freely, all alerts would be read for them.
  static let dueMessages = Statement(
    "due messages",
    """
    SELECT a.team_id, a.alert_id, a.scope, a.subject_id, a.thresholds, a.url, a.secret,
           m.message_id, m.threshold, coalesce(u.user_id, a.subject_id::text), m.reached_at, m.attempts,
           m.period, m.period_start, m.period_end, m.credit_limit, m.used, m.held, false
      FROM (SELECT *
              FROM (SELECT *, row_number() OVER (PARTITION BY team_id ORDER BY due_at) AS place
                      FROM tally.alert_message
                     WHERE state = 'waiting' AND due_at <= $1 AND team_id <> ALL($2::uuid[])) AS q
             WHERE q.place <= 4
               AND EXISTS (SELECT FROM tally.team WHERE team_id = q.team_id AND NOT is_halted)
             ORDER BY q.due_at LIMIT $3) AS m
     CROSS JOIN LATERAL (SELECT team_id, alert_id, scope, subject_id, thresholds, url, secret FROM tally.alert
                          WHERE team_id = m.team_id AND alert_id = m.alert_id OFFSET 0) AS a
      LEFT JOIN tally.member AS u ON a.scope = 'member' AND u.team_id = a.team_id AND u.member_id = a.subject_id
    """
  ) { (row) throws(PostgresError) in
    let alert = try row.alert()
    let (id, threshold) = (try row.id(NoteID.self), try row.next(Int64.self))
    let (name, reachedAt) = (try row.next(String.self), try row.time())
    let attempts = Int64(try row.next(Int32.self))
    guard let budget = try row.newestBudget(of: alert.subject) else {
      throw PostgresError(.decoding, outcome: .unknown, reason: "a message without a budget")
    }
    return AlertMessage(
      id: id, alert: alert, budget: budget, threshold: threshold, subjectName: name, reachedAt: reachedAt,
      attempts: attempts)
  }
}
