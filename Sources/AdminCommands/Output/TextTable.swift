/// An aligned table for a terminal: columns two blanks apart, numbers to the right.
package struct TextTable: Sendable {
  /// The table, lines separated by line feeds, without one at the end.
  package let text: String

  /// Blanks between two columns.
  private static let gap = "  "

  /// A table of `rows` under the headings of the first one.
  package init(_ rows: [OutputRow]) {
    let headings = rows.first?.fields.compactMap(\.heading) ?? []
    let cells = rows.map { $0.fields.filter { $0.heading != nil }.map(Cell.init) }
    self.init([headings.map { Cell(text: $0, isNumber: false) }] + cells, headingsFollowNumbers: true)
  }

  /// A table of one thing: headings to the left, values to the right of them.
  package init(fieldsOf row: OutputRow) {
    let lines = row.fields.compactMap { field in
      field.heading.map { [Cell(text: $0, isNumber: false), Cell(text: Cell(field).text, isNumber: false)] }
    }
    self.init(lines, headingsFollowNumbers: false)
  }

  private struct Cell {
    var text: String
    var isNumber: Bool

    init(text: String, isNumber: Bool) {
      self.text = text
      self.isNumber = isNumber
    }

    init(_ field: OutputRow.Field) {
      text = TextTable.printable(field.text ?? field.value.text)
      if case .integer = field.value { isNumber = true } else { isNumber = false }
    }
  }

  /// Names come from people: a control character in one must not reach the terminal of whoever lists them.
  static func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      result.append(isControl(scalar) ? "\u{FFFD}" : scalar)
    }
    return String(result)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  private init(_ lines: [[Cell]], headingsFollowNumbers: Bool) {
    let columns = lines.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      lines.compactMap { $0.indices.contains(column) ? $0[column].text.count : nil }.max() ?? 0
    }
    let numbers = (0..<columns).map { column in
      headingsFollowNumbers && lines.dropFirst().contains { $0.indices.contains(column) && $0[column].isNumber }
    }
    text =
      lines.map { line in
        var result = ""
        for (column, cell) in line.enumerated() {
          let padding = String(repeating: " ", count: widths[column] - cell.text.count)
          let isLast = column == line.count - 1
          result += numbers[column] ? padding + cell.text : cell.text + (isLast ? "" : padding)
          if !isLast { result += TextTable.gap }
        }
        return result
      }.joined(separator: "\n")
  }
}
