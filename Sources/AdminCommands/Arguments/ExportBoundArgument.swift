import ArgumentParser
import Exports
import Ledger

/// Where a range of a log begins or ends: the index of a line, or a time.
struct ExportBoundArgument: ExpressibleByArgument, Hashable {
  private enum Meaning: Hashable {
    case index(Int64)
    case time(MomentArgument)
  }

  private let meaning: Meaning

  init?(argument: String) {
    // Plain digits are an index: a time is never written in them alone.
    if let index = WholeNumber.parse(argument) {
      meaning = .index(index)
    } else if let time = MomentArgument(argument: argument) {
      if case .after = time { return nil }
      meaning = .time(time)
    } else {
      return nil
    }
  }

  /// What is meant. Throws `CommandFailure` where a date has no beginning in the zone.
  func resolved(timeZone: String, now: Timestamp) throws -> ExportRequest.Bound {
    switch meaning {
    case .index(let index): .index(index)
    case .time(let time): .moment(try time.resolved(timeZone: timeZone, now: now))
    }
  }
}
