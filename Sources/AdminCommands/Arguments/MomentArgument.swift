import ArgumentParser
package import Ledger
import LedgerStore

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
    } else if let day = CivilDate(argument) {
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
      guard let start = ZoneCalendar.start(of: day, timeZone: timeZone) else {
        throw CommandFailure(.usage, "the time zone \(timeZone) is not known")
      }
      return start
    }
  }
}
