/// A `uuid` value: 16 bytes, compared and hashed as such.
package struct PostgresUUID: PostgresScalar, Hashable, Comparable, CustomStringConvertible {
  // Two halves and no UInt128: on x86-64, Swift 6.3 returns wrongly from an async function among whose arguments on the stack
  // there is a UInt128 and an odd number of other words.
  private var high: UInt64
  private var low: UInt64

  /// The 16 bytes as one number, the first byte the most significant.
  package var bits: UInt128 {
    get { UInt128(high) << 64 | UInt128(low) }
    set { self = Self(bits: newValue) }
  }

  /// - Parameter bits: the 16 bytes as one number, the first byte the most significant.
  package init(bits: UInt128) {
    high = UInt64(truncatingIfNeeded: bits >> 64)
    low = UInt64(truncatingIfNeeded: bits)
  }

  /// Reads the canonical text, 8-4-4-4-12 hexadecimal digits in either case (RFC 9562), nothing else.
  package init?(_ text: some StringProtocol) {
    var bits: UInt128 = 0
    var position = 0
    for byte in text.utf8 {
      if position == 8 || position == 13 || position == 18 || position == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
      } else {
        guard position < 36, let digit = Self.hexDigit(byte) else { return nil }
        bits = bits << 4 | UInt128(digit)
      }
      position += 1
    }
    guard position == 36 else { return nil }
    self.init(bits: bits)
  }

  /// The canonical text in lower case.
  package var description: String {
    String(unsafeUninitializedCapacity: 36) { buffer in
      var rest = bits
      for position in stride(from: 35, through: 0, by: -1) {
        if position == 8 || position == 13 || position == 18 || position == 23 {
          buffer[position] = UInt8(ascii: "-")
        } else {
          let digit = UInt8(truncatingIfNeeded: rest & 15)
          buffer[position] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
          rest >>= 4
        }
      }
      return 36
    }
  }

  package static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }

  package static var postgresType: PostgresType { .uuid }

  package func encode(into buffer: inout [UInt8]) { buffer.appendBigEndian(bits) }

  package static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Self {
    try cell.expect(.uuid)
    return Self(bits: try cell.integer())
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
