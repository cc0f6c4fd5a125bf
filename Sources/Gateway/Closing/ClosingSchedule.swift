package import Ledger

/// When teams are to be looked at for months that are over. A value: it is told the time, and says when to look next.
///
/// No zone's month ends but on a whole quarter of an hour, from 14 hours before the month ends in UTC to 12 hours after, so
/// only then all teams are looked at every quarter; else a few times a day, for what was not possible when it was due: a
/// database that was away, a team that was halted. A minute is let pass, since the database's clock may be behind.
package struct ClosingSchedule: Sendable, Hashable {
  /// What a look at the teams came to.
  package enum Outcome: Sendable, Hashable {
    /// Everything that was due is closed, or cannot be closed for a reason that time does not mend.
    case done
    /// There was more than one look takes.
    case more
    /// The database did not answer.
    case failed
  }

  /// Seconds between two moments at which a month may end somewhere.
  private static let step: Int64 = 900
  /// How many seconds before the month's end in UTC it ends in the first zone (UTC+14).
  private static let earliest: Int64 = 14 * 3_600
  /// How many seconds after it in the last one (UTC-12).
  private static let latest: Int64 = 12 * 3_600
  /// Seconds from a month's end to the look at the teams.
  private static let slack: Int64 = 60
  /// The longest time without a look, in seconds.
  private static let idle: Int64 = 6 * 3_600
  /// Seconds after which a look that failed is tried again.
  private static let retry: Int64 = 60
  /// The longest wait between two looks at the clock, which may have been set.
  private static let waitMaximum = Duration.seconds(60)

  /// When the teams are to be looked at.
  package private(set) var next: Timestamp

  /// A schedule that begins with a look at once: months may have ended while no gateway ran.
  package init(startingAt now: Timestamp) {
    next = now
  }

  /// Whether the teams are to be looked at. Also when the clock was set back far behind the next look.
  package func isDue(at now: Timestamp) -> Bool {
    now >= next || now.adding(seconds: Self.idle) < next
  }

  /// Notes a look that ended `now`.
  package mutating func looked(at now: Timestamp, _ outcome: Outcome) {
    switch outcome {
    case .more: next = now
    case .failed: next = now.adding(seconds: Self.retry)
    case .done:
      let last = now.adding(seconds: -Self.slack)
      next = min(Self.nextEnd(after: last).adding(seconds: Self.slack), now.adding(seconds: Self.idle))
    }
  }

  /// How long to wait before the clock is looked at again.
  package func wait(at now: Timestamp) -> Duration {
    guard !isDue(at: now) else { return .zero }
    return min(.microseconds(next.microseconds - now.microseconds), Self.waitMaximum)
  }

  /// The first moment after `moment` at which a month ends in some zone.
  static func nextEnd(after moment: Timestamp) -> Timestamp {
    let stepLength = step * Timestamp.microsecondsPerSecond
    let quarter = Timestamp(microseconds: (moment.microseconds / stepLength + 1) * stepLength)
    let month = PeriodBounds.utcMonth(containing: quarter)
    if quarter <= month.start.adding(seconds: latest) { return quarter }
    guard let end = month.end else { return quarter }
    return max(quarter, end.adding(seconds: -earliest))
  }
}
