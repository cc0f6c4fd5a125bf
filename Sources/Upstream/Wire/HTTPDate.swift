/// The date format that HTTP wants sent, for example `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7). Of its
/// two obsolete formats nothing is to be expected here.
enum HTTPDate {
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// Seconds since 1970 in UTC, or nil where the text is no such date. The name of the day is not looked at.
  static func seconds(_ text: String) -> Int? {
    let words = text.utf8.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    guard words.count == 6, words[5] == "GMT", let day = number(words[1], digits: 2, in: 1...31),
      let month = months.firstIndex(of: words[2]), let year = number(words[3], digits: 4, in: 1970...9999)
    else { return nil }
    let clock = words[4].utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    // 60 is a leap second.
    guard clock.count == 3, let hour = number(clock[0], digits: 2, in: 0...23),
      let minute = number(clock[1], digits: 2, in: 0...59), let second = number(clock[2], digits: 2, in: 0...60)
    else { return nil }
    return ((days(year: year, month: month + 1, day: day) * 24 + hour) * 60 + minute) * 60 + second
  }

  private static func number(_ text: String, digits: Int, in range: ClosedRange<Int>) -> Int? {
    guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(text),
      range.contains(value)
    else { return nil }
    return value
  }

  /// Days since 1970-01-01 in the Gregorian calendar. A year is counted from March, so that a leap day comes last.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let marchYear = month > 2 ? year : year - 1
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return marchYear * 365 + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - 719_468
  }
}
