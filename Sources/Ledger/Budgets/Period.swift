/// How long a budget lasts before it starts again from zero.
package enum Period: String, Hashable, Sendable, CaseIterable {
  /// A calendar month in the team's time zone: the limit resets on its first day, as on 1min.ai.
  case month
  /// For ever: the limit never resets.
  case total
}

/// From when to when a budget counts: `start` included, `end` not.
package struct PeriodBounds: Hashable, Sendable {
  /// The first moment.
  package var start: Timestamp
  /// The first moment after it; nil when it has no end.
  package var end: Timestamp?

  /// The bounds from `start` to `end`.
  package init(start: Timestamp, end: Timestamp?) {
    self.start = start
    self.end = end
  }

  /// The bounds of `Period.total`.
  package static let total = PeriodBounds(start: .epoch, end: nil)

  /// The calendar month in UTC that `moment` lies in: for teams whose zone is UTC. Other zones need a time zone
  /// database, so their bounds are computed outside of the ledger.
  package static func utcMonth(containing moment: Timestamp) -> PeriodBounds {
    var day = moment.utcDay
    day.day = 1
    let start = Timestamp(microseconds: day.daysSinceEpoch * Timestamp.microsecondsPerDay)
    let end = Timestamp(microseconds: day.firstOfNextMonth.daysSinceEpoch * Timestamp.microsecondsPerDay)
    return PeriodBounds(start: start, end: end)
  }

  /// Whether `moment` lies within them.
  package func contains(_ moment: Timestamp) -> Bool {
    guard moment >= start else { return false }
    guard let end else { return true }
    return moment < end
  }
}
