/// A JSON text in memory (RFC 8259), as it came: names in their order, numbers as they were written.
package indirect enum JSONValue: Sendable, Equatable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number; its text is kept, so that nothing passes through a floating-point number.
  case number(JSONNumber)
  /// A string.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object.
  case object(JSONObject)
}

/// The members of a JSON object in the order of the text.
package struct JSONObject: Sendable, Equatable {
  /// One member.
  package struct Member: Sendable, Equatable {
    /// Its name.
    package var name: String
    /// Its value.
    package var value: JSONValue

    /// A member.
    package init(name: String, value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// The members; no two have a name of the same bytes.
  package var members: [Member]

  /// An object of these members.
  package init(_ members: [Member] = []) {
    self.members = members
  }

  /// The value of the member whose name has these bytes; nil where there is none.
  ///
  /// Bytes, since Swift takes strings for equal that only look the same.
  package subscript(_ name: String) -> JSONValue? {
    members.first { $0.name.hasSameBytes(as: name) }?.value
  }
}

/// A number as it is written in a JSON text.
package struct JSONNumber: Sendable, Equatable {
  /// The digits, exactly as they came.
  package var text: String

  /// A number with that text, which must follow JSON's grammar.
  init(text: String) {
    self.text = text
  }

  /// The largest exponent that is looked at: no whole number of 64 bits needs more.
  private static let maximumExponent = 400

  /// The whole number that it stands for, however it is written (`1`, `1.0`, `10e-1`); nil where it is none, or does
  /// not fit 64 bits.
  package var integer: Int64? {
    var digits: [UInt8] = []
    var pointShift = 0
    var exponent = 0
    let bytes = Array(text.utf8)
    let isNegative = bytes.first == UInt8(ascii: "-")
    var position = isNegative ? 1 : 0
    var isFraction = false
    scan: while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "."): isFraction = true
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        guard let parsed = Int(String(decoding: bytes[(position + 1)...], as: UTF8.self)) else { return nil }
        exponent = parsed
        break scan
      default:
        digits.append(bytes[position])
        if isFraction { pointShift += 1 }
      }
      position += 1
    }
    return JSONNumber.integer(
      digits: digits, isNegative: isNegative, exponent: exponent, fractionDigits: pointShift)
  }

  private static func integer(
    digits: [UInt8], isNegative: Bool, exponent: Int, fractionDigits: Int
  ) -> Int64? {
    var digits = digits[...]
    digits = digits.drop { $0 == UInt8(ascii: "0") }
    guard !digits.isEmpty else { return 0 }
    guard abs(exponent) <= maximumExponent else { return nil }
    var shift = exponent - fractionDigits
    while shift < 0, digits.last == UInt8(ascii: "0") {
      digits.removeLast()
      shift += 1
    }
    guard shift >= 0, digits.count + shift <= 19 else { return nil }
    let text = (isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self) + String(repeating: "0", count: shift)
    return Int64(text)
  }
}

extension String {
  /// Whether both are the same bytes; `==` would also take canonically equivalent texts for equal.
  func hasSameBytes(as other: String) -> Bool {
    utf8.elementsEqual(other.utf8)
  }
}
