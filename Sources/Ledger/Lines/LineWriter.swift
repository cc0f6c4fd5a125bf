/// Writes canonical bytes. Events name their fields in sorted order; the header's are put between them.
struct LineWriter {
  private(set) var bytes: [UInt8] = []
  private let header: LineHeader
  private var nextHeaderField = 0

  /// About the length of a hold's line, so that the buffer seldom grows.
  private static let usualByteCount = 1_536

  init(header: LineHeader) {
    self.header = header
    bytes.reserveCapacity(LineWriter.usualByteCount)
  }

  /// A writer of a text without a header, of about that many bytes: only `member` names its fields.
  init(byteCount: Int) {
    header = LineHeader(log: "", index: 0, at: .epoch, actor: .system, private: .zero)
    bytes.reserveCapacity(byteCount)
  }

  /// A field of the event itself, with the header's fields that sort before it.
  @inline(__always)
  mutating func field(_ name: StaticString, _ value: some LineValue) {
    let before = HeaderField.count(before: name)
    while nextHeaderField < before { writeHeaderField() }
    member(name, value)
  }

  /// A field of the object that was opened last.
  @inline(__always)
  mutating func member(_ name: StaticString, _ value: some LineValue) {
    if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
    bytes.append(UInt8(ascii: "\""))
    literal(name)
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    value.write(to: &self)
  }

  mutating func open() {
    bytes.append(UInt8(ascii: "{"))
  }

  mutating func close() {
    bytes.append(UInt8(ascii: "}"))
  }

  /// The header's remaining fields and the end of the line.
  mutating func finish() {
    while nextHeaderField < HeaderField.all { writeHeaderField() }
    close()
  }

  mutating func literal(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func byte(_ byte: UInt8) {
    bytes.append(byte)
  }

  mutating func integer(_ value: Int64) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    DecimalDigits.append(value.magnitude, to: &bytes)
  }

  mutating func uuid(_ bits: UInt128) {
    UUIDText.write(bits) { _, byte in bytes.append(byte) }
  }

  mutating func quoted(_ body: (inout LineWriter) -> Void) {
    bytes.append(UInt8(ascii: "\""))
    body(&self)
    bytes.append(UInt8(ascii: "\""))
  }

  mutating func timestamp(_ value: Timestamp) {
    value.appendText(to: &bytes)
  }

  mutating func hexadecimal(_ digest: Digest32) {
    for position in 0..<Digest32.byteCount {
      let byte = digest.byte(at: position)
      bytes.append(Hexadecimal.digit(byte >> 4))
      bytes.append(Hexadecimal.digit(byte & 0xF))
    }
  }

  /// The text with what JSON demands escaped. The ledger admits only tokens, which need none of it; whatever else came
  /// here must still not end the string early.
  mutating func escaped(_ text: String) {
    if text.utf8.allSatisfy(Token.admits) {
      bytes.append(contentsOf: text.utf8)
      return
    }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0..<0x20, 0x7F:
        literal("\\u00")
        bytes.append(Hexadecimal.digit(byte >> 4))
        bytes.append(Hexadecimal.digit(byte & 0xF))
      default:
        bytes.append(byte)
      }
    }
  }

  private mutating func writeHeaderField() {
    let name = HeaderField.names[nextHeaderField]
    switch nextHeaderField {
    case 0: member(name, header.actor)
    case 1: member(name, header.at)
    case 2: member(name, header.index)
    case 3: member(name, header.log)
    case 4: member(name, header.private)
    default: member(name, Line.version)
    }
    nextHeaderField += 1
  }
}
