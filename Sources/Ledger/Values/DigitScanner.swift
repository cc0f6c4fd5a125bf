/// Reads the parts of an RFC 3339 text from its bytes, one after the other. Bytes, not Characters: a combining mark
/// behind a digit must not hide.
struct DigitScanner {
  private let bytes: [UInt8]

  /// Where the next byte is taken from.
  private(set) var position: Int

  init(bytes: [UInt8], position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  var isAtEnd: Bool {
    position == bytes.count
  }

  /// Takes the next byte if it is one of `characters` (ASCII).
  mutating func take(anyOf characters: StaticString) -> Bool {
    guard position < bytes.count else { return false }
    for index in 0..<characters.utf8CodeUnitCount where characters.utf8Start[index] == bytes[position] {
      position += 1
      return true
    }
    return false
  }

  /// Exactly that many decimal digits.
  mutating func number(digits: Int) -> Int64? {
    guard position + digits <= bytes.count else { return nil }
    var number: Int64 = 0
    for byte in bytes[position..<position + digits] {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      number = number * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    position += digits
    return number
  }

  /// `YYYY-MM-DD`, a day that exists.
  mutating func day() -> CivilDate? {
    guard let year = number(digits: 4), take(anyOf: "-"), let month = number(digits: 2), take(anyOf: "-"),
      let day = number(digits: 2)
    else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    return date.isValid ? date : nil
  }

  /// `hh:mm:ss` in microseconds.
  mutating func timeOfDay() -> Int64? {
    guard let hour = number(digits: 2), hour < 24, take(anyOf: ":"), let minute = number(digits: 2), minute < 60,
      take(anyOf: ":"), let second = number(digits: 2), second < 60
    else { return nil }
    return (hour * 3_600 + minute * 60 + second) * Timestamp.microsecondsPerSecond
  }

  /// One digit or more as a fraction of a second, in microseconds, rounded down.
  mutating func fraction() -> Int64? {
    guard var fraction = number(digits: 1) else { return nil }
    var taken = 1
    while let digit = number(digits: 1) {
      if taken < 6 { fraction = fraction * 10 + digit }
      taken += 1
    }
    while taken < 6 {
      fraction *= 10
      taken += 1
    }
    return fraction
  }

  /// `+hh:mm` or `-hh:mm` in microseconds.
  mutating func offset() -> Int64? {
    let isWest = take(anyOf: "-")
    guard isWest || take(anyOf: "+"), let hour = number(digits: 2), hour < 24, take(anyOf: ":"),
      let minute = number(digits: 2), minute < 60
    else { return nil }
    let offset = (hour * 3_600 + minute * 60) * Timestamp.microsecondsPerSecond
    return isWest ? -offset : offset
  }
}
