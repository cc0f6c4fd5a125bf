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
  package func isKnown(_ zone: String) -> Bool {
    ZoneClock(zone) != nil
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
    // Names are bytes: what only looks the same must not find what is kept.
    guard timeZone.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    let kept = months.withLock { $0[timeZone]?.first { $0.contains(moment) } }
    if let kept { return kept }
    guard let clock = ZoneClock(timeZone) else { return nil }
    let bounds = clock.month(at: moment)
    months.withLock { months in
      let newest = (months[timeZone] ?? []).suffix(Self.monthsKeptPerZone - 1)
      months[timeZone] = newest + [bounds]
    }
    return bounds
  }

  /// The first moment of a day in `timeZone`: not 00:00 where clocks go forward then.
  /// - Returns: nil where there is no such zone.
  package static func start(of day: CivilDate, timeZone: String) -> Timestamp? {
    ZoneClock(timeZone)?.start(of: day)
  }
}
