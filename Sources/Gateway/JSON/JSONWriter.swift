package import Ledger

/// Writes JSON in the order in which it is told to: answers keep the field order of the Feature API page
/// (docs/feature-api.md), which general encoders do not, and an answer costs no more than its bytes.
package struct JSONWriter {
  /// What was written so far.
  package private(set) var bytes: [UInt8] = []
  /// Whether a comma must stand before the next name or element.
  private var needsComma = false

  /// An empty text.
  /// - Parameter capacity: how many bytes there is room for at once: an answer of the usual size.
  package init(capacity: Int = 2_048) {
    bytes.reserveCapacity(capacity)
  }

  /// The text of one object.
  package static func text(_ write: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    writer.object(write)
    return writer.text
  }

  /// What was written so far, as text.
  package var text: String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// Writes an object; `write` writes its fields.
  package mutating func object(_ write: (inout JSONWriter) -> Void) {
    nest(UInt8(ascii: "{"), UInt8(ascii: "}"), write)
  }

  /// Writes an array; `write` writes its elements.
  package mutating func array(_ write: (inout JSONWriter) -> Void) {
    nest(UInt8(ascii: "["), UInt8(ascii: "]"), write)
  }

  /// Writes a name and its colon; a value must follow.
  package mutating func name(_ name: String) {
    string(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a string.
  package mutating func string(_ text: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    // Nearly every text has nothing to escape, and then its bytes are taken as one piece.
    if JSONWriter.needsEscape(text) {
      for byte in text.utf8 {
        if JSONWriter.needsEscape(byte) { escape(byte) } else { bytes.append(byte) }
      }
    } else {
      bytes.append(contentsOf: text.utf8)
    }
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  private static func needsEscape(_ text: String) -> Bool {
    // Over the bytes in place: walking through the text's own view of them was the larger part of writing it.
    let isFound = text.utf8.withContiguousStorageIfAvailable { bytes in
      for byte in bytes where needsEscape(byte) { return true }
      return false
    }
    return isFound ?? text.utf8.contains(where: needsEscape)
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  /// Writes a whole number.
  package mutating func integer(_ number: Int64) {
    elements(upTo: Self.numberBytes) { text in
      if number < 0 { text.pointee = UInt8(ascii: "-") }
      let sign = number < 0 ? 1 : 0
      return sign + DecimalDigits.write(number.magnitude, to: text + sign)
    }
  }

  /// Room for a whole number: a sign, and what its digits are written in.
  private static let numberBytes = 25

  /// Writes one or more elements that `write` makes itself, with the commas between them.
  /// - Parameters:
  ///   - count: how many bytes there is room for; none: there are no elements.
  ///   - write: gets the first byte, and answers how many it wrote.
  package mutating func elements(upTo count: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Int) {
    guard count > 0 else { return }
    separate()
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: count))
    let used = bytes.withUnsafeMutableBufferPointer { bytes in bytes.baseAddress.map { write($0 + start) } ?? 0 }
    bytes.removeLast(count - used)
    needsComma = true
  }

  /// Writes a part of a value as it is; the caller sees to commas.
  package mutating func fragment(_ json: String) {
    bytes.append(contentsOf: json.utf8)
    needsComma = false
  }

  /// Writes `true` or `false`.
  package mutating func bool(_ value: Bool) {
    raw(value ? "true" : "false")
  }

  /// Writes `null`.
  package mutating func null() {
    raw("null")
  }

  /// Writes a text that is JSON already.
  package mutating func raw(_ json: String) {
    separate()
    bytes.append(contentsOf: json.utf8)
    needsComma = true
  }

  /// Writes a value that was read.
  package mutating func value(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .bool(let value): bool(value)
    case .number(let number): raw(number.text)
    case .string(let text): string(text)
    case .array(let elements): array { writer in for element in elements { writer.value(element) } }
    case .object(let object):
      self.object { writer in
        for member in object.members {
          writer.name(member.name)
          writer.value(member.value)
        }
      }
    }
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
  }

  private mutating func nest(_ open: UInt8, _ close: UInt8, _ write: (inout JSONWriter) -> Void) {
    separate()
    bytes.append(open)
    needsComma = false
    write(&self)
    bytes.append(close)
    needsComma = true
  }

  private mutating func escape(_ byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    default:
      bytes.append(contentsOf: "u00".utf8)
      for digit in [byte >> 4, byte & 0xF] {
        bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      }
    }
  }
}

extension JSONWriter {
  /// Writes a field that is an object.
  package mutating func object(_ name: String, _ write: (inout JSONWriter) -> Void) {
    self.name(name)
    object(write)
  }

  /// Writes a field that is an array.
  package mutating func array(_ name: String, _ write: (inout JSONWriter) -> Void) {
    self.name(name)
    array(write)
  }

  /// Writes a field that is a string, or null.
  package mutating func field(_ name: String, _ text: String?) {
    self.name(name)
    if let text { string(text) } else { null() }
  }

  /// Writes a field that is a whole number, or null.
  package mutating func field(_ name: String, _ number: Int64?) {
    self.name(name)
    if let number { integer(number) } else { null() }
  }

  /// Writes a field that is a whole number.
  package mutating func field(_ name: String, _ number: Int) {
    field(name, Int64(number))
  }

  /// Writes a field that is true or false.
  package mutating func field(_ name: String, _ value: Bool) {
    self.name(name)
    bool(value)
  }

  /// Writes a field of credits, or null: an amount of none means no limit.
  package mutating func field(_ name: String, _ credits: Credits?) {
    field(name, credits?.value)
  }

  /// Writes a field that is a moment with milliseconds, as in the Feature API, or null.
  package mutating func field(_ name: String, _ moment: Timestamp?) {
    field(name, moment?.millisecondText)
  }

  /// Writes a field that is null.
  package mutating func nullField(_ name: String) {
    self.name(name)
    null()
  }

  /// Writes a field whose value is a text that is JSON already.
  package mutating func field(_ name: String, json: String) {
    self.name(name)
    raw(json)
  }
}
