/// Values that have one form each, read from their bytes.
extension LineReader {
  /// An integer from 0 to 2^53 - 1 in its only form: no sign, no leading zero, no fraction, no exponent.
  @inline(__always)
  mutating func integer() throws(LineError) -> Int64 {
    if rest >= 8 {
      // Up to seven digits at once, as most numbers have.
      let (value, count) = DecimalDigits.value(ofDigits: UnsafeRawPointer(next).loadUnaligned(as: UInt64.self))
      if count == 1 || (0 < count && count < 8 && next.pointee != UInt8(ascii: "0")) {
        next += count
        return value
      }
    }
    return try anyInteger()
  }

  /// The same for a number of any length, and for what is none.
  @inline(never)
  private mutating func anyInteger() throws(LineError) -> Int64 {
    let first = next
    var (value, count): (Int64, Int) = (0, 0)
    if rest >= 16 {
      // Eight digits at once, and eight more behind them.
      let text = UnsafeRawPointer(first)
      (value, count) = DecimalDigits.value(ofDigits: text.loadUnaligned(as: UInt64.self))
      if count == 8 {
        let more = DecimalDigits.value(ofDigits: text.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        value = value &* DecimalDigits.power(more.count) &+ more.value
        count += more.count
      }
    }
    var place = first + count
    while place < end, case let digit = place.pointee &- UInt8(ascii: "0"), digit < 10 {
      value = value &* 10 &+ Int64(digit)
      place += 1
      // 2^53 - 1 has 16 digits, so 17 cannot overflow before they are refused.
      if place - first > 17 { break }
    }
    next = place
    guard place - first <= 17 else { throw error(.badValue) }
    guard next > first else { throw error(.notCanonical) }
    guard next == first + 1 || first.pointee != UInt8(ascii: "0") else { throw error(.notCanonical) }
    guard value <= Credits.maximum.value else { throw error(.badValue) }
    return value
  }

  mutating func uuid() throws(LineError) -> UInt128 {
    guard UUIDText.byteCount <= rest else { throw error(.notCanonical) }
    let text = UnsafeRawPointer(next)
    func four(_ offset: Int) -> UInt64 { UInt64(text.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
    func eight(_ offset: Int) -> UInt64 { text.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
    let dash = UInt8(ascii: "-")
    guard next[8] == dash, next[13] == dash, next[18] == dash, next[23] == dash,
      let first = Hexadecimal.value(ofDigits: eight(0)),
      let second = Hexadecimal.value(ofDigits: four(9) | four(14) << 32),
      let third = Hexadecimal.value(ofDigits: four(19) | four(24) << 32),
      let fourth = Hexadecimal.value(ofDigits: eight(28))
    else { throw error(.badValue) }
    next += UUIDText.byteCount
    return UInt128(UInt64(first) << 32 | UInt64(second)) << 64 | UInt128(UInt64(third) << 32 | UInt64(fourth))
  }

  mutating func hexadecimal() throws(LineError) -> Digest32 {
    guard 2 * Digest32.byteCount <= rest else { throw error(.notCanonical) }
    let text = UnsafeRawPointer(next)
    func word(_ place: Int) -> UInt64? {
      guard
        let high = Hexadecimal.value(ofDigits: text.loadUnaligned(fromByteOffset: 16 * place, as: UInt64.self)),
        let low = Hexadecimal.value(ofDigits: text.loadUnaligned(fromByteOffset: 16 * place + 8, as: UInt64.self))
      else { return nil }
      return UInt64(high) << 32 | UInt64(low)
    }
    guard let first = word(0), let second = word(1), let third = word(2), let fourth = word(3) else {
      throw error(.badValue)
    }
    next += 2 * Digest32.byteCount
    return Digest32(words: (first, second, third, fourth))
  }

  mutating func timestamp() throws(LineError) -> Timestamp {
    guard let timestamp = texts?.timestamp(next, rest) ?? readTimestamp(), timestamp.isWithinLimits else {
      throw error(.badValue)
    }
    next += Timestamp.canonicalByteCount
    return timestamp
  }

  /// `YYYY-MM-DDThh:mm:ss.ffffffZ`, a day that exists.
  private func readTimestamp() -> Timestamp? {
    guard rest >= Timestamp.canonicalByteCount else { return nil }
    var isDigits = true
    func number(_ offset: Int, _ count: Int) -> Int64 {
      var number: Int64 = 0
      for place in offset..<offset + count {
        let digit = next[place] &- UInt8(ascii: "0")
        isDigits = isDigits && digit < 10
        number = number &* 10 &+ Int64(digit)
      }
      return number
    }
    let date = CivilDate(year: number(0, 4), month: number(5, 2), day: number(8, 2))
    let hour = number(11, 2)
    let minute = number(14, 2)
    let second = number(17, 2)
    let microsecond = number(20, 6)
    guard isDigits, next[4] == UInt8(ascii: "-"), next[7] == UInt8(ascii: "-"), next[10] == UInt8(ascii: "T"),
      next[13] == UInt8(ascii: ":"), next[16] == UInt8(ascii: ":"), next[19] == UInt8(ascii: "."),
      next[26] == UInt8(ascii: "Z"), date.isValid, hour < 24, minute < 60, second < 60
    else { return nil }
    let seconds = date.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second
    let timestamp = Timestamp(microseconds: seconds * Timestamp.microsecondsPerSecond + microsecond)
    texts?.note(timestamp, next)
    return timestamp
  }

  /// A token up to the closing quote, which is taken too.
  mutating func tokenAndQuote() throws(LineError) -> String {
    if let texts, let known = texts.string(next, rest) {
      next += known.utf8.count + 1
      return known
    }
    let first = next
    while next < end, Token.admits(next.pointee) { next += 1 }
    guard next < end, next.pointee == UInt8(ascii: "\""), Token.admits(count: next - first) else {
      throw error(.badValue)
    }
    let text = UnsafeBufferPointer(start: first, count: next - first)
    next += 1
    let string = String(decoding: text, as: UTF8.self)
    texts?.note(string, text)
    return string
  }
}
