package import Ledger

/// A budget as the look for thresholds finds it: with an alert on it.
package struct AlertedBudget: Sendable, Hashable {
  package var team: TeamID
  package var alert: NoteID
  package var thresholds: [Int64]
  package var budget: Budget
  /// Thresholds that were told of, or are to be, in the budget's period.
  package var told: [Int64]

  /// A budget with an alert on it.
  package init(team: TeamID, alert: NoteID, thresholds: [Int64], budget: Budget, told: [Int64]) {
    self.team = team
    self.alert = alert
    self.thresholds = thresholds
    self.budget = budget
    self.told = told
  }

  /// Thresholds that it has reached and that nobody was told of, ascending.
  package var reached: [Int64] {
    thresholds.filter { percent in
      BudgetThreshold.isReached(percent: percent, used: budget.used, limit: budget.limit) && !told.contains(percent)
    }
  }
}

/// A page of budgets with alerts on them.
package struct AlertedBudgetPage: Sendable, Hashable {
  package var budgets: [AlertedBudget]
  /// Where the next page begins; nil: there is none.
  package var next: AlertPlace?
  /// The database's clock.
  package var now: Timestamp

  /// A page.
  package init(budgets: [AlertedBudget], next: AlertPlace?, now: Timestamp) {
    self.budgets = budgets
    self.next = next
    self.now = now
  }
}

/// A place in the list of all teams' alerts.
package struct AlertPlace: Sendable, Hashable {
  package var team: TeamID
  package var alert: NoteID

  /// Before all of them.
  package static let start = AlertPlace(team: TeamID(bits: 0), alert: NoteID(bits: 0))
}

/// A message that is to be put into the queue: a budget reached a threshold.
package struct NewAlertMessage: Sendable, Hashable {
  package var id: NoteID
  package var team: TeamID
  package var alert: NoteID
  package var threshold: Int64
  package var budget: Budget
  package var reachedAt: Timestamp

  /// The message of one threshold.
  package init(id: NoteID, _ found: AlertedBudget, threshold: Int64, reachedAt: Timestamp) {
    self.id = id
    team = found.team
    alert = found.alert
    self.threshold = threshold
    budget = found.budget
    self.reachedAt = reachedAt
  }
}

/// A message with all that its sending needs.
package struct AlertMessage: Sendable, Hashable {
  package var id: NoteID
  package var alert: Alert
  /// The budget as it was when the threshold was seen to be reached: each attempt says the same.
  package var budget: Budget
  /// Nil: a test that somebody asked for.
  package var threshold: Int64?
  /// The subject as people name it: the team's id, the user's id, the (first) key's id.
  package var subjectName: String
  package var reachedAt: Timestamp
  /// How often it was tried, with the attempt that is under way.
  package var attempts: Int64

  /// A message.
  package init(
    id: NoteID, alert: Alert, budget: Budget, threshold: Int64?, subjectName: String, reachedAt: Timestamp,
    attempts: Int64
  ) {
    self.id = id
    self.alert = alert
    self.budget = budget
    self.threshold = threshold
    self.subjectName = subjectName
    self.reachedAt = reachedAt
    self.attempts = attempts
  }

  /// The line that tells of its end.
  package func delivery(status: Int64?, isDelivered: Bool) -> AlertDelivered {
    AlertDelivered(
      alert: alert.id, message: id, scope: alert.subject.scope, subject: alert.subject.bits,
      periodStart: budget.id.start, threshold: threshold, attempts: attempts, status: status, isDelivered: isDelivered)
  }
}
