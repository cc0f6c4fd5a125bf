/// Everything that can go wrong between this module and a PostgreSQL server.
///
/// `description` is fit for any log: the code, the SQLSTATE, the statement's name, the constraint. `debugDescription` adds what
/// the server said. Neither holds a parameter's value or a password: where the server quotes values by its nature (`detail`, and
/// the message of class 22, which repeats the input), they are left out and can only be read from the properties.
package struct PostgresError: Error, Sendable {
  /// What kind of failure it is.
  package let code: Code
  /// What is known about the effect of what was sent.
  package var outcome: Outcome
  /// The name of the statement that failed, where one did.
  package var statementName: String?
  /// Which statement of the pipeline failed, counted from 0.
  package var pipelineIndex: Int?
  /// What this module itself has to say, never with values.
  package let reason: String
  /// The server's report, where there is one.
  package let report: ServerReport?

  /// - Parameters:
  ///   - code: the kind of failure.
  ///   - outcome: what is known about the effect.
  ///   - reason: a sentence without values or secrets.
  ///   - report: what the server said.
  package init(
    _ code: Code, outcome: Outcome, reason: String, report: ServerReport? = nil, statementName: String? = nil,
    pipelineIndex: Int? = nil
  ) {
    self.code = code
    self.outcome = outcome
    self.reason = reason
    self.report = report
    self.statementName = statementName
    self.pipelineIndex = pipelineIndex
  }

  /// A value that does not have the form that the caller asked for. What the statement did is not known here, so that
  /// nobody takes it for undone.
  init(decoding reason: String) {
    self.init(.decoding, outcome: .unknown, reason: reason)
  }
}

extension PostgresError {
  /// What is known about the effect of the statements that an error is about.
  package enum Outcome: Sendable, Hashable {
    /// Not one byte reached the server: the same can be sent again without a thought.
    case notSent
    /// The server said no, and the transaction has no effect.
    case failed
    /// The statements may have had their effect or not: a COMMIT may or may not have happened.
    case unknown
  }

  /// The SQLSTATE of five characters (PostgreSQL's appendix "Error Codes"), when the server sent one.
  package var sqlState: String? { report?.sqlState }
  /// `ERROR`, `FATAL`, `PANIC`, `WARNING`, …, never translated.
  package var severity: String? { report?.severity }
  /// The server's message. Class 22 quotes the input in it.
  package var message: String? { report?.message }
  /// The server's detail. It often quotes values of rows.
  package var detail: String? { report?.detail }
  /// The server's hint.
  package var hint: String? { report?.hint }
  /// The violated constraint.
  package var constraintName: String? { report?.constraintName }
  /// The table the error is about.
  package var tableName: String? { report?.tableName }
  /// The column the error is about.
  package var columnName: String? { report?.columnName }
  /// The schema the error is about.
  package var schemaName: String? { report?.schemaName }
  /// The data type the error is about.
  package var dataType: String? { report?.dataType }
  /// Where in the SQL text the error is, in characters from 1.
  package var position: Int? { report?.position }
  /// The call stack inside the server.
  package var context: String? { report?.context }

  /// Whether the very same work may be sent again although it failed: nothing was sent, or the server undid it only because
  /// of other transactions (40001 serialization failure, 40P01 deadlock).
  package var mayBeSentAgain: Bool {
    outcome == .notSent || outcome == .failed && (sqlState == "40001" || sqlState == "40P01")
  }
}
