/// Reads a header value of the form `value; name=token; name="quoted"`, on bytes.
struct HeaderFields {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// The value before the first semicolon, in lower case.
  mutating func readValue() -> String {
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: ";") { position += 1 }
    return Self.lowercased(Self.trimmed(bytes[start..<position]))
  }

  /// The next parameter, its name in lower case; nil at the end, and at anything that is not a parameter.
  mutating func readParameter() -> (name: String, value: String)? {
    while position < bytes.count, Self.isBlank(bytes[position]) || bytes[position] == UInt8(ascii: ";") {
      position += 1
    }
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "="), bytes[position] != UInt8(ascii: ";") {
      position += 1
    }
    guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else { return nil }
    let name = Self.lowercased(Self.trimmed(bytes[start..<position]))
    position += 1
    while position < bytes.count, Self.isBlank(bytes[position]) { position += 1 }
    let value = position < bytes.count && bytes[position] == UInt8(ascii: "\"") ? readQuoted() : readToken()
    return (name, value)
  }

  private mutating func readToken() -> String {
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: ";") { position += 1 }
    return String(decoding: Self.trimmed(bytes[start..<position]), as: UTF8.self)
  }

  private mutating func readQuoted() -> String {
    position += 1
    var value: [UInt8] = []
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      // Old browsers send `C:\photos\cat.png` unescaped: only a quote or another backslash is taken for escaped.
      if bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count,
        bytes[position + 1] == UInt8(ascii: "\"") || bytes[position + 1] == UInt8(ascii: "\\")
      {
        position += 1
      }
      value.append(bytes[position])
      position += 1
    }
    while position < bytes.count, bytes[position] != UInt8(ascii: ";") { position += 1 }
    return String(decoding: value, as: UTF8.self)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  static func trimmed(_ slice: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var slice = slice.drop(while: isBlank)
    while let last = slice.last, isBlank(last) { slice.removeLast() }
    return slice
  }

  static func lowercased(_ slice: ArraySlice<UInt8>) -> String {
    String(decoding: slice.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}
