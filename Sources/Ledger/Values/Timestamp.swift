/// A moment in microseconds since 1970-01-01T00:00:00Z, the precision of PostgreSQL's `timestamptz`.
package struct Timestamp: Hashable, Sendable {
  /// Microseconds since the Unix epoch, leap seconds not counted.
  package var microseconds: Int64

  /// The moment that many microseconds after the Unix epoch.
  package init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  /// The Unix epoch: the start of each budget whose period is `total`.
  package static let epoch = Timestamp(microseconds: 0)

  /// The last moment whose text has a year of four digits. Later ones (and ones before the epoch) are refused by
  /// the ledger, since a line could not carry them.
  package static let maximum = Timestamp(microseconds: 253_402_300_799_999_999)

  /// Microseconds in a second.
  package static let microsecondsPerSecond: Int64 = 1_000_000

  /// Microseconds in a day.
  package static let microsecondsPerDay: Int64 = 86_400 * microsecondsPerSecond

  /// Whether it lies between the Unix epoch and the year 9999, both included.
  package var isWithinLimits: Bool {
    self >= .epoch && self <= .maximum
  }

  /// The moment that many seconds later, not later than `maximum`.
  package func adding(seconds: Int64) -> Timestamp {
    let (span, spanOverflow) = seconds.multipliedReportingOverflow(by: Timestamp.microsecondsPerSecond)
    let (sum, sumOverflow) = microseconds.addingReportingOverflow(span)
    return spanOverflow || sumOverflow ? .maximum : min(Timestamp(microseconds: sum), .maximum)
  }

  /// The day in UTC that it lies in.
  package var utcDay: CivilDate {
    CivilDate(daysSinceEpoch: daysAndRest.days)
  }

  /// Whole days since the epoch, rounded down, and the microseconds of the day.
  var daysAndRest: (days: Int64, rest: Int64) {
    var (days, rest) = microseconds.quotientAndRemainder(dividingBy: Timestamp.microsecondsPerDay)
    if rest < 0 {
      days -= 1
      rest += Timestamp.microsecondsPerDay
    }
    return (days, rest)
  }
}

extension Timestamp: Comparable {
  /// Orders moments by time.
  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.microseconds < right.microseconds
  }
}
