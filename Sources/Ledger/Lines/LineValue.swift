/// A value that has exactly one form in a line.
protocol LineValue {
  /// Reads it; throws where the bytes are not exactly what `write(to:)` writes.
  init(from reader: inout LineReader) throws(LineError)

  /// Writes it.
  func write(to writer: inout LineWriter)
}

extension Optional: LineValue where Wrapped: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    self = reader.take("null") ? nil : try Wrapped(from: &reader)
  }

  func write(to writer: inout LineWriter) {
    if let self {
      self.write(to: &writer)
    } else {
      writer.literal("null")
    }
  }
}

extension Array: LineValue where Element: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    self = []
    try reader.expect("[")
    guard !reader.take("]") else { return }
    // Most are the budgets of an edit: at most three.
    reserveCapacity(3)
    repeat {
      append(try Element(from: &reader))
    } while reader.take(",")
    try reader.expect("]")
  }

  func write(to writer: inout LineWriter) {
    writer.byte(UInt8(ascii: "["))
    for (position, element) in enumerated() {
      if position > 0 { writer.byte(UInt8(ascii: ",")) }
      element.write(to: &writer)
    }
    writer.byte(UInt8(ascii: "]"))
  }
}

extension Bool: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    if reader.take("true") {
      self = true
    } else {
      try reader.expect("false")
      self = false
    }
  }

  func write(to writer: inout LineWriter) {
    writer.literal(self ? "true" : "false")
  }
}

extension Int64: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    self = try reader.integer()
  }

  func write(to writer: inout LineWriter) {
    writer.integer(self)
  }
}

extension Int: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    self = Int(try reader.integer())
  }

  func write(to writer: inout LineWriter) {
    writer.integer(Int64(self))
  }
}

/// A text: a token, see `Token`.
extension String: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    try reader.expect("\"")
    self = try reader.tokenAndQuote()
  }

  func write(to writer: inout LineWriter) {
    writer.quoted { $0.escaped(self) }
  }
}

/// An id of any kind, where the field beside it tells the kind.
extension UInt128: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    try reader.expect("\"")
    self = try reader.uuid()
    try reader.expect("\"")
  }

  func write(to writer: inout LineWriter) {
    writer.quoted { $0.uuid(self) }
  }
}
