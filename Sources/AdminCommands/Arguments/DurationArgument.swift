import ArgumentParser

/// A duration: whole seconds, or a number with `s`, `m`, `h`, `d` or `w`: `90`, `15s`, `24h`, `30d`.
package struct DurationArgument: ExpressibleByArgument, Hashable, Sendable {
  /// The longest that any setting takes: ten years of 365 days.
  static let maximumSeconds: Int64 = maximumDays * 86_400
  static let maximumDays: Int64 = 3_650

  /// 24 hours.
  package static let oneDay = DurationArgument(seconds: 86_400)

  /// Whole seconds, never negative.
  package var seconds: Int64

  /// `seconds`, which are not checked.
  init(seconds: Int64) {
    self.seconds = seconds
  }

  package init?(argument: String) {
    let units: [UInt8: Int64] = [
      UInt8(ascii: "s"): 1, UInt8(ascii: "m"): 60, UInt8(ascii: "h"): 3_600, UInt8(ascii: "d"): 86_400,
      UInt8(ascii: "w"): 604_800,
    ]
    var digits = Substring(argument)
    var unit: Int64 = 1
    if let last = argument.utf8.last, let found = units[last] {
      unit = found
      digits = digits.dropLast()
    }
    guard let count = WholeNumber.parse(digits) else { return nil }
    let (product, overflow) = count.multipliedReportingOverflow(by: unit)
    guard !overflow, product <= DurationArgument.maximumSeconds else { return nil }
    seconds = product
  }

  /// The duration of an option that says what it takes. Throws `ValidationError`.
  static func parse(_ text: String) throws -> DurationArgument {
    guard let duration = DurationArgument(argument: text) else {
      throw ValidationError("it takes whole seconds, or a number with s, m, h, d or w, at most \(maximumDays)d")
    }
    return duration
  }

  package var defaultValueDescription: String {
    seconds.isMultiple(of: 3_600) ? "\(seconds / 3_600)h" : "\(seconds)s"
  }

  /// The same as a duration.
  package var duration: Duration { .seconds(seconds) }
}

/// `--in-doubt-charge-after`: a duration, or `never`.
package struct DurationOrNever: ExpressibleByArgument, Hashable, Sendable {
  /// Seconds; nil: never.
  package var seconds: Int64?

  package init?(argument: String) {
    if argument == "never" { return }
    guard let duration = DurationArgument(argument: argument) else { return nil }
    seconds = duration.seconds
  }
}

/// `--keep-records`: whole days (`400d`, `52w`), or `forever`.
package struct DaysOrForever: ExpressibleByArgument, Hashable, Sendable {
  private static let daysOfWeek: Int64 = 7

  /// Days; nil: for ever.
  package var days: Int64?

  package init?(argument: String) {
    if argument == "forever" { return }
    let unit: Int64
    switch argument.utf8.last {
    case UInt8(ascii: "d"): unit = 1
    case UInt8(ascii: "w"): unit = DaysOrForever.daysOfWeek
    default: return nil
    }
    guard let count = WholeNumber.parse(argument.dropLast()) else { return nil }
    let (product, overflow) = count.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    days = product
  }
}
