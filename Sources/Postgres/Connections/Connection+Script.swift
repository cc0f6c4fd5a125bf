import CLibPQ

extension Connection {
  /// Runs several statements of plain SQL, for migrations. Without BEGIN and COMMIT in it the whole script is one transaction.
  /// - Parameters:
  ///   - sql: the statements. No parameters, no COPY from or to the client.
  ///   - timeout: the longest time for all of it; the session's `statement_timeout` counts too.
  /// - Throws: the first error. Its outcome is `failed` unless a COMMIT of the script had succeeded before, or the connection is lost.
  package func execute(script sql: String, timeout: Duration = .seconds(10)) throws(PostgresError) {
    guard !sql.utf8.contains(0) else {
      throw PostgresError(.encoding, outcome: .notSent, reason: "a NUL byte in the SQL text")
    }
    let handle = try openHandle()
    try checkStanding(handle)
    let deadline = ContinuousClock.now + timeout
    try leavePipelineMode(handle)
    guard PQsendQuery(handle, sql) == 1 else {
      throw closing(PostgresError(.connectionLost, outcome: .unknown, reason: libpqMessage(handle)))
    }
    countRoundTrip()
    try flush(handle, until: deadline)
    var hasCommitted = false
    var failure: PostgresError?
    while let result = try nextResult(handle, until: deadline) {
      switch result.status {
      case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
        hasCommitted = hasCommitted || result.isCommit
      case PGRES_FATAL_ERROR:
        let report = result.report
        guard PQstatus(handle) == CONNECTION_OK, !report.isFatal else { throw lost(report) }
        failure =
          failure
          ?? PostgresError(
            .server, outcome: hasCommitted ? .unknown : .failed, reason: "the server refused the script", report: report
          )
      default:
        throw closing(PostgresError(.misuse, outcome: .unknown, reason: "a script cannot COPY from or to the client"))
      }
    }
    try enterPipelineMode(handle)
    if let failure { throw failure }
  }

  /// Simple queries and COPY are not possible in pipeline mode.
  func leavePipelineMode(_ handle: OpaquePointer) throws(PostgresError) {
    guard PQexitPipelineMode(handle) == 1 else {
      throw closing(PostgresError(.misuse, outcome: .notSent, reason: libpqMessage(handle)))
    }
  }

  /// Everything else runs in pipeline mode.
  func enterPipelineMode(_ handle: OpaquePointer) throws(PostgresError) {
    guard PQenterPipelineMode(handle) == 1 else {
      throw closing(PostgresError(.misuse, outcome: .unknown, reason: libpqMessage(handle)))
    }
    noteStatus()
  }
}
