/// Base64 as RFC 4648, section 4, has it: the standard alphabet, with padding.
///
/// Reading is strict. Every sequence of bytes has exactly one text, so that a note or proof cannot be changed without
/// changing what it says: no line breaks, no missing padding, no bits beyond the last byte.
package enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")
  /// What each character stands for; 0xFF for what is no character of the alphabet.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 0xFF, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()

  /// The text of `bytes`.
  package static func encode(_ bytes: [UInt8]) -> String {
    let alphabet = Base64.alphabet
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var start = 0
    while start < bytes.count {
      let count = min(3, bytes.count - start)
      var group: UInt32 = 0
      for position in 0..<3 {
        group = group << 8 | (position < count ? UInt32(bytes[start + position]) : 0)
      }
      for position in 0..<4 {
        text.append(position <= count ? alphabet[Int(group >> UInt32(18 - 6 * position)) & 0x3F] : padding)
      }
      start += 3
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes that `text` writes; nil where it is not exactly what `encode` makes of them.
  package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    let count = text.count
    guard count % 4 == 0 else { return nil }
    let values = Base64.values
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count / 4 * 3)
    var bits: UInt32 = 0
    var characterCount = 0
    var paddingCount = 0
    for character in text {
      let value = values[Int(character)]
      if value != 0xFF {
        guard paddingCount == 0 else { return nil }
        bits = bits << 6 | UInt32(value)
      } else {
        // Padding takes the place of the last one or two characters only.
        guard character == padding, characterCount >= count - 2 else { return nil }
        bits <<= 6
        paddingCount += 1
      }
      characterCount += 1
      guard characterCount % 4 == 0 else { continue }
      let unused = UInt32(1) << UInt32(8 * paddingCount) - 1
      guard bits & unused == 0 else { return nil }
      for position in 0..<(3 - paddingCount) {
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(16 - 8 * position)))
      }
      bits = 0
    }
    return bytes
  }
}
