#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads canonical bytes and nothing else. Each event asks for its fields in sorted order; the header's are taken from
/// between them. Since every byte is either given by the schema or part of a value with only one form, what it accepts
/// is exactly what `LineWriter` writes.
///
/// It reads where the bytes lie, which must stay there meanwhile: whoever checks a log reads hundreds of thousands of
/// lines a second. Literals are compared by `memcmp`, of which the compiler makes a few words' comparison.
struct LineReader: ~Copyable {
  let start: UnsafePointer<UInt8>
  let end: UnsafePointer<UInt8>
  /// Where the next byte is taken from.
  var next: UnsafePointer<UInt8>
  /// What the lines before had; nil for a single line.
  let texts: LineTexts.Known?
  private var currentField: StaticString = "line"
  private var headerFieldsRead = 0
  private var actor = Actor.system
  private var at = Timestamp.epoch
  private var index: Int64 = 0
  private var log = ""
  private var commitment = Digest32.zero

  /// A reader of the bytes that `buffer` points to, for as long as they lie there.
  init(_ buffer: UnsafeBufferPointer<UInt8>, texts: LineTexts.Known? = nil) {
    start = buffer.baseAddress ?? LineReader.nothing
    end = start + buffer.count
    next = start
    self.texts = texts
  }

  /// Where the buffer of no bytes begins: any place will do, since none is read.
  private static var nothing: UnsafePointer<UInt8> { ("" as StaticString).utf8Start }

  /// How many bytes are left.
  @inline(__always)
  var rest: Int { end - next }

  /// A field of the event itself, after the header's fields that sort before it.
  @inline(__always)
  mutating func field<Value: LineValue>(_ name: StaticString) throws(LineError) -> Value {
    let before = HeaderField.count(before: name)
    while headerFieldsRead < before { try readHeaderField() }
    return try member(name)
  }

  /// The same without the value, which comes next, for the events of which nearly all lines tell: the caller says which of the
  /// header's fields sorts before the name, and the compiler makes a few words' comparison of all.
  @inline(__always)
  mutating func begin(_ name: StaticString, after header: HeaderField) throws(LineError) {
    assert(HeaderField.count(before: name) == header.rawValue)
    while headerFieldsRead < header.rawValue { try readHeaderField() }
    try begin(member: name)
  }

  /// A field that only some lines of an action have; nil where it is not the next one.
  mutating func fieldIfThere<Value: LineValue>(_ name: StaticString) throws(LineError) -> Value? {
    let before = HeaderField.count(before: name)
    while headerFieldsRead < before { try readHeaderField() }
    let place = next
    guard take(",\""), take(name), take("\":") else {
      next = place
      return nil
    }
    currentField = name
    return try Value(from: &self)
  }

  /// A field of the object that was opened last.
  @inline(__always)
  mutating func member<Value: LineValue>(_ name: StaticString) throws(LineError) -> Value {
    try begin(member: name)
    return try Value(from: &self)
  }

  /// The same without the value.
  @inline(__always)
  mutating func begin(member name: StaticString) throws(LineError) {
    currentField = name
    if next == start || (next - 1).pointee != UInt8(ascii: "{") { try expect(",") }
    // Name and marks at once: one question instead of four, most of whose answers are the same.
    let count = name.utf8CodeUnitCount
    guard count + 3 <= rest, next[0] == UInt8(ascii: "\""), memcmp(next + 1, name.utf8Start, count) == 0,
      next[count + 1] == UInt8(ascii: "\""), next[count + 2] == UInt8(ascii: ":")
    else { throw mismatch(name) }
    next += count + 3
  }

  @inline(__always)
  mutating func open() throws(LineError) {
    try expect("{")
  }

  @inline(__always)
  mutating func close() throws(LineError) {
    try expect("}")
  }

  /// The header's remaining fields and the end of the line.
  mutating func finish() throws(LineError) -> LineHeader {
    while headerFieldsRead < HeaderField.all { try readHeaderField() }
    try close()
    try ended()
    return LineHeader(log: log, index: index, at: at, actor: actor, private: commitment)
  }

  /// Throws unless all bytes were read.
  func ended() throws(LineError) {
    guard next == end else { throw error(.notCanonical) }
  }

  /// Takes exactly these bytes.
  @inline(__always)
  mutating func expect(_ literal: StaticString) throws(LineError) {
    guard take(literal) else { throw error(.notCanonical) }
  }

  /// Takes these bytes if they come next.
  @inline(__always)
  mutating func take(_ literal: StaticString) -> Bool {
    let count = literal.utf8CodeUnitCount
    guard count <= rest, memcmp(next, literal.utf8Start, count) == 0 else { return false }
    next += count
    return true
  }

  /// The error where a field of this name does not come next, at the first part of it that is not there.
  @inline(never)
  private mutating func mismatch(_ name: StaticString) -> LineError {
    if take("\"") { _ = take(name) }
    return error(.notCanonical)
  }

  @inline(never)
  func error(_ reason: LineError.Reason) -> LineError {
    LineError(reason, field: currentField.description, offset: next - start)
  }

  @inline(never)
  private mutating func readHeaderField() throws(LineError) {
    switch headerFieldsRead {
    case 0:
      try begin(member: "actor")
      actor = try Actor(from: &self)
    case 1:
      try begin(member: "at")
      at = try Timestamp(from: &self)
    case 2:
      try begin(member: "index")
      index = try integer()
    case 3:
      try begin(member: "log")
      log = try String(from: &self)
    case 4:
      try begin(member: "private")
      commitment = try Digest32(from: &self)
    default:
      try begin(member: "v")
      guard try integer() == Line.version else { throw error(.unknownVersion) }
    }
    headerFieldsRead += 1
  }
}
