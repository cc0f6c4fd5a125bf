extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
  /// The code, the SQLSTATE, the statement's name and the constraint: fit for any log. A fault of the settings is named too.
  package var description: String {
    var text = "PostgreSQL: \(code), \(outcome)"
    if code == .settings { text += ": \(reason)" }
    if let sqlState { text += ", SQLSTATE \(sqlState)" }
    if let statementName { text += ", statement \"\(statementName)\"" }
    if let pipelineIndex { text += ", number \(pipelineIndex) of its pipeline" }
    if let constraintName { text += ", constraint \(constraintName)" }
    return text
  }

  /// The description and everything else that holds no values.
  package var debugDescription: String {
    var text = code == .settings ? description : description + ": " + reason
    guard let report else { return text }
    for (label, value) in report.fieldsWithoutValues { text += "; \(label): \(value)" }
    return text
  }
}
