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
    guard bytes.count <= byteCountMaximum else {
      throw LineError(.tooLong, field: "line", offset: byteCountMaximum)
    }
    var reader = LineReader(bytes: bytes)
    try reader.open()
    let action: Action = try reader.member("action")
    let event = try Event(action, from: &reader)
    let header = try reader.finish()
    return (header, event)
  }
}
