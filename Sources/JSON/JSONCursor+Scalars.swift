extension JSONCursor {
  /// Reads a string.
  package mutating func string() throws(MalformedJSON) -> String {
    guard take(UInt8(ascii: "\"")) else { throw MalformedJSON() }
    let start = position
    skipPlain()
    if take(UInt8(ascii: "\"")) { return String(decoding: bytes[start..<(position - 1)], as: UTF8.self) }
    var decoded = Array(bytes[start..<position])
    while true {
      if take(UInt8(ascii: "\"")) { return String(decoding: decoded, as: UTF8.self) }
      guard take(UInt8(ascii: "\\")) else { throw MalformedJSON() }
      try escape(into: &decoded)
      let start = position
      skipPlain()
      decoded.append(contentsOf: bytes[start..<position])
    }
  }

  /// Reads `true` or `false`.
  package mutating func bool() throws(MalformedJSON) -> Bool {
    let value = next == UInt8(ascii: "t")
    try word(value ? "true" : "false")
    return value
  }

  /// Reads a number: the whole number that it stands for, nil where it is none or does not fit 64 bits.
  package mutating func integer() throws(MalformedJSON) -> Int64? {
    let start = position
    try skipNumber()
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    // `1.0` and `1e3` are whole numbers too; those that a double cannot hold are written without a point by everybody.
    return Int64(text) ?? Double(text).flatMap { Int64(exactly: $0) }
  }

  mutating func skipString() throws(MalformedJSON) {
    guard take(UInt8(ascii: "\"")) else { throw MalformedJSON() }
    skipPlain()
    while !take(UInt8(ascii: "\"")) {
      guard take(UInt8(ascii: "\\")) else { throw MalformedJSON() }
      var decoded: [UInt8] = []
      try escape(into: &decoded)
      skipPlain()
    }
  }

  mutating func skipNumber() throws(MalformedJSON) {
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
  }

  mutating func word(_ word: StaticString) throws(MalformedJSON) {
    let end = position + word.utf8CodeUnitCount
    guard end <= bytes.count else { throw MalformedJSON() }
    let matches = word.withUTF8Buffer { bytes[position..<end].elementsEqual($0) }
    guard matches else { throw MalformedJSON() }
    position = end
  }

  var next: UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  /// Goes on to the next quote, backslash or control character.
  private mutating func skipPlain() {
    while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
  }

  private mutating func digits() throws(MalformedJSON) {
    let start = position
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    guard position > start else { throw MalformedJSON() }
  }

  /// Reads an escape behind its backslash.
  private mutating func escape(into decoded: inout [UInt8]) throws(MalformedJSON) {
    guard let byte = next else { throw MalformedJSON() }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(byte)
    case UInt8(ascii: "b"): decoded.append(0x08)
    case UInt8(ascii: "f"): decoded.append(0x0C)
    case UInt8(ascii: "n"): decoded.append(0x0A)
    case UInt8(ascii: "r"): decoded.append(0x0D)
    case UInt8(ascii: "t"): decoded.append(0x09)
    case UInt8(ascii: "u"): decoded.append(contentsOf: String(Character(try scalar())).utf8)
    default: throw MalformedJSON()
    }
  }

  private mutating func scalar() throws(MalformedJSON) -> Unicode.Scalar {
    let first = try fourDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    // Half of a character of two, which nothing can be made of without the other half.
    guard (0xD800..<0xDC00).contains(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
      throw MalformedJSON()
    }
    let second = try fourDigits()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw MalformedJSON() }
    return scalar
  }

  private mutating func fourDigits() throws(MalformedJSON) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Self.hexadecimalValue(byte) else { throw MalformedJSON() }
      code = code << 4 | digit
      position += 1
    }
    return code
  }

  private static func hexadecimalValue(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}
