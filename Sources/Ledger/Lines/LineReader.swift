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
struct LineReader {
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

  /// A field of the object that was opened last.
  @inline(__always)
  mutating func member<Value: LineValue>(_ name: StaticString) throws(LineError) -> Value {
    currentField = name
    if next == start || (next - 1).pointee != UInt8(ascii: "{") { try expect(",") }
    try expect("\"")
    try expect(name)
    try expect("\":")
    return try Value(from: &self)
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

  @inline(never)
  func error(_ reason: LineError.Reason) -> LineError {
    LineError(reason, field: currentField.description, offset: next - start)
  }

  @inline(never)
  private mutating func readHeaderField() throws(LineError) {
    switch headerFieldsRead {
    case 0: actor = try member("actor")
    case 1: at = try member("at")
    case 2: index = try member("index")
    case 3: log = try member("log")
    case 4: commitment = try member("private")
    default:
      let version: Int64 = try member("v")
      guard version == Line.version else { throw error(.unknownVersion) }
    }
    headerFieldsRead += 1
  }
}
