/// Whoever takes what the lines of a log tell, one after the other.
///
/// Nearly all lines of a log are holds and settlements. They are handed over as what they are: an `Event` has room for the
/// largest of all events, and would be copied on its way as often as it is passed on.
package protocol LineTaker {
  /// Takes a hold. Throws what the taker wants.
  mutating func take(_ event: EditHeld, _ header: LineHeader) throws
  /// Takes a settlement. Throws what the taker wants.
  mutating func take(_ event: EditSettled, _ header: LineHeader) throws
  /// Takes any other event. Throws what the taker wants.
  mutating func take(_ event: Event, _ header: LineHeader) throws
}

extension Line {
  /// Hands over what a line tells, which lies in a larger buffer and is one of many of its log: `texts` has what the lines
  /// before it had.
  ///
  /// Throws a `LineError` that names the field and the byte, and what `taker` throws.
  package static func read(
    _ bytes: UnsafeRawBufferPointer, texts: LineTexts, into taker: inout some LineTaker
  ) throws {
    defer { withExtendedLifetime(texts) {} }
    var reader = LineReader(bytes.assumingMemoryBound(to: UInt8.self), texts: texts.known)
    switch try action(&reader, byteCount: bytes.count) {
    case .editHeld:
      let event = try EditHeld(from: &reader)
      try taker.take(event, reader.finish())
    case .editSettled:
      let event = try EditSettled(from: &reader)
      try taker.take(event, reader.finish())
    case let action:
      let event = try Event(action, from: &reader)
      try taker.take(event, reader.finish())
    }
  }

  /// Reads the beginning of a line.
  @inline(__always)
  static func action(_ reader: inout LineReader, byteCount: Int) throws(LineError) -> Action {
    guard byteCount <= byteCountMaximum else {
      throw LineError(.tooLong, field: "line", offset: byteCountMaximum)
    }
    try reader.open()
    return try reader.member("action")
  }
}
