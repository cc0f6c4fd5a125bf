/// The text form of 16 bytes: 8-4-4-4-12 hexadecimal digits (RFC 9562, section 4).
enum UUIDText {
  /// Digits and dashes together.
  static let byteCount = 36

  /// Whether a dash stands at this position of the text.
  @inline(__always)
  static func isDash(at position: Int) -> Bool {
    position == 8 || position == 13 || position == 18 || position == 23
  }

  /// Calls `put` with each position and its byte, in order, digits in lowercase.
  @inline(__always)
  static func write(_ bits: UInt128, _ put: (Int, UInt8) -> Void) {
    var shift = 128
    for position in 0..<byteCount {
      if isDash(at: position) {
        put(position, UInt8(ascii: "-"))
      } else {
        shift -= 4
        put(position, Hexadecimal.digit(UInt8(truncatingIfNeeded: bits >> UInt128(shift)) & 0xF))
      }
    }
  }
}
