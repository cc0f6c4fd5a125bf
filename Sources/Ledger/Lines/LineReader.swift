/// Reads canonical bytes and nothing else. Each event asks for its fields in sorted order; the header's are taken from
/// between them. Since every byte is either given by the schema or part of a value with only one form, what it accepts
/// is exactly what `LineWriter` writes.
struct LineReader {
  private let bytes: [UInt8]
  private var position = 0
  private var currentField: StaticString = "line"
  private var nextHeaderField = 0
  private var actor = Actor.system
  private var at = Timestamp.epoch
  private var index: Int64 = 0
  private var log = ""
  private var commitment = Digest32.zero

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// A field of the event itself, after the header's fields that sort before it.
  @inline(__always)
  mutating func field<Value: LineValue>(_ name: StaticString) throws(LineError) -> Value {
    while nextHeaderField < HeaderField.names.count, HeaderField.precedes(HeaderField.names[nextHeaderField], name) {
      try readHeaderField()
    }
    return try member(name)
  }

  /// A field of the object that was opened last.
  @inline(__always)
  mutating func member<Value: LineValue>(_ name: StaticString) throws(LineError) -> Value {
    currentField = name
    if position == 0 || bytes[position - 1] != UInt8(ascii: "{") { try expect(",") }
    try expect("\"")
    try expect(name)
    try expect("\":")
    return try Value(from: &self)
  }

  mutating func open() throws(LineError) {
    try expect("{")
  }

  mutating func close() throws(LineError) {
    try expect("}")
  }

  /// The header's remaining fields and the end of the line.
  mutating func finish() throws(LineError) -> LineHeader {
    while nextHeaderField < HeaderField.names.count { try readHeaderField() }
    try close()
    guard position == bytes.count else { throw error(.notCanonical) }
    return LineHeader(log: log, index: index, at: at, actor: actor, private: commitment)
  }

  /// The end of a text without a header.
  func end() throws(LineError) {
    guard position == bytes.count else { throw error(.notCanonical) }
  }

  /// Takes exactly these bytes.
  @inline(__always)
  mutating func expect(_ literal: StaticString) throws(LineError) {
    guard take(literal) else { throw error(.notCanonical) }
  }

  /// Takes these bytes if they come next.
  @inline(__always)
  mutating func take(_ literal: StaticString) -> Bool {
    let count = literal.utf8CodeUnitCount
    guard count <= bytes.count - position else { return false }
    for offset in 0..<count where bytes[position + offset] != literal.utf8Start[offset] {
      return false
    }
    position += count
    return true
  }

  /// An integer from 0 to 2^53 - 1 in its only form: no sign, no leading zero, no fraction, no exponent.
  mutating func integer() throws(LineError) -> Int64 {
    let start = position
    var value: Int64 = 0
    while position < bytes.count, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10 {
      // 2^53 - 1 has 16 digits, so 17 cannot overflow before they are refused.
      guard position - start < 17 else { throw error(.badValue) }
      value = value * 10 + Int64(digit)
      position += 1
    }
    guard position > start else { throw error(.notCanonical) }
    guard position == start + 1 || bytes[start] != UInt8(ascii: "0") else { throw error(.notCanonical) }
    guard value <= Credits.maximum.value else { throw error(.badValue) }
    return value
  }

  mutating func uuid() throws(LineError) -> UInt128 {
    guard UUIDText.byteCount <= bytes.count - position else { throw error(.notCanonical) }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for offset in 0..<UUIDText.byteCount {
      let byte = bytes[position + offset]
      if UUIDText.isDash(at: offset) {
        guard byte == UInt8(ascii: "-") else { throw error(.badValue) }
      } else {
        guard let digit = Hexadecimal.value(ofLowercase: byte) else { throw error(.badValue) }
        high = high << 4 | low >> 60
        low = low << 4 | UInt64(digit)
      }
    }
    position += UUIDText.byteCount
    return UInt128(high) << 64 | UInt128(low)
  }

  mutating func timestamp() throws(LineError) -> Timestamp {
    var scanner = DigitScanner(bytes: bytes, position: position)
    guard let timestamp = Timestamp.canonical(from: &scanner), timestamp.isWithinLimits else {
      throw error(.badValue)
    }
    position = scanner.position
    return timestamp
  }

  mutating func hexadecimal() throws(LineError) -> Digest32 {
    guard 2 * Digest32.byteCount <= bytes.count - position else { throw error(.notCanonical) }
    var digest = Digest32.zero
    for offset in 0..<Digest32.byteCount {
      guard let high = Hexadecimal.value(ofLowercase: bytes[position + 2 * offset]),
        let low = Hexadecimal.value(ofLowercase: bytes[position + 2 * offset + 1])
      else { throw error(.badValue) }
      digest.setByte(at: offset, to: high << 4 | low)
    }
    position += 2 * Digest32.byteCount
    return digest
  }

  /// A token up to the closing quote, which is taken too.
  mutating func tokenAndQuote() throws(LineError) -> String {
    let start = position
    while position < bytes.count, Token.admits(bytes[position]) { position += 1 }
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\""), Token.admits(count: position - start) else {
      throw error(.badValue)
    }
    position += 1
    return String(decoding: bytes[start..<position - 1], as: UTF8.self)
  }

  func error(_ reason: LineError.Reason) -> LineError {
    LineError(reason, field: currentField.description, offset: position)
  }

  private mutating func readHeaderField() throws(LineError) {
    let name = HeaderField.names[nextHeaderField]
    switch nextHeaderField {
    case 0: actor = try member(name)
    case 1: at = try member(name)
    case 2: index = try member(name)
    case 3: log = try member(name)
    case 4: commitment = try member(name)
    default:
      let version: Int64 = try member(name)
      guard version == Line.version else { throw error(.unknownVersion) }
    }
    nextHeaderField += 1
  }
}
