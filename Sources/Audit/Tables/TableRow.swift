/// One row of a table in RFC 4180: cells divided by commas, CR LF at the end, UTF-8.
///
/// A spreadsheet takes some texts for formulas, so a text that begins with `=`, `+`, `-`, `@`, a tab, CR or LF gets a
/// `'` in front; so does one that begins with `'`, which makes it reversible. All that is decided by bytes: `=` followed by
/// a combining accent is one character of Swift's, and so is CR LF. Numbers are never changed.
struct TableRow {
  private(set) var bytes: [UInt8] = []

  /// A cell of text; nil is an empty cell.
  mutating func add(_ text: String?) {
    divide()
    guard var text else { return }
    text.withUTF8 { add(utf8: $0) }
  }

  /// A cell with a whole number; nil is an empty cell.
  mutating func add(_ number: Int64?) {
    divide()
    guard let number else { return }
    bytes.append(contentsOf: String(number).utf8)
  }

  /// A cell with what is a number in another form.
  mutating func add(number text: String) {
    divide()
    bytes.append(contentsOf: text.utf8)
  }

  /// The row with its end. The next cell begins a new one.
  mutating func finish() -> [UInt8] {
    bytes.append(UInt8(ascii: "\r"))
    bytes.append(UInt8(ascii: "\n"))
    defer { bytes.removeAll(keepingCapacity: true) }
    isFirst = true
    return bytes
  }

  /// The row with these texts.
  static func heading(_ names: [String]) -> [UInt8] {
    var row = TableRow()
    for name in names { row.add(name) }
    return row.finish()
  }

  private var isFirst = true

  private mutating func divide() {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
  }

  private mutating func add(utf8 text: UnsafeBufferPointer<UInt8>) {
    let needsQuotes = text.contains(where: TableRow.isQuoted)
    if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
    if let first = text.first, TableRow.isDangerous(first) { bytes.append(UInt8(ascii: "'")) }
    guard needsQuotes else { return bytes.append(contentsOf: text) }
    for byte in text {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func isQuoted(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\r"), UInt8(ascii: "\n"): true
    default: false
    }
  }

  private static func isDangerous(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: "\t"),
      UInt8(ascii: "\r"), UInt8(ascii: "\n"), UInt8(ascii: "'"):
      true
    default: false
    }
  }
}
