/// What the server says in an error or a notice: every field of the protocol's ErrorResponse that is of use
/// (PostgreSQL's documentation, "Error and Notice Message Fields"). A class, so that an error stays small.
package final class ServerReport: Sendable {
  /// `ERROR`, `FATAL`, `PANIC`, `WARNING`, `NOTICE`, …, never translated.
  package let severity: String
  /// The SQLSTATE of five characters, empty when the report comes from libpq itself.
  package let sqlState: String
  /// The primary message. Class 22 quotes the input in it.
  package let message: String
  /// Further detail, which often quotes values of rows.
  package let detail: String?
  /// What to do about it.
  package let hint: String?
  /// Where in the SQL text the error is, in characters from 1.
  package let position: Int?
  /// The call stack inside the server.
  package let context: String?
  /// The schema, table, column, data type and constraint that the report is about.
  package let schemaName: String?, tableName: String?, columnName: String?, dataType: String?, constraintName: String?

  /// A report with these fields.
  /// - Parameter field: reads one field by the protocol's letter.
  package init(field: (_ letter: Character) -> String?) {
    severity = field("V") ?? field("S") ?? ""
    sqlState = field("C") ?? ""
    message = field("M") ?? ""
    detail = field("D")
    hint = field("H")
    position = field("P").flatMap { Int($0) }
    context = field("W")
    schemaName = field("s")
    tableName = field("t")
    columnName = field("c")
    dataType = field("d")
    constraintName = field("n")
  }

  /// Whether the server ends the connection after this report.
  var isFatal: Bool { severity == "FATAL" || severity == "PANIC" }

  /// Whether it is a warning, as opposed to a notice or an error.
  package var isWarning: Bool { severity == "WARNING" }

  /// All fields that never quote a value, for logs.
  var fieldsWithoutValues: [(label: String, value: String)] {
    // Class 22 (data exception) repeats the input in its message, and detail and context quote rows and parameters.
    let quotesInput = sqlState.utf8.starts(with: "22".utf8)
    let fields: [(String, String?)] = [
      ("severity", severity), ("message", quotesInput ? nil : message), ("hint", hint),
      ("position", position.map { String($0) }), ("schema", schemaName), ("table", tableName), ("column", columnName),
      ("type", dataType),
    ]
    return fields.compactMap { label, value in value.map { (label, $0) } }
  }
}
