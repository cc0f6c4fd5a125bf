package import Ledger

/// An alert that is to be set, changed or removed, with its line.
package struct AlertRequest: Sendable {
  /// What is asked for.
  package enum Change: Sendable {
    /// The alert of this subject and address has these thresholds from now on. Where there is none it comes to be, under
    /// the id given; `keepsSecret`: where there is one, it keeps its secret, whatever the one given.
    case set(Alert, keepsSecret: Bool)
    /// The alert of that id is there no more.
    case remove(NoteID)
  }

  package var team: TeamID
  /// The id of the change: under it the change is made once, however often it is asked for.
  package var id: NoteID
  package var change: Change

  /// A request.
  package init(team: TeamID, id: NoteID, _ change: Change) {
    self.team = team
    self.id = id
    self.change = change
  }
}

extension AlertRequest {
  /// The member's or the key's budget on which an alert is to be set; nil: it is the team's, or an alert is to go.
  var subjectOfMember: BudgetSubject? {
    guard case .set(let alert, _) = change, alert.subject.scope != .team else { return nil }
    return alert.subject
  }
}

/// What a change of an alert comes to, decided under the team's lock.
enum DecidedAlert {
  /// It is as it should be already.
  case unchanged
  /// It changes; `isNew`: it was not there before.
  case changed(Alert, AlertChanged, isNew: Bool)
  /// It goes.
  case removed(AlertChanged)

  /// The line, where there is one.
  var event: AlertChanged? {
    switch self {
    case .unchanged: nil
    case .changed(_, let event, _), .removed(let event): event
    }
  }
}

extension AlertRequest {
  /// What the request comes to where these are the team's alerts. A pure function.
  /// - Throws: `notFound`, `conflict`.
  func decide(among alerts: [NoteID: Alert]) throws(StoreError) -> DecidedAlert {
    switch change {
    case .remove(let id):
      guard let alert = alerts[id] else { throw StoreError(.notFound("the alert")) }
      return .removed(
        AlertChanged(
          alert: id, scope: alert.subject.scope, subject: alert.subject.bits, old: alert.thresholds, new: nil))
    case .set(let wanted, let keepsSecret):
      let found = alerts.values.first { $0.subject == wanted.subject && $0.url.utf8.elementsEqual(wanted.url.utf8) }
      guard var alert = found else {
        guard alerts.count < Alert.perTeamMaximum else {
          throw StoreError(
            .conflict("the team has \(Alert.perTeamMaximum) alerts, the most it may have; remove one first"))
        }
        return .changed(wanted, event(of: wanted, old: nil), isNew: true)
      }
      guard keepsSecret || alert.secret == wanted.secret else {
        throw StoreError(
          .conflict(
            "alert \(alert.id) has this subject and address and another secret; to change the secret, remove the alert "
              + "and set it anew"))
      }
      let old = alert.thresholds
      guard old != wanted.thresholds else { return .unchanged }
      alert.thresholds = wanted.thresholds
      return .changed(alert, event(of: alert, old: old), isNew: false)
    }
  }

  /// The command that makes the line; nil: nothing changes.
  /// - Throws: as `decide(among:)`.
  func command(among alerts: [NoteID: Alert]) throws(StoreError) -> Command? {
    guard let event = try decide(among: alerts).event else { return nil }
    return .note(.alertChanged(event))
  }

  private func event(of alert: Alert, old: [Int64]?) -> AlertChanged {
    AlertChanged(
      alert: alert.id, scope: alert.subject.scope, subject: alert.subject.bits, old: old, new: alert.thresholds)
  }
}
