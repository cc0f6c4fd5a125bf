/// Finds a value's own text inside a JSON document, so that it can be kept exactly as it was received.
///
/// For documents that a JSON decoder has accepted; on anything else the answer is unspecified, but there is one. It does
/// not recurse, so nesting costs no stack.
struct JSONText {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  /// The text of the value that these keys lead to, or nil where there is none. Keys with escapes are not found.
  static func value(at path: [String], in document: [UInt8]) -> String? {
    var slice = document[...]
    for key in path {
      var scanner = JSONText(slice)
      guard let inner = scanner.member(key) else { return nil }
      slice = inner
    }
    return String(decoding: slice, as: UTF8.self)
  }

  private init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  private var current: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private mutating func member(_ key: String) -> ArraySlice<UInt8>? {
    skipBlanks()
    guard current == UInt8(ascii: "{") else { return nil }
    position += 1
    while true {
      skipBlanks()
      if current == UInt8(ascii: ",") {
        position += 1
        skipBlanks()
      }
      guard current == UInt8(ascii: "\"") else { return nil }
      let name = skipString()
      skipBlanks()
      guard current == UInt8(ascii: ":") else { return nil }
      position += 1
      skipBlanks()
      let start = position
      skipValue()
      guard position > start else { return nil }
      if name.elementsEqual(key.utf8) { return bytes[start..<position] }
    }
  }

  private mutating func skipBlanks() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  /// Skips a string and gives what stands between its quotes.
  private mutating func skipString() -> ArraySlice<UInt8> {
    position += 1
    let start = position
    while let byte = current, byte != UInt8(ascii: "\"") {
      position += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    let end = min(position, bytes.endIndex)
    position = min(position + 1, bytes.endIndex)
    return bytes[start..<end]
  }

  private mutating func skipValue() {
    var depth = 0
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        _ = skipString()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        position += 1
      case _ where depth > 0:
        position += 1
      default:
        skipScalar()
      }
      if depth <= 0 { return }
    }
  }

  private mutating func skipScalar() {
    while let byte = current, !(byte <= 0x20 || ",]}".utf8.contains(byte)) { position += 1 }
  }
}
