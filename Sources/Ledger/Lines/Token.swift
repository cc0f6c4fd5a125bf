/// The texts that may stand in a line: names of models, sizes, time zones and logs. Printable ASCII without quote,
/// backslash and space, so that no text has two forms and none needs escaping.
package enum Token {
  /// The longest token, in bytes: a log's origin is a host name (at most 253), a slash and a UUID.
  package static let byteCountMaximum = 320

  /// Whether `text` may stand in a line.
  package static func isValid(_ text: String) -> Bool {
    admits(count: text.utf8.count) && text.utf8.allSatisfy(admits)
  }

  static func admits(count: Int) -> Bool {
    count >= 1 && count <= byteCountMaximum
  }

  @inline(__always)
  static func admits(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }
}
