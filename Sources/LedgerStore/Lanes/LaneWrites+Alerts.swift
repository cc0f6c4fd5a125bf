package import Ledger
import Postgres

extension LaneWrites {
  /// An alert as a change leaves it.
  package enum WrittenAlert: Sendable {
    case new(Alert, at: Timestamp)
    case changed(Alert, at: Timestamp)
    case removed(TeamID, NoteID)
  }

  /// A message whose end stands in the log now.
  package struct EndedMessage: Sendable {
    package var team: TeamID
    package var event: AlertDelivered
    package var at: Timestamp
  }

  static let insertAlert = Statement<Void>(
    "lane_insert_alert",
    """
    INSERT INTO tally.alert (team_id, alert_id, scope, subject_id, thresholds, url, secret, created_at, changed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
    """)

  static let changeAlert = Statement<Void>(
    "lane_change_alert",
    "UPDATE tally.alert SET thresholds = $3, changed_at = $4 WHERE team_id = $1 AND alert_id = $2")

  /// Its messages go with it, also those that wait.
  static let removeAlert = Statement<Void>(
    "lane_remove_alert", "DELETE FROM tally.alert WHERE team_id = $1 AND alert_id = $2")

  /// Team, alert, start of the period, threshold, state, attempts, last status, now.
  static let endMessage = Statement<Void>(
    "lane_end_message",
    """
    UPDATE tally.alert_message
       SET state = $5, attempts = $6, last_status = $7, ended_at = $8
     WHERE team_id = $1 AND alert_id = $2 AND period_start = $3 AND threshold = $4 AND state = 'waiting'
    """)

  /// Team, member: alerts on the budgets of a member that was erased, and of its keys.
  static let removeAlertsOfMember = Statement<Void>(
    "lane_remove_alerts_of_member",
    """
    DELETE FROM tally.alert
     WHERE team_id = $1
       AND (scope = 'member' AND subject_id = $2
            OR scope = 'key' AND subject_id IN (SELECT budget_key_id FROM tally.api_key
                                                 WHERE team_id = $1 AND member_id = $2))
    """)

  /// What is rare: alerts that change, messages that have arrived.
  func appendAlerts(to pipeline: inout Pipeline) {
    for written in alerts {
      switch written {
      case .new(let alert, let moment):
        pipeline.append(
          Self.insertAlert, alert.team.uuid, alert.id.uuid, alert.subject.scope.rawValue,
          PostgresUUID(bits: alert.subject.bits), alert.thresholds, alert.url, PostgresBytes(alert.secret.bytes),
          moment.timestamptz)
      case .changed(let alert, let moment):
        pipeline.append(
          Self.changeAlert, alert.team.uuid, alert.id.uuid, alert.thresholds, moment.timestamptz)
      case .removed(let team, let alert):
        pipeline.append(Self.removeAlert, team.uuid, alert.uuid)
      }
    }
    for ended in deliveries {
      let event = ended.event
      // A test has no row.
      guard let threshold = event.threshold else { continue }
      let state: AlertMessageState = event.isDelivered ? .delivered : .givenUp
      pipeline.append(
        Self.endMessage, ended.team.uuid, event.alert.uuid, event.periodStart.timestamptz, threshold, state.rawValue,
        Int32(clamping: event.attempts), event.status.map { Int32(clamping: $0) }, ended.at.timestamptz)
    }
  }
}

extension LaneLoad {
  /// All alerts of teams. `Alert.perTeamMaximum` bounds them.
  static let loadAlerts = Statement<Alert>(
    "lane_load_alerts",
    """
    SELECT a.team_id, a.alert_id, a.scope, a.subject_id, a.thresholds, a.url, a.secret
      FROM unnest($1::uuid[]) AS v (team_id)
     CROSS JOIN LATERAL (SELECT * FROM tally.alert WHERE team_id = v.team_id OFFSET 0) AS a
    """
  ) { (row) throws(PostgresError) in try row.alert() }
}

extension LaneLoad {
  /// Teams, scopes, subjects: those whose member is erased, or is being. An erasure is entered under the team's lock, so that
  /// whoever holds the lock sees it; the alerts that were set before go with its line.
  static let loadErasedSubjects = Statement<(TeamID, BudgetSubject)>(
    "lane_load_erased_subjects",
    """
    SELECT v.team_id, v.scope, v.subject_id
      FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS v (team_id, scope, subject_id)
     CROSS JOIN LATERAL (SELECT CASE v.scope
                                  WHEN 'member' THEN v.subject_id
                                  WHEN 'key' THEN (SELECT member_id FROM tally.api_key
                                                    WHERE team_id = v.team_id AND key_id = v.subject_id)
                                END AS member_id) AS m
     WHERE EXISTS (SELECT FROM tally.erasure WHERE team_id = v.team_id AND member_id = m.member_id)
    """
  ) { (row) throws(PostgresError) in
    let (team, scope) = (try row.id(TeamID.self), try row.word(BudgetScope.self))
    return (team, BudgetSubject(scope: scope, bits: try row.next(PostgresUUID.self).bits))
  }
}

extension LoadedTeam {
  /// Throws unless an alert may be set: its address would stay behind a member that is erased.
  func allowAlert(_ request: AlertRequest) throws(StoreError) {
    guard let subject = request.subjectOfMember, erasedSubjects.contains(subject) else { return }
    throw StoreError(.conflict("the member is erased, or is being: no alert can be set on its budgets"))
  }
}

extension RowReader {
  /// Reads team, id, scope, subject, thresholds, address and secret of an alert.
  mutating func alert() throws(PostgresError) -> Alert {
    let (team, alert) = (try id(TeamID.self), try id(NoteID.self))
    let scope: BudgetScope = try word()
    let subject = BudgetSubject(scope: scope, bits: try next(PostgresUUID.self).bits)
    let (thresholds, url) = (try next([Int64].self), try next(String.self))
    guard let secret = AlertSecret(bytes: try next(PostgresBytes.self).bytes) else {
      throw PostgresError(.decoding, outcome: .unknown, reason: "a secret of a length that there is not")
    }
    return Alert(id: alert, team: team, subject: subject, thresholds: thresholds, url: url, secret: secret)
  }
}

extension BatchDecider {
  /// What the lines of alerts write besides: the alert's row, or the end of a message.
  mutating func writeAlert(_ event: Event, of command: LaneCommand, in team: inout LoadedTeam, at moment: Timestamp) {
    switch (event, command) {
    case (.alertDelivered(let delivered), .note(let request)):
      writeNote(request.id, in: &team, at: moment)
      writes.deliveries.append(LaneWrites.EndedMessage(team: team.book.team.id, event: delivered, at: moment))
    case (.alertChanged(let changed), .changeAlert(let request, _)):
      // The same decision once more: nothing has changed since the line was made of it.
      guard let decided = try? request.decide(among: team.alerts) else { return }
      writeNote(request.id, in: &team, at: moment)
      switch decided {
      case .unchanged: return
      case .changed(let alert, _, let isNew):
        team.alerts[alert.id] = alert
        writes.alerts.append(isNew ? .new(alert, at: moment) : .changed(alert, at: moment))
      case .removed:
        team.alerts[changed.alert] = nil
        writes.alerts.append(.removed(team.book.team.id, changed.alert))
      }
    default: return
    }
  }
}
