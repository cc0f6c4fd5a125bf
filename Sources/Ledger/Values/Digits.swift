/// Hexadecimal digits as bytes.
enum Hexadecimal {
  /// The lowercase digit of a value below 16.
  @inline(__always)
  static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &- 10 &+ value
  }

  /// The eight lowercase digits of a value, as they are stored into memory: the highest one first.
  @inline(__always)
  static func digits(of value: UInt32) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var values = UInt64(value)
    values = (values | values << 16) & 0x0000_FFFF_0000_FFFF
    values = (values | values << 8) & 0x00FF_00FF_00FF_00FF
    values = (values | values << 4) & (0x0F &* ones)
    // Letters begin 39 bytes behind where digits end.
    let letters = (values &+ 6 &* ones) >> 4 & ones
    return (values &+ 0x30 &* ones &+ letters &* 39).bigEndian
  }

  /// The value of a lowercase digit, nil for anything else.
  @inline(__always)
  static func value(ofLowercase byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
    default: nil
    }
  }

  /// The value of eight lowercase digits that lie in memory as `digits` was loaded, the first one the highest; nil
  /// where one of them is none.
  @inline(__always)
  static func value(ofDigits digits: UInt64) -> UInt32? {
    let digits = UInt64(bigEndian: digits)
    let ones: UInt64 = 0x0101_0101_0101_0101
    // What each byte would stand for, were it a digit: letters have bit 6 set, and `a` is 1 in its lower half.
    let values = (digits & (0x0F &* ones)) &+ (digits >> 6 & ones) &* 9
    let letters = (values &+ 6 &* ones) >> 4 & ones
    // Only digits come out as they went in.
    guard values & (0xF0 &* ones) == 0, values &+ 0x30 &* ones &+ letters &* 39 == digits else { return nil }
    var packed = (values | values >> 4) & 0x00FF_00FF_00FF_00FF
    packed = (packed | packed >> 8) & 0x0000_FFFF_0000_FFFF
    return UInt32(truncatingIfNeeded: packed | packed >> 16)
  }

  /// The value of a digit in either case, nil for anything else.
  static func value(ofAnyCase byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
    default: value(ofLowercase: byte)
    }
  }
}

/// Decimal digits as bytes.
package enum DecimalDigits {
  /// What the digits write with which eight bytes begin, as they were loaded from memory, and how many those are.
  @inline(__always)
  static func value(ofDigits bytes: UInt64) -> (value: Int64, count: Int) {
    let bytes = UInt64(littleEndian: bytes)
    let ones: UInt64 = 0x0101_0101_0101_0101
    // The upper half of a digit is 3, also of the byte six above it. What a sum carries over goes to later bytes only, and
    // only the first that is no digit counts.
    let others = ((bytes ^ 0x30 &* ones) | ((bytes &+ 6 &* ones) ^ 0x30 &* ones)) & (0xF0 &* ones)
    let count = others.trailingZeroBitCount >> 3
    guard count > 0 else { return (0, 0) }
    // As if zeros stood in front.
    var value = bytes << UInt64(64 - 8 * count) & (0x0F &* ones)
    value = (value &* 10 &+ value >> 8) & 0x00FF_00FF_00FF_00FF
    value = (value &* 100 &+ value >> 16) & 0x0000_FFFF_0000_FFFF
    value = (value &* 10_000 &+ value >> 32) & 0xFFFF_FFFF
    return (Int64(value), count)
  }

  /// 10 to the power of `exponent`, which is 0 to 8.
  @inline(__always)
  static func power(_ exponent: Int) -> Int64 {
    switch exponent {
    case 0: 1
    case 1: 10
    case 2: 100
    case 3: 1_000
    case 4: 10_000
    case 5: 100_000
    case 6: 1_000_000
    case 7: 10_000_000
    default: 100_000_000
    }
  }

  /// Writes `number` where there is room for 24 bytes, and answers how many digits it has.
  package static func write(_ number: UInt64, to text: UnsafeMutablePointer<UInt8>) -> Int {
    guard number >= 100_000_000 else { return write(eight: number, to: text) }
    let (upper, lower) = number.quotientAndRemainder(dividingBy: 100_000_000)
    let count = write(upper, to: text)
    UnsafeMutableRawPointer(text + count).storeBytes(of: digits(of: lower) | zeros, as: UInt64.self)
    return count + 8
  }

  @inline(__always)
  private static func write(eight number: UInt64, to text: UnsafeMutablePointer<UInt8>) -> Int {
    let digits = digits(of: number)
    // Zero has one digit all the same.
    let leading = min(7, UInt64(littleEndian: digits).trailingZeroBitCount >> 3)
    let text = UnsafeMutableRawPointer(text)
    text.storeBytes(of: (UInt64(littleEndian: digits | zeros) >> UInt64(8 * leading)).littleEndian, as: UInt64.self)
    return 8 - leading
  }

  private static var zeros: UInt64 { 0x3030_3030_3030_3030 }

  /// The values of the eight digits of a number below 100,000,000 as they are stored into memory, the highest first.
  @inline(__always)
  private static func digits(of number: UInt64) -> UInt64 {
    // Two halves of four digits, then four of two, then eight of one, each divided at once: by a product and a shift.
    let (high, low) = number.quotientAndRemainder(dividingBy: 10_000)
    let fours = high | low << 32
    let hundreds = (fours &* 10_486) >> 20 & 0x0000_007F_0000_007F
    let twos = hundreds | (fours &- 100 &* hundreds) << 16
    let tens = (twos &* 103) >> 10 & 0x000F_000F_000F_000F
    return (tens | (twos &- 10 &* tens) << 8).littleEndian
  }

  /// Appends `number` with at least `digits` digits, leading zeros where it has fewer; at most 20.
  @inline(__always)
  static func append(_ number: UInt64, digits: Int = 1, to bytes: inout [UInt8]) {
    var count = 1
    var bound: UInt64 = 10
    while count < 20, count < digits || number >= bound {
      count += 1
      let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
      bound = overflow ? .max : next
    }
    bytes.append(contentsOf: repeatElement(0, count: count))
    var position = bytes.count
    var rest = number
    for _ in 0..<count {
      position -= 1
      bytes[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }
}
