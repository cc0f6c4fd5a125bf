import Foundation
package import Ledger

/// The clocks and calendars of one time zone: which moments its days, weeks, months, hours and minutes have.
///
/// A day begins when its date, or a later one, is first shown. So no two periods overlap and none is missing between them,
/// whatever clocks do: a day whose midnight is skipped begins behind the gap, one that never was has no moments, and an
/// hour that is shown again after midnight stays with the new day.
package struct ZoneClock: Sendable {
  /// A stretch of time in which clocks keep their distance from UTC.
  struct Stretch {
    /// Seconds that clocks are ahead of UTC.
    var offset: Int64
    /// When that ends, in seconds since 1970.
    var end: Int64
  }

  /// How far from UTC no zone has ever been, in seconds: the furthest are 15 and a half hours away.
  private static let furthest: Int64 = 26 * 3_600
  /// A zone that changes its name and not its clocks does so rarely: this many times in a row, none does.
  private static let maximumNameChanges = 64
  static let secondsPerDay: Int64 = 86_400

  private let zone: TimeZone

  /// The clocks of the zone of that name: `UTC`, or an area and a place in the IANA database in their exact spelling.
  /// Its other names (`EST`, `CET`, `EST5EDT`, `GMT`) are not taken: they are of no place, so some of them know no daylight
  /// saving time and none a change of law, which is never what a team means. Nil for anything else.
  package init?(_ name: String) {
    guard Self.isSafeToCompare(name), Self.hasArea(name), let zone = TimeZone(identifier: name) else { return nil }
    self.zone = zone
  }

  /// The first moment of a day.
  package func start(of day: CivilDate) -> Timestamp {
    Timestamp(second: start(ofDay: day.daysSinceEpoch))
  }

  /// The bounds of so many buckets: `start`, then where each next one begins, and `end` where that is reached. The first
  /// and the last bucket are shorter than the others where `start` and `end` lie within one.
  /// - Parameter limit: how many buckets at most, from 1.
  /// - Returns: one bound more than there are buckets; `start` alone where `end` is not behind it.
  package func bounds(_ width: BucketWidth, from start: Timestamp, to end: Timestamp, limit: Int) -> [Timestamp] {
    var bounds = [start]
    var stretch: Stretch?
    while let last = bounds.last, last < end, bounds.count <= limit {
      bounds.append(min(end, next(width, after: last, &stretch)))
    }
    return bounds
  }

  /// Where the bucket ends in which `moment` lies.
  package func end(_ width: BucketWidth, at moment: Timestamp) -> Timestamp {
    var stretch: Stretch?
    return next(width, after: moment, &stretch)
  }

  /// The month in which `moment` lies: its first moment, and the next month's.
  package func month(at moment: Timestamp) -> PeriodBounds {
    let second = moment.wholeSecond
    var month = CivilDate(daysSinceEpoch: day(at: second))
    month.day = 1
    var start = start(ofDay: month.daysSinceEpoch)
    var end = self.start(ofDay: month.firstOfNextMonth.daysSinceEpoch)
    while end <= second {
      month = month.firstOfNextMonth
      (start, end) = (end, self.start(ofDay: month.firstOfNextMonth.daysSinceEpoch))
    }
    return PeriodBounds(start: Timestamp(second: start), end: Timestamp(second: end))
  }

  /// The date and time that clocks show, `2026-11-23 13:59`.
  package func text(_ moment: Timestamp) -> String {
    let shown = Timestamp(second: moment.wholeSecond + stretch(at: moment.wholeSecond).offset)
    return "\(shown.rfc3339.prefix(10)) \(shown.rfc3339.dropFirst(11).prefix(5))"
  }

  /// How far clocks are ahead of UTC then, `+02:00`.
  package func offsetText(at moment: Timestamp) -> String {
    let offset = offset(at: moment.wholeSecond)
    let minutes = abs(offset) / 60
    let parts = [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return (offset < 0 ? "-" : "+") + parts.joined(separator: ":")
  }

  /// Whether clocks show the date and time of `moment` at another moment, too, because they were put back.
  package func isShownTwice(_ moment: Timestamp) -> Bool {
    let second = moment.wholeSecond
    let offset = offset(at: second)
    return [second - Self.furthest, second + Self.furthest].contains { near in
      let other = self.offset(at: near)
      return other != offset && self.offset(at: second + offset - other) == other
    }
  }

  private func next(_ width: BucketWidth, after moment: Timestamp, _ kept: inout Stretch?) -> Timestamp {
    let second = moment.wholeSecond
    guard let length = width.clockSeconds else { return Timestamp(second: nextPeriod(width, after: second)) }
    let stretch = kept.flatMap { second < $0.end ? $0 : nil } ?? stretch(at: second)
    kept = stretch
    let shown = second + stretch.offset
    return Timestamp(second: min(stretch.end, shown - shown.remainder(of: length) + length - stretch.offset))
  }

  private func nextPeriod(_ width: BucketWidth, after second: Int64) -> Int64 {
    var day = day(at: second)
    while true {
      day = width.firstDayBehind(day)
      let start = start(ofDay: day)
      if start > second { return start }
    }
  }

  /// The date that clocks show, in days since 1970.
  private func day(at second: Int64) -> Int64 {
    let shown = second + stretch(at: second).offset
    return (shown - shown.remainder(of: Self.secondsPerDay)) / Self.secondsPerDay
  }

  /// The first second at which that date or a later one is shown.
  private func start(ofDay day: Int64) -> Int64 {
    var from = day * Self.secondsPerDay - Self.furthest
    while true {
      let stretch = stretch(at: from)
      let first = max(from, day * Self.secondsPerDay - stretch.offset)
      if first < stretch.end { return first }
      from = stretch.end
    }
  }

  private func stretch(at second: Int64) -> Stretch {
    let offset = offset(at: second)
    var end = second
    for _ in 0..<Self.maximumNameChanges {
      guard let change = zone.nextDaylightSavingTimeTransition(after: Date(second: end)) else { break }
      end = Int64(change.timeIntervalSince1970.rounded(.down))
      if self.offset(at: end) != offset { return Stretch(offset: offset, end: end) }
    }
    return Stretch(offset: offset, end: .max)
  }

  private func offset(at second: Int64) -> Int64 {
    Int64(zone.secondsFromGMT(for: Date(second: second)))
  }

  /// Whether it has only bytes that names of the database have. Strings compare by canonical equivalence, so that
  /// `Asia/Kolkata` with a Kelvin sign for its K would be found too, and what lies below Foundation stops at a NUL.
  private static func isSafeToCompare(_ zone: String) -> Bool {
    zone.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "_"), UInt8(ascii: "+"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
  }

  /// Foundation's list of names lacks some of the IANA database (`Asia/Kolkata`), while the names that it takes include
  /// offsets and abbreviations, none of which has an area in front but the `SystemV` ones.
  private static func hasArea(_ zone: String) -> Bool {
    if zone == "UTC" { return true }
    return zone.utf8.contains(UInt8(ascii: "/")) && !zone.utf8.starts(with: "SystemV/".utf8)
  }
}

extension BucketWidth {
  /// Seconds on the clock; nil for what a calendar cuts.
  fileprivate var clockSeconds: Int64? {
    switch self {
    case .minute: 60
    case .quarterHour: 900
    case .hour: 3_600
    case .day, .week, .month: nil
    }
  }

  /// The first day of the period behind that of `day`, both in days since 1970.
  fileprivate func firstDayBehind(_ day: Int64) -> Int64 {
    switch self {
    // 1970 began on a Thursday.
    case .week: day - (day + 3).remainder(of: 7) + 7
    case .month: CivilDate(daysSinceEpoch: day).firstOfNextMonth.daysSinceEpoch
    default: day + 1
    }
  }
}

extension Int64 {
  /// What is left over `divisor`, never negative.
  fileprivate func remainder(of divisor: Int64) -> Int64 {
    let rest = self % divisor
    return rest < 0 ? rest + divisor : rest
  }
}

extension Timestamp {
  /// The second that it lies in: zones know nothing smaller.
  fileprivate var wholeSecond: Int64 {
    (microseconds - microseconds.remainder(of: Timestamp.microsecondsPerSecond)) / Timestamp.microsecondsPerSecond
  }

  fileprivate init(second: Int64) {
    self.init(microseconds: second * Timestamp.microsecondsPerSecond)
  }
}

extension Date {
  /// Whole seconds are exact in a Date.
  fileprivate init(second: Int64) {
    self.init(timeIntervalSince1970: TimeInterval(second))
  }
}
