/// Hexadecimal digits as bytes.
enum Hexadecimal {
  /// The lowercase digit of a value below 16.
  @inline(__always)
  static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &- 10 &+ value
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

  /// The value of a digit in either case, nil for anything else.
  static func value(ofAnyCase byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
    default: value(ofLowercase: byte)
    }
  }
}

/// Decimal digits as bytes.
enum DecimalDigits {
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
