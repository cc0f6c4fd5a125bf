/// A value that a command prints: the same one for people's tables and for scripts' JSON.
package enum OutputValue: Hashable, Sendable {
  /// A text.
  case string(String)
  /// A whole number; there are no others in Tally.
  case integer(Int64)
  /// Yes or no.
  case boolean(Bool)
  /// Nothing: an unlimited limit, a time that never comes.
  case null
  /// Several values.
  case list([OutputValue])
  /// Named values.
  case object([String: OutputValue])

  /// A text, or null.
  static func optional(_ text: String?) -> OutputValue {
    text.map { .string($0) } ?? .null
  }

  /// A whole number, or null.
  static func optional(_ number: Int64?) -> OutputValue {
    number.map { .integer($0) } ?? .null
  }

  /// How a person reads it in a table's cell.
  var text: String {
    switch self {
    case .string(let value): value
    case .integer(let value): String(value)
    case .boolean(let value): value ? "yes" : "no"
    case .null: "-"
    case .list(let values): values.map(\.text).joined(separator: ",")
    case .object(let values): values.keys.sorted().map { "\($0)=\(values[$0]?.text ?? "-")" }.joined(separator: " ")
    }
  }
}

extension OutputValue: Encodable {
  /// Encodes it as the JSON value that it stands for; null is written, never left out.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .string(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .boolean(let value): try container.encode(value)
    case .null: try container.encodeNil()
    case .list(let values): try container.encode(values)
    case .object(let values): try container.encode(values)
    }
  }
}
