/// A moment in UTC to the millisecond, in the three notations that the Feature API uses.
package struct UTCTime: Sendable, Equatable {
  /// Milliseconds since 1970, not negative.
  package let milliseconds: Int64

  /// A moment.
  package init(milliseconds: Int64) {
    self.milliseconds = max(0, milliseconds)
  }

  private struct Fields {
    var year: Int64
    var month: Int64
    var day: Int64
    var hour: Int64
    var minute: Int64
    var second: Int64
    var millisecond: Int64
  }

  /// `2025-01-15T16:00:00.000Z`, as in `createdAt`.
  package var text: String {
    let f = fields
    return "\(Self.padded(f.year, 4))-\(Self.padded(f.month, 2))-\(Self.padded(f.day, 2))T"
      + "\(Self.padded(f.hour, 2)):\(Self.padded(f.minute, 2)):\(Self.padded(f.second, 2))"
      + ".\(Self.padded(f.millisecond, 3))Z"
  }

  /// `2025_01_15_16_00_00_000`, as in storage keys.
  package var keyText: String {
    let f = fields
    return [
      Self.padded(f.year, 4), Self.padded(f.month, 2), Self.padded(f.day, 2), Self.padded(f.hour, 2),
      Self.padded(f.minute, 2), Self.padded(f.second, 2), Self.padded(f.millisecond, 3),
    ].joined(separator: "_")
  }

  /// `20250115T160000Z`, as in presigned addresses.
  package var addressText: String {
    let f = fields
    return Self.padded(f.year, 4) + Self.padded(f.month, 2) + Self.padded(f.day, 2) + "T"
      + Self.padded(f.hour, 2) + Self.padded(f.minute, 2) + Self.padded(f.second, 2) + "Z"
  }

  private var fields: Fields {
    let secondsOfAll = milliseconds / 1000
    let ofDay = secondsOfAll % 86_400
    // The Gregorian calendar in years that begin with March, so that a leap day comes last, in eras of 400 years.
    let day = secondsOfAll / 86_400 + 719_468
    let era = day / 146_097
    let dayOfEra = day % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return Fields(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * marchMonth + 2) / 5 + 1, hour: ofDay / 3600, minute: ofDay / 60 % 60,
      second: ofDay % 60, millisecond: milliseconds % 1000)
  }

  private static func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
