/// The canonical bytes of one log line: UTF-8 JSON, ASCII keys sorted bytewise, no spaces, integers only
/// (docs/audit.md, one log per team). The stored bytes are the exported line and the hashed leaf, and they are
/// permanent: a field or an action may be added under a new `v`, never changed.
package enum Line {
  /// The format version that each line's `v` has.
  package static let version: Int64 = 1

  /// The longest line, in bytes: 64 KiB. The longest that the ledger writes has about 2 KiB; the bound keeps a reader
  /// of foreign bytes within its memory.
  package static let byteCountMaximum = 65_536

  /// The bytes of the line that tells of `event`, without a line feed.
  package static func write(_ event: Event, _ header: LineHeader) -> [UInt8] {
    var writer = LineWriter(header: header)
    writer.open()
    writer.member("action", event.action)
    event.write(to: &writer)
    writer.finish()
    return writer.bytes
  }

  /// What a line tells. Exactly the bytes that `write` makes are taken: writing the result again gives the same bytes.
  ///
  /// Throws a `LineError` that names the field and the byte.
  package static func parse(_ bytes: [UInt8]) throws(LineError) -> (LineHeader, Event) {
    try bytes.withUnsafeBufferPointer { buffer throws(LineError) in
      var reader = LineReader(buffer)
      return try parse(&reader, byteCount: buffer.count)
    }
  }

  /// The same for a line that lies in a larger buffer and is one of many of its log: `texts` has what the lines before
  /// it had.
  package static func parse(
    _ bytes: UnsafeRawBufferPointer, texts: LineTexts
  ) throws(LineError) -> (LineHeader, Event) {
    let buffer = bytes.assumingMemoryBound(to: UInt8.self)
    defer { withExtendedLifetime(texts) {} }
    var reader = LineReader(buffer, texts: texts.known)
    return try parse(&reader, byteCount: buffer.count)
  }

  @inline(__always)
  private static func parse(_ reader: inout LineReader, byteCount: Int) throws(LineError) -> (LineHeader, Event) {
    let event = try Event(action(&reader, byteCount: byteCount), from: &reader)
    let header = try reader.finish()
    return (header, event)
  }
}
