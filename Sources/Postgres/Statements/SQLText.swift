/// Names and texts in the few statements that take no parameters, such as `CREATE ROLE`.
package enum SQLText {
  /// A name in double quotes.
  package static func identifier(_ name: String) -> String { quoted(name, by: "\"") }

  /// A text in single quotes. It must have no backslash when the session's `standard_conforming_strings` is off, which it is
  /// not by default since PostgreSQL 9.1.
  package static func literal(_ text: String) -> String { quoted(text, by: "'") }

  private static func quoted(_ text: String, by quote: Unicode.Scalar) -> String {
    var result = String.UnicodeScalarView([quote])
    for scalar in text.unicodeScalars {
      if scalar == quote { result.append(quote) }
      result.append(scalar)
    }
    result.append(quote)
    return String(result)
  }
}
