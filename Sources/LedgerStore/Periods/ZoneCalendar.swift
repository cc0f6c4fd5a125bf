import Foundation
package import Ledger
import Synchronization

/// Where calendar months begin in a team's time zone. The ledger itself looks at no calendar: its commands carry the
/// bounds that this type computes (docs/ledger.md, budgets).
///
/// Zones are named as in the IANA database: `UTC`, or an area and a place (`Asia/Kathmandu`). Bounds are kept, since
/// nearly all that is ever asked for is the running month.
package final class ZoneCalendar: Sendable {
  /// Months kept for each zone: the running one, its neighbours, and one more for whoever looks back. With the some six
  /// hundred names of the IANA database this bounds the whole cache.
  private static let monthsKeptPerZone = 4

  private let months = Mutex<[String: [PeriodBounds]]>([:])

  /// A calendar that has computed nothing yet.
  package init() {}

  /// Whether `zone` is `UTC` or the name of an area and a place in the IANA database, in its exact spelling.
  /// Abbreviations and offsets (`EST`, `GMT+1`) are not taken: they know no daylight saving time, which a team never
  /// means.
  package func isKnown(_ zone: String) -> Bool {
    Self.isSafeToCompare(zone) && Self.isZone(zone)
  }

  /// The calendar month of `timeZone` in which `moment` lies: its first moment, and the next month's.
  ///
  /// A month begins when its first day begins for the first time. Where clocks went back over that midnight, the hour
  /// that follows counts to the new month although calendars on the wall show the old one again: bounds never overlap.
  /// - Parameters:
  ///   - moment: any moment within `Timestamp`'s limits.
  ///   - timeZone: a name that `isKnown`.
  /// - Returns: nil when there is no zone of that name.
  package func monthBounds(at moment: Timestamp, timeZone: String) -> PeriodBounds? {
    guard Self.isSafeToCompare(timeZone) else { return nil }
    let kept = months.withLock { $0[timeZone]?.first { $0.contains(moment) } }
    if let kept { return kept }
    guard Self.isZone(timeZone), let bounds = Self.computedBounds(at: moment, timeZone: timeZone) else { return nil }
    months.withLock { months in
      let newest = (months[timeZone] ?? []).suffix(Self.monthsKeptPerZone - 1)
      months[timeZone] = newest + [bounds]
    }
    return bounds
  }

  /// The first moment of a day in `timeZone`: not 00:00 where clocks go forward then.
  /// - Returns: nil where there is no such zone.
  package static func start(of day: CivilDate, timeZone: String) -> Timestamp? {
    guard isSafeToCompare(timeZone), let zone = TimeZone(identifier: timeZone) else { return nil }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let parts = DateComponents(year: Int(day.year), month: Int(day.month), day: Int(day.day))
    return calendar.date(from: parts).map { Timestamp(calendar.startOfDay(for: $0)) }
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
  private static func isZone(_ zone: String) -> Bool {
    if zone == "UTC" { return true }
    guard zone.utf8.contains(UInt8(ascii: "/")), !zone.utf8.starts(with: "SystemV/".utf8) else { return false }
    return TimeZone(identifier: zone) != nil
  }

  private static func computedBounds(at moment: Timestamp, timeZone: String) -> PeriodBounds? {
    guard let zone = TimeZone(identifier: timeZone) else { return nil }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    guard let month = calendar.dateInterval(of: .month, for: Date(wholeSecondOf: moment)) else { return nil }
    let bounds = PeriodBounds(month)
    guard let end = bounds.end, moment >= end else { return bounds }
    // Clocks went back over the first midnight of the next month: see above.
    return calendar.dateInterval(of: .month, for: month.end).map(PeriodBounds.init)
  }
}

extension Date {
  /// The second that `moment` lies in: whole seconds are exact in a Date, and no month begins within one.
  fileprivate init(wholeSecondOf moment: Timestamp) {
    let (seconds, rest) = moment.microseconds.quotientAndRemainder(dividingBy: Timestamp.microsecondsPerSecond)
    self.init(timeIntervalSince1970: TimeInterval(rest < 0 ? seconds - 1 : seconds))
  }
}

extension PeriodBounds {
  fileprivate init(_ month: DateInterval) {
    self.init(start: Timestamp(month.start), end: Timestamp(month.end))
  }
}

extension Timestamp {
  fileprivate init(_ second: Date) {
    self.init(microseconds: Int64(second.timeIntervalSince1970) * Timestamp.microsecondsPerSecond)
  }
}
