/// Walks through a JSON text (RFC 8259) once, from front to back, and makes values only of what it is asked for: what an
/// answer of forty fields costs is then its bytes, and the four fields that decide something.
///
/// All of the text is checked, also what is skipped, so what has been walked to its end was JSON. Made from bytes that
/// are not UTF-8, it finds nothing but a fault.
package struct JSONCursor {
  /// How deep arrays and objects may be nested: the bound keeps the stack small.
  package static let maximumDepth = 128

  /// What the next value is.
  package enum Kind: Sendable, Equatable {
    /// `null`
    case null
    /// `true` or `false`
    case bool
    /// A number.
    case number
    /// A string.
    case string
    /// An array.
    case array
    /// An object.
    case object
  }

  let bytes: [UInt8]
  var position = 0
  private var depth = 0

  /// A cursor at the beginning of a text.
  /// - Throws: where the bytes are not UTF-8.
  package init(_ bytes: [UInt8]) throws(MalformedJSON) {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw MalformedJSON() }
    self.bytes = bytes
    skipBlanks()
  }

  /// What the next value is, as far as its first byte tells.
  package var kind: Kind {
    switch next {
    case UInt8(ascii: "n"): .null
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
    case UInt8(ascii: "\""): .string
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "{"): .object
    default: .number
    }
  }

  /// Reads an object. `member` is told each name and has to walk over exactly one value.
  ///
  /// A name that is not plain ASCII is told as an empty text: no name that anybody asks for is another one, and Swift
  /// takes some texts of other bytes for equal.
  package mutating func object(
    _ member: (_ name: String, _ cursor: inout JSONCursor) throws(MalformedJSON) -> Void
  ) throws(MalformedJSON) {
    try open(UInt8(ascii: "{"))
    if close(UInt8(ascii: "}")) { return }
    repeat {
      skipBlanks()
      let name = try string()
      skipBlanks()
      guard take(UInt8(ascii: ":")) else { throw MalformedJSON() }
      skipBlanks()
      try member(name.utf8.allSatisfy { $0 < 0x80 } ? name : "", &self)
      skipBlanks()
    } while take(UInt8(ascii: ","))
    guard close(UInt8(ascii: "}")) else { throw MalformedJSON() }
  }

  /// Reads an array. `element` has to walk over exactly one value each time.
  package mutating func array(
    _ element: (_ cursor: inout JSONCursor) throws(MalformedJSON) -> Void
  ) throws(MalformedJSON) {
    try open(UInt8(ascii: "["))
    if close(UInt8(ascii: "]")) { return }
    repeat {
      skipBlanks()
      try element(&self)
      skipBlanks()
    } while take(UInt8(ascii: ","))
    guard close(UInt8(ascii: "]")) else { throw MalformedJSON() }
  }

  /// Walks over a value of any kind.
  /// - Returns: its own text, as it was received.
  @discardableResult
  package mutating func skip() throws(MalformedJSON) -> ArraySlice<UInt8> {
    let start = position
    switch kind {
    case .null: try word("null")
    case .bool: try word(next == UInt8(ascii: "t") ? "true" : "false")
    case .string: try skipString()
    case .number: try skipNumber()
    case .array: try array { (cursor) throws(MalformedJSON) in try cursor.skip() }
    case .object: try object { (_, cursor) throws(MalformedJSON) in try cursor.skip() }
    }
    return bytes[start..<position]
  }

  /// Says that the text has to be over.
  package mutating func end() throws(MalformedJSON) {
    skipBlanks()
    guard position == bytes.count else { throw MalformedJSON() }
  }

  private mutating func open(_ byte: UInt8) throws(MalformedJSON) {
    guard take(byte), depth < Self.maximumDepth else { throw MalformedJSON() }
    depth += 1
    skipBlanks()
  }

  private mutating func close(_ byte: UInt8) -> Bool {
    guard take(byte) else { return false }
    depth -= 1
    return true
  }
}

/// A text is no JSON, or not what was asked for. It carries nothing of the text.
package struct MalformedJSON: Error, Sendable {
  /// The fault.
  package init() {}
}
