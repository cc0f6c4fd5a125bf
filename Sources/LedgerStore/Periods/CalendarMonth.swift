package import Ledger

/// A calendar month without a zone: `2026-11`. Which moments it has, a team's zone decides.
package struct CalendarMonth: Hashable, Sendable {
  /// The year, 1970 to 9998, so that its bounds are moments that the ledger takes in every zone.
  package let year: Int64
  /// The month, 1 to 12.
  package let month: Int64

  /// The month written as `text`: four digits, a dash, two digits. Nil for anything else.
  package init?(_ text: String) {
    let digits = Array(text.utf8)
    guard digits.count == 7, digits[4] == UInt8(ascii: "-") else { return nil }
    var numbers: [Int64] = [0, 0]
    for (position, digit) in digits.enumerated() where position != 4 {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      let part = position < 4 ? 0 : 1
      numbers[part] = numbers[part] * 10 + Int64(digit - UInt8(ascii: "0"))
    }
    guard (1970...9998).contains(numbers[0]), (1...12).contains(numbers[1]) else { return nil }
    (year, month) = (numbers[0], numbers[1])
  }

  /// The month that has these bounds in some zone; nil where they have no end.
  package init?(_ bounds: PeriodBounds) {
    guard let end = bounds.end else { return nil }
    // No zone is so far from UTC that the middle of its month lies in another one.
    let middle = bounds.start.microseconds + (end.microseconds - bounds.start.microseconds) / 2
    let day = Timestamp(microseconds: middle).utcDay
    (year, month) = (day.year, day.month)
  }

  /// The month behind it; nil for the last one.
  package var next: CalendarMonth? {
    let (years, last) = (month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1)
    let digits = "\(years * 100 + last)"
    return CalendarMonth("\(digits.prefix(4))-\(digits.suffix(2))")
  }

  /// As people write it.
  package var text: String {
    let digits = "\(year * 100 + month)"
    return "\(digits.prefix(4))-\(digits.suffix(2))"
  }

  /// A moment that lies in it in every zone: noon of its 15th day in UTC.
  package var middle: Timestamp {
    let day = CivilDate(year: year, month: month, day: 15).daysSinceEpoch
    return Timestamp(microseconds: day * Timestamp.microsecondsPerDay + Timestamp.microsecondsPerDay / 2)
  }
}
