package import Ledger

extension Timestamp {
  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// The moment as HTTP's headers have it (RFC 9110, 5.6.7), in whole seconds, rounded down: `Fri, 27 Nov 2026 10:15:00 GMT`.
  package var httpDate: String {
    // 1970-01-01, the day 0, was a Thursday.
    let (day, rest) = (microseconds / Timestamp.microsecondsPerDay, microseconds % Timestamp.microsecondsPerDay)
    let daysSinceEpoch = rest < 0 ? day - 1 : day
    let seconds =
      (microseconds - daysSinceEpoch * Timestamp.microsecondsPerDay) / Timestamp.microsecondsPerSecond
    let date = CivilDate(daysSinceEpoch: daysSinceEpoch)
    let weekday = Timestamp.days[Int((daysSinceEpoch % 7 + 7) % 7)]
    let month = Timestamp.months[Int(date.month) - 1]
    let time = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "\(weekday), \(date.day < 10 ? "0" : "")\(date.day) \(month) \(date.year) \(time.joined(separator: ":")) GMT"
  }
}
