import Foundation

/// What a command prints of one thing: fields in the order of a table's columns.
package struct OutputRow: Sendable {
  /// One field.
  package struct Field: Sendable {
    /// Its name in JSON: the Feature API's camelCase (docs/command-line.md).
    package var name: String
    /// Its heading in a table; nil: it is in the JSON only.
    package var heading: String?
    /// Its value.
    package var value: OutputValue
    /// What a table shows instead of the value.
    package var text: String?
  }

  /// The fields.
  package private(set) var fields: [Field] = []

  /// A row without fields.
  package init() {}

  /// Adds a field.
  package mutating func add(_ name: String, _ heading: String?, _ value: OutputValue, text: String? = nil) {
    fields.append(Field(name: name, heading: heading, value: value, text: text))
  }

  /// Gives a field that is in the JSON only a heading.
  package mutating func showInTable(_ name: String, as heading: String) {
    for position in fields.indices where fields[position].name == name { fields[position].heading = heading }
  }

  /// The row as a JSON object.
  package var object: OutputValue {
    .object(Dictionary(fields.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }))
  }
}

extension Console {
  /// Prints a listing: one JSON array, or a table.
  func show(_ rows: [OutputRow], asJSON: Bool, whenEmpty: String) throws {
    if asJSON {
      line(try Console.json(.list(rows.map(\.object))))
    } else if rows.isEmpty {
      note(whenEmpty)
    } else {
      line(TextTable(rows).text)
    }
  }

  /// Prints one thing: one JSON object, or a line for each field.
  func show(_ row: OutputRow, asJSON: Bool) throws {
    line(asJSON ? try Console.json(row.object) : TextTable(fieldsOf: row).text)
  }

  /// The canonical JSON of a value: one line, names sorted.
  package static func json(_ value: OutputValue) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
