import CLibPQ

extension Connection {
  /// Runs a `COPY … TO STDOUT` and hands every chunk on, a row each in text and CSV format.
  /// - Parameters:
  ///   - sql: the statement.
  ///   - timeout: the longest time for all of it, the closure's own included.
  ///   - body: called on the connection's thread for each chunk; when it throws, the connection is closed, for there is no other way
  ///     to stop the server.
  /// - Throws: what the server says, as `run(_:timeout:)`; what the closure throws.
  package func copyOut(_ sql: String, timeout: Duration, body: @Sendable ([UInt8]) throws(PostgresError) -> Void)
    throws(PostgresError)
  {
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
    var failure: PostgresError?
    while let result = try nextResult(handle, until: deadline) {
      switch result.status {
      case PGRES_COPY_OUT: try receiveChunks(handle, deadline, body)
      case PGRES_COMMAND_OK: break
      case PGRES_FATAL_ERROR:
        let report = result.report
        guard PQstatus(handle) == CONNECTION_OK, !report.isFatal else { throw lost(report) }
        failure = PostgresError(.server, outcome: .failed, reason: "the server refused the COPY", report: report)
      default:
        throw closing(PostgresError(.misuse, outcome: .unknown, reason: "the statement is no COPY to the client"))
      }
    }
    try enterPipelineMode(handle)
    if let failure { throw failure }
  }

  private func receiveChunks(
    _ handle: OpaquePointer, _ deadline: ContinuousClock.Instant, _ body: ([UInt8]) throws(PostgresError) -> Void
  ) throws(PostgresError) {
    while true {
      var buffer: UnsafeMutablePointer<CChar>?
      let count = PQgetCopyData(handle, &buffer, 1)
      if let buffer {
        let chunk = [UInt8](UnsafeRawBufferPointer(start: buffer, count: Int(count)))
        PQfreemem(buffer)
        // The limit for answers is one for what is held in memory, and this chunk has been handed on.
        answerSize.forget()
        do {
          try body(chunk)
        } catch {
          throw closing(error)
        }
      } else if count == 0 {
        _ = try wait(handle, until: deadline)
        guard try consume(handle) else { return }
      } else {
        return  // The end, or an error that the next result tells.
      }
    }
  }
}
