/// A day of the proleptic Gregorian calendar in UTC. The ledger looks at no calendar of the machine: this is plain
/// arithmetic, and days of other time zones come in as period bounds.
package struct CivilDate: Hashable, Sendable {
  /// The year, 1 BC being 0.
  package var year: Int64
  /// The month, 1 to 12.
  package var month: Int64
  /// The day of the month, from 1.
  package var day: Int64

  /// The day with these numbers; whether they name a day tells `isValid`.
  package init(year: Int64, month: Int64, day: Int64) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// The day that `text` writes as `2026-11-23`, exactly; nil where it writes none, or one that no calendar has.
  package init?(_ text: String) {
    var scanner = DigitScanner(bytes: Array(text.utf8))
    guard let day = scanner.day(), scanner.isAtEnd else { return nil }
    self = day
  }

  /// The day that many days after 1970-01-01, negative for days before it.
  package init(daysSinceEpoch days: Int64) {
    // Counted from 0000-03-01: with the leap day last in a year, month lengths follow one linear formula.
    let shifted = days + CivilDate.daysFromMarchOfYear0ToEpoch
    let cycle = shifted >= 0 ? shifted / 146_097 : (shifted - 146_096) / 146_097
    let dayOfCycle = shifted - cycle * 146_097
    let yearOfCycle = (dayOfCycle - dayOfCycle / 1_460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
    let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0)
  }

  /// How many days after 1970-01-01 it is, negative for days before it.
  package var daysSinceEpoch: Int64 {
    let yearFromMarch = month <= 2 ? year - 1 : year
    let cycle = yearFromMarch >= 0 ? yearFromMarch / 400 : (yearFromMarch - 399) / 400
    let yearOfCycle = yearFromMarch - cycle * 400
    let monthFromMarch = month > 2 ? month - 3 : month + 9
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    let dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
    return cycle * 146_097 + dayOfCycle - CivilDate.daysFromMarchOfYear0ToEpoch
  }

  /// Whether there is such a day: month 1 to 12, and the day within the month, leap years counted.
  package var isValid: Bool {
    month >= 1 && month <= 12 && day >= 1 && day <= lengthOfMonth
  }

  /// The first day of the month after it.
  package var firstOfNextMonth: CivilDate {
    month == 12
      ? CivilDate(year: year + 1, month: 1, day: 1) : CivilDate(year: year, month: month + 1, day: 1)
  }

  private var lengthOfMonth: Int64 {
    switch month {
    case 2: isLeapYear ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private var isLeapYear: Bool {
    year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
  }

  private static let daysFromMarchOfYear0ToEpoch: Int64 = 719_468
}
