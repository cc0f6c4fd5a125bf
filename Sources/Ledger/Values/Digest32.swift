/// A hash of 32 bytes, as text 64 lowercase hexadecimal digits.
///
/// The ledger only carries such values, it never computes one: the private commitment `sha256(salt || payload)` of a
/// line comes in with the command (docs/audit.md).
package struct Digest32: Hashable, Sendable {
  /// How many bytes it has.
  package static let byteCount = 32

  /// The bytes in four big-endian words: a value without a heap allocation.
  var words: (UInt64, UInt64, UInt64, UInt64)

  init(words: (UInt64, UInt64, UInt64, UInt64)) {
    self.words = words
  }

  /// The hash with these bytes; nil unless there are exactly 32.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Digest32.byteCount else { return nil }
    words = (0, 0, 0, 0)
    for (position, byte) in bytes.enumerated() {
      setByte(at: position, to: byte)
    }
  }

  /// The same for bytes that are an array already: compiled for arrays, it needs no look-up of types as the general one does when it
  /// is called from another module, and every request's key passes it.
  package init?(bytes: [UInt8]) {
    guard bytes.count == Digest32.byteCount else { return nil }
    words = (0, 0, 0, 0)
    for position in 0..<Digest32.byteCount { setByte(at: position, to: bytes[position]) }
  }

  /// The hash written as `hex`: 64 lowercase hexadecimal digits; nil for anything else.
  package init?(_ hex: some StringProtocol) {
    words = (0, 0, 0, 0)
    var position = 0
    var high: UInt8 = 0
    for digit in hex.utf8 {
      guard position < 2 * Digest32.byteCount, let value = Hexadecimal.value(ofLowercase: digit) else { return nil }
      if position.isMultiple(of: 2) {
        high = value << 4
      } else {
        setByte(at: position / 2, to: high | value)
      }
      position += 1
    }
    guard position == 2 * Digest32.byteCount else { return nil }
  }

  /// 32 zero bytes: stands where there is no private payload in tests; no SHA-256 value is known to be it.
  package static let zero = Digest32(words: (0, 0, 0, 0))

  /// The 32 bytes.
  package var bytes: [UInt8] {
    (0..<Digest32.byteCount).map(byte(at:))
  }

  @inline(__always)
  func byte(at position: Int) -> UInt8 {
    let word =
      switch position >> 3 {
      case 0: words.0
      case 1: words.1
      case 2: words.2
      default: words.3
      }
    return UInt8(truncatingIfNeeded: word >> UInt64(56 - (position & 7) << 3))
  }

  @inline(__always)
  mutating func setByte(at position: Int, to byte: UInt8) {
    let part = UInt64(byte) << UInt64(56 - (position & 7) << 3)
    switch position >> 3 {
    case 0: words.0 |= part
    case 1: words.1 |= part
    case 2: words.2 |= part
    default: words.3 |= part
    }
  }

  /// Whether two hashes have the same bytes.
  package static func == (left: Digest32, right: Digest32) -> Bool {
    left.words == right.words
  }

  /// Feeds the bytes into `hasher`.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }
}

extension Digest32: CustomStringConvertible {
  /// 64 lowercase hexadecimal digits.
  package var description: String {
    String(unsafeUninitializedCapacity: 2 * Digest32.byteCount) { buffer in
      for position in 0..<Digest32.byteCount {
        let byte = byte(at: position)
        buffer[2 * position] = Hexadecimal.digit(byte >> 4)
        buffer[2 * position + 1] = Hexadecimal.digit(byte & 0xF)
      }
      return 2 * Digest32.byteCount
    }
  }
}
