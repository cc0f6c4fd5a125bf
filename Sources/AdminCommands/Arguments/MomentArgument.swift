import ArgumentParser
import Foundation
package import Ledger

/// A time: RFC 3339, or a date in the team's zone, or a duration from now where the option says so.
package enum MomentArgument: ExpressibleByArgument, Hashable, Sendable {
  /// A moment.
  case moment(Timestamp)
  /// The first moment of a day, in a zone that is known only later.
  case day(CivilDate)
  /// So long after now.
  case after(DurationArgument)

  package init?(argument: String) {
    if let moment = Timestamp(rfc3339: argument) {
      self = .moment(moment)
    } else if let day = MomentArgument.parseDay(argument) {
      self = .day(day)
    } else if WholeNumber.parse(argument) == nil, let duration = DurationArgument(argument: argument) {
      // Plain digits may be meant as a date or as seconds since 1970: neither is guessed.
      self = .after(duration)
    } else {
      return nil
    }
  }

  /// The moment meant.
  ///
  /// Throws `CommandFailure` where the zone or its day is unknown.
  package func resolved(timeZone: String, now: Timestamp) throws -> Timestamp {
    switch self {
    case .moment(let moment): return moment
    case .after(let duration): return Timestamp(microseconds: now.microseconds + duration.seconds * 1_000_000)
    case .day(let day):
      guard let zone = TimeZone(identifier: timeZone) else {
        throw CommandFailure(.usage, "the time zone \(timeZone) is not known")
      }
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = zone
      let parts = DateComponents(year: Int(day.year), month: Int(day.month), day: Int(day.day))
      guard let noon = calendar.date(from: parts) else {
        throw CommandFailure(.usage, "there is no such day in the time zone \(timeZone)")
      }
      // A day does not begin at 00:00 where clocks go forward then.
      return Timestamp(
        microseconds: Int64(calendar.startOfDay(for: noon).timeIntervalSince1970) * Timestamp.microsecondsPerSecond)
    }
  }

  /// `2026-11-23`, exactly.
  private static func parseDay(_ text: String) -> CivilDate? {
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.map(\.count) == [4, 2, 2],
      let year = WholeNumber.parse(Substring(parts[0])), let month = WholeNumber.parse(Substring(parts[1])),
      let day = WholeNumber.parse(Substring(parts[2]))
    else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    return date.isValid ? date : nil
  }
}
