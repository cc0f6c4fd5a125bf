/// `alert.changed`: which thresholds of a budget somebody is told of changed. Where to is personal, so it stands in the
/// private payload.
package struct AlertChanged: Hashable, Sendable {
  /// The id of the alert.
  package var alert: NoteID
  /// Whose budget: `team`, `member` or `key`.
  package var scope: BudgetScope
  /// The subject's id, kept as one for the reason that `Identifier` gives.
  private var id: Identifier<Never>
  /// The thresholds before, in percent of the limit, ascending; nil: the alert is new.
  package var old: [Int64]?
  /// The thresholds after; nil: the alert was removed.
  package var new: [Int64]?

  /// The most thresholds that an alert may have.
  package static let thresholdsMaximum = 20
  /// The highest threshold, in percent of the limit: a limit that was lowered may be passed by far.
  package static let thresholdMaximum: Int64 = 1_000

  /// The 16 bytes of the team's, the member's or the key's id.
  package var subject: UInt128 {
    get { id.bits }
    set { id.bits = newValue }
  }

  /// An event with these fields.
  package init(alert: NoteID, scope: BudgetScope, subject: UInt128, old: [Int64]?, new: [Int64]?) {
    self.alert = alert
    self.scope = scope
    id = Identifier(bits: subject)
    self.old = old
    self.new = new
  }
}

/// `alert.delivered`: a budget reached a threshold, and whoever was to be told was told, or could not be. One line for each
/// alert, budget row and threshold, at the end of its last attempt.
package struct AlertDelivered: Hashable, Sendable {
  /// The id of the alert.
  package var alert: NoteID
  /// The id of the message, which it carried as `webhook-id`.
  package var message: NoteID
  /// Whose budget: `team`, `member` or `key`.
  package var scope: BudgetScope
  /// The subject's id, kept as one for the reason that `Identifier` gives.
  private var id: Identifier<Never>
  /// The first moment of the budget row's period.
  package var periodStart: Timestamp
  /// The threshold in percent of the limit; nil: a test that somebody asked for.
  package var threshold: Int64?
  /// How often it was tried, from 1 on.
  package var attempts: Int64
  /// The HTTP status of the last answer; nil: there was none.
  package var status: Int64?
  /// Whether it arrived: the last answer was a success.
  package var isDelivered: Bool

  /// The 16 bytes of the team's, the member's or the key's id.
  package var subject: UInt128 {
    get { id.bits }
    set { id.bits = newValue }
  }

  /// An event with these fields.
  package init(
    alert: NoteID, message: NoteID, scope: BudgetScope, subject: UInt128, periodStart: Timestamp, threshold: Int64?,
    attempts: Int64, status: Int64?, isDelivered: Bool
  ) {
    self.alert = alert
    self.message = message
    self.scope = scope
    id = Identifier(bits: subject)
    self.periodStart = periodStart
    self.threshold = threshold
    self.attempts = attempts
    self.status = status
    self.isDelivered = isDelivered
  }
}

/// `retention.changed`: how long the team's records and usage are kept changed.
package struct RetentionChanged: Hashable, Sendable {
  /// For how many days before; nil: for ever.
  package var old: Int64?
  /// For how many days after; nil: for ever.
  package var new: Int64?

  /// The most days that can be asked for: a hundred years.
  package static let daysMaximum: Int64 = 36_525

  /// An event with these fields.
  package init(old: Int64?, new: Int64?) {
    self.old = old
    self.new = new
  }
}

/// `usage.removed`: records and usage that the team keeps no longer were removed. The lines stay.
package struct UsageRemoved: Hashable, Sendable {
  /// The id of the removal.
  package var removal: NoteID
  /// What was resolved or refused before this moment was removed: the end of a closed month.
  package var before: Timestamp
  /// How many records.
  package var records: Int64
  /// How many rows of usage.
  package var buckets: Int64

  /// An event with these fields.
  package init(removal: NoteID, before: Timestamp, records: Int64, buckets: Int64) {
    self.removal = removal
    self.before = before
    self.records = records
    self.buckets = buckets
  }
}

/// `usage.rebuilt`: an administrator had a range of the team's usage computed anew from what the log holds.
package struct UsageRebuilt: Hashable, Sendable {
  /// The id of the rebuilding.
  package var rebuild: NoteID
  /// The first moment of the range.
  package var start: Timestamp
  /// The first moment behind it.
  package var end: Timestamp
  /// How many rows of usage were not what they should have been.
  package var changed: Int64

  /// An event with these fields.
  package init(rebuild: NoteID, start: Timestamp, end: Timestamp, changed: Int64) {
    self.rebuild = rebuild
    self.start = start
    self.end = end
    self.changed = changed
  }
}
