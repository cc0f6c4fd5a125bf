/// The few texts of JSON that a bundle's own files are made of.
enum JSONText {
  /// A number or null.
  static func optional(_ number: Int64?) -> String {
    number.map(String.init) ?? "null"
  }

  /// A text that needs no escape, or null.
  static func optional(_ text: String?) -> String {
    text.map { "\"\($0)\"" } ?? "null"
  }

  /// The text of a string as `JSONString` writes it, without its quotes; nil for any other.
  static func string(_ escaped: ArraySlice<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(escaped.count)
    var position = escaped.startIndex
    while position < escaped.endIndex {
      let byte = escaped[position]
      position += 1
      guard byte == UInt8(ascii: "\\") else {
        guard byte >= 0x20, byte != UInt8(ascii: "\"") else { return nil }
        bytes.append(byte)
        continue
      }
      guard position < escaped.endIndex else { return nil }
      let kind = escaped[position]
      position += 1
      if kind == UInt8(ascii: "\"") || kind == UInt8(ascii: "\\") {
        bytes.append(kind)
      } else {
        guard kind == UInt8(ascii: "u"), escaped.endIndex - position >= 4,
          let code = UInt8(String(decoding: escaped[position..<position + 4], as: UTF8.self), radix: 16), code < 0x20
        else { return nil }
        bytes.append(code)
        position += 4
      }
    }
    return bytes
  }
}
