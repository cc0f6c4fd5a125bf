package import Ledger
import TransparencyLog

/// One row of a table in RFC 4180: cells divided by commas, CR LF at the end, UTF-8.
///
/// A spreadsheet takes some texts for formulas, so a text that begins with `=`, `+`, `-`, `@`, a tab, CR or LF gets a
/// `'` in front; so does one that begins with `'`, which makes it reversible. All that is decided by bytes: `=` followed by
/// a combining accent is one character of Swift's, and so is CR LF. Numbers are never changed.
///
/// Row after row is written into the same memory, since a bundle has a row or two for every other line of its log.
package final class TableRow {
  private var start: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var count = 0
  private var isFirst = true
  /// The day of the last moment: rows come in the order of time.
  private var day = Timestamp.WrittenDay()

  /// Longer than nearly every row.
  private static let usualCapacity = 4_096
  /// More than the text of any number, id, moment or hash.
  private static let longestValue = 80

  /// A row without cells.
  package init() {
    capacity = TableRow.usualCapacity
    start = .allocate(capacity: capacity)
  }

  deinit {
    start.deallocate()
  }

  /// A cell of text; nil is an empty cell.
  package func add(_ text: String?) {
    divide()
    guard var text else { return }
    text.withUTF8 { add(utf8: $0) }
  }

  /// A cell with a whole number; nil is an empty cell.
  package func add(_ number: Int64?) {
    divide()
    guard let number else { return }
    put(number)
  }

  /// A cell with a whole number of credits; nil is an empty cell.
  func add(_ credits: Credits?) { add(credits?.value) }

  /// A cell with what is a number in another form; nil is an empty cell.
  package func add(number text: String?) { add(token: text) }

  /// A cell with a text that needs no marks, being one of our own words; nil is an empty cell.
  func add(token text: String?) {
    divide()
    guard var text else { return }
    text.withUTF8 { put($0) }
  }

  /// A cell with an id; nil is an empty cell.
  package func add<Kind>(_ id: Identifier<Kind>?) {
    divide()
    guard let id else { return }
    put(id)
  }

  /// A cell with a moment as lines write it; nil is an empty cell.
  func add(_ moment: Timestamp?) {
    divide()
    guard let moment else { return }
    put(moment)
  }

  /// A cell with a moment as FOCUS wants it: `YYYY-MM-DDThh:mm:ssZ`.
  package func add(second moment: Timestamp) {
    divide()
    put(moment)
    // What is behind the second is cut off.
    count -= Timestamp.canonicalByteCount - TableRow.secondByteCount
    start[count - 1] = UInt8(ascii: "Z")
  }

  private static let secondByteCount = 20

  /// A cell with a hash in hexadecimal digits.
  func add(_ hash: Digest) {
    divide()
    hash.writeHexadecimal(to: place(for: 2 * Digest.byteCount))
    count += 2 * Digest.byteCount
  }

  /// Cells that were written before.
  func add(_ cells: borrowing TableCells) {
    divide()
    cells.bytes.withUnsafeBufferPointer { put($0) }
  }

  /// Bytes of the cell that was begun last, which must not need quotes.
  func put(_ text: StaticString) {
    put(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// An id within the cell that was begun last.
  func put<Kind>(_ id: Identifier<Kind>) {
    id.write(to: place(for: TableRow.longestValue))
    count += Identifier<Kind>.textByteCount
  }

  /// Begins a cell, of which `put` writes the bytes.
  func begin() { divide() }

  /// The row with its end, in memory that is valid until the next cell begins a new one.
  package func finish() -> UnsafeRawBufferPointer {
    put("\r\n")
    return take()
  }

  /// The cells alone, in memory that is valid until the next one.
  func take() -> UnsafeRawBufferPointer {
    defer {
      count = 0
      isFirst = true
    }
    return UnsafeRawBufferPointer(start: start, count: count)
  }

  /// The row with these texts.
  package static func heading(_ names: [String]) -> [UInt8] {
    let row = TableRow()
    for name in names { row.add(name) }
    return Array(row.finish())
  }

  private func divide() {
    if !isFirst { put(UInt8(ascii: ",")) }
    isFirst = false
  }

  /// Memory for `room` bytes behind those that are there.
  @inline(__always)
  private func place(for room: Int) -> UnsafeMutablePointer<UInt8> {
    if capacity - count < room { grow(by: room) }
    return start + count
  }

  private func grow(by room: Int) {
    let larger = max(2 * capacity, count + room)
    let next = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    next.update(from: start, count: count)
    start.deallocate()
    start = next
    capacity = larger
  }

  @inline(__always)
  private func put(_ byte: UInt8) {
    place(for: 1).pointee = byte
    count += 1
  }

  private func put(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let first = bytes.baseAddress else { return }
    place(for: bytes.count).update(from: first, count: bytes.count)
    count += bytes.count
  }

  private func put(_ moment: Timestamp) {
    // A copy is written to, since access to what others can see is watched while it lasts.
    var day = day
    moment.write(to: place(for: TableRow.longestValue), after: &day)
    self.day = day
    count += Timestamp.canonicalByteCount
  }

  private func put(_ number: Int64) {
    if number < 0 { put(UInt8(ascii: "-")) }
    count += DecimalDigits.write(number.magnitude, to: place(for: TableRow.longestValue))
  }

  private func add(utf8 text: UnsafeBufferPointer<UInt8>) {
    let needsQuotes = text.contains(where: TableRow.isQuoted)
    if needsQuotes { put(UInt8(ascii: "\"")) }
    if let first = text.first, TableRow.isDangerous(first) { put(UInt8(ascii: "'")) }
    guard needsQuotes else { return put(text) }
    for byte in text {
      if byte == UInt8(ascii: "\"") { put(byte) }
      put(byte)
    }
    put(UInt8(ascii: "\""))
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
