/// The texts of RFC 3339 (a profile of ISO 8601) that a moment is written as and read from.
extension Timestamp {
  /// Canonical text, as in log lines: UTC with exactly six fractional digits, `2026-11-23T11:59:50.123456Z`.
  package var rfc3339: String {
    text(fractionDigits: Timestamp.canonicalFractionDigits)
  }

  /// UTC with exactly three fractional digits (rounded down), as the Feature API writes its `createdAt`
  /// (docs/feature-api.md): `2026-11-23T11:59:50.123Z`.
  package var millisecondText: String {
    text(fractionDigits: 3)
  }

  /// The moment written as canonical text: exactly what `rfc3339` writes for the years 0000 to 9999, nil for
  /// anything else.
  package init?(canonical text: some StringProtocol) {
    var scanner = DigitScanner(bytes: Array(text.utf8))
    guard let timestamp = Timestamp.canonical(from: &scanner), scanner.isAtEnd else { return nil }
    self = timestamp
  }

  /// The moment written as RFC 3339 text of any kind: `T` in either case or a space, a fraction of any length (digits
  /// after the sixth are dropped), `Z` in either case or an offset. Nil for anything else, for a leap second, and for
  /// a day that does not exist.
  package init?(rfc3339 text: some StringProtocol) {
    var scanner = DigitScanner(bytes: Array(text.utf8))
    guard let day = scanner.day(), scanner.take(anyOf: "Tt "), var time = scanner.timeOfDay() else { return nil }
    if scanner.take(anyOf: ".") {
      guard let fraction = scanner.fraction() else { return nil }
      time += fraction
    }
    if !scanner.take(anyOf: "Zz") {
      guard let offset = scanner.offset() else { return nil }
      time -= offset
    }
    guard scanner.isAtEnd else { return nil }
    self.init(microseconds: day.daysSinceEpoch * Timestamp.microsecondsPerDay + time)
  }

  /// Reads what `rfc3339` writes, for the years 0000 to 9999.
  static func canonical(from scanner: inout DigitScanner) -> Timestamp? {
    guard let day = scanner.day(), scanner.take(anyOf: "T"), let time = scanner.timeOfDay(),
      scanner.take(anyOf: "."), let fraction = scanner.number(digits: canonicalFractionDigits),
      scanner.take(anyOf: "Z")
    else { return nil }
    return Timestamp(microseconds: day.daysSinceEpoch * microsecondsPerDay + time + fraction)
  }

  /// Bytes of the canonical text of a year of four digits.
  package static let canonicalByteCount = 27

  /// Writes the canonical text where there is room for `canonicalByteCount` bytes. For moments within limits, which are
  /// all that a line can tell of; of others the year is cut to its last four digits.
  package func write(to text: UnsafeMutablePointer<UInt8>) {
    var day = WrittenDay()
    write(to: text, after: &day)
  }

  /// A day whose text was written before.
  package struct WrittenDay {
    fileprivate var days = Int64.min
    /// `YYYY-MM-DD` and what follows, as it lies in memory.
    fileprivate var text: (UInt64, UInt64) = (0, 0)

    /// None yet.
    package init() {}

    /// Makes it the day that many days after 1970-01-01.
    fileprivate mutating func write(_ days: Int64) {
      let date = CivilDate(daysSinceEpoch: days)
      self.days = days
      withUnsafeMutableBytes(of: &text) { buffer in
        func put(_ number: Int64, at offset: Int, digits: Int) {
          var rest = number
          for place in stride(from: offset + digits - 1, through: offset, by: -1) {
            buffer[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
          }
        }
        put(date.year, at: 0, digits: 4)
        buffer[4] = UInt8(ascii: "-")
        put(date.month, at: 5, digits: 2)
        buffer[7] = UInt8(ascii: "-")
        put(date.day, at: 8, digits: 2)
      }
    }
  }

  /// The same; `day` is that of the moment that was written before, and then of this one.
  package func write(to text: UnsafeMutablePointer<UInt8>, after day: inout WrittenDay) {
    func put(_ number: UInt32, at offset: Int) {
      let tens = number / 10
      text[offset] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: tens)
      text[offset + 1] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number &- 10 &* tens)
    }
    let (days, rest) = daysAndRest
    if day.days != days { day.write(days) }
    let bytes = UnsafeMutableRawPointer(text)
    // There is room for both, and what is behind the day is written next.
    bytes.storeBytes(of: day.text.0, as: UInt64.self)
    bytes.storeBytes(of: day.text.1, toByteOffset: 8, as: UInt64.self)
    let (seconds, fraction) = rest.quotientAndRemainder(dividingBy: Timestamp.microsecondsPerSecond)
    let (minutes, second) = UInt32(truncatingIfNeeded: seconds).quotientAndRemainder(dividingBy: 60)
    let (hour, minute) = minutes.quotientAndRemainder(dividingBy: 60)
    let (upper, rest4) = UInt32(truncatingIfNeeded: fraction).quotientAndRemainder(dividingBy: 10_000)
    let (middle, lower) = rest4.quotientAndRemainder(dividingBy: 100)
    text[10] = UInt8(ascii: "T")
    put(hour, at: 11)
    text[13] = UInt8(ascii: ":")
    put(minute, at: 14)
    text[16] = UInt8(ascii: ":")
    put(second, at: 17)
    text[19] = UInt8(ascii: ".")
    put(upper, at: 20)
    put(middle, at: 22)
    put(lower, at: 24)
    text[26] = UInt8(ascii: "Z")
  }

  private static let canonicalFractionDigits = 6

  private func text(fractionDigits: Int) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Timestamp.canonicalByteCount)
    appendText(to: &bytes, fractionDigits: fractionDigits)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the text with that many fractional digits, 1 to 6.
  func appendText(to bytes: inout [UInt8], fractionDigits: Int = 6) {
    let (days, rest) = daysAndRest
    let day = CivilDate(daysSinceEpoch: days)
    let seconds = rest / Timestamp.microsecondsPerSecond
    // No year of a log line is negative or has five digits; a damaged row's still gets a text of its own.
    if day.year < 0 { bytes.append(UInt8(ascii: "-")) }
    let year = day.year.magnitude
    DecimalDigits.append(year, digits: year > 9_999 ? 6 : 4, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    DecimalDigits.append(day.month.magnitude, digits: 2, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    DecimalDigits.append(day.day.magnitude, digits: 2, to: &bytes)
    bytes.append(UInt8(ascii: "T"))
    DecimalDigits.append((seconds / 3_600).magnitude, digits: 2, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    DecimalDigits.append((seconds / 60 % 60).magnitude, digits: 2, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    DecimalDigits.append((seconds % 60).magnitude, digits: 2, to: &bytes)
    bytes.append(UInt8(ascii: "."))
    var fraction = (rest % Timestamp.microsecondsPerSecond).magnitude
    for _ in fractionDigits..<Timestamp.canonicalFractionDigits { fraction /= 10 }
    DecimalDigits.append(fraction, digits: fractionDigits, to: &bytes)
    bytes.append(UInt8(ascii: "Z"))
  }
}

extension Timestamp: CustomStringConvertible {
  /// The canonical text.
  package var description: String {
    rfc3339
  }
}
