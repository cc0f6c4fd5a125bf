import CLibPQ

extension Connection {
  /// Runs a pipeline: everything is sent, statements that are new to this connection are prepared on the way, and one Sync ends it.
  /// - Parameters:
  ///   - pipeline: the statements.
  ///   - timeout: the longest time for all of it. When it passes the connection is closed, so that no transaction outlives it.
  /// - Returns: the answers of all statements, none of which failed.
  /// - Throws: the first error, whose outcome tells what is known: `notSent`; `failed`, the server undid the transaction (an error of
  ///   a COMMIT or before it); `unknown` after a loss, a FATAL error, a time-out, an error behind a COMMIT, or a warning while a
  ///   COMMIT ran (`commitInDoubt`: a synchronous standby may not have it). A transaction that is open afterwards is for the
  ///   caller to `rollback()`.
  package func run(_ pipeline: Pipeline, timeout: Duration = .seconds(10)) throws(PostgresError) -> PipelineResults {
    if let fault = pipeline.fault { throw fault }
    guard !pipeline.isEmpty else { return PipelineResults(answers: [], notices: []) }
    let deadline = ContinuousClock.now + timeout
    let wasIdle = transactionStatus == .idle
    do {
      return try exchange(pipeline, deadline)
    } catch {
      guard error.outcome == .failed, error.tellsOfStalePlan else { throw error }
      // The catalogue changed under a prepared plan, or the plan is gone. Nothing had an effect, so the same can be run again,
      // unless a transaction that began earlier is lost with it.
      prepared.forget()
      guard wasIdle else { throw error }
      try rollback()
      return try exchange(pipeline, deadline)
    }
  }

  /// Runs one statement.
  /// - Returns: its rows.
  /// - Throws: as `run(_:timeout:)` and `PipelineResults.rows(_:)`.
  package func query<Row>(
    _ statement: Statement<Row>, _ parameters: (any PostgresEncodable)?..., timeout: Duration = .seconds(10)
  ) throws(PostgresError) -> [Row] {
    var pipeline = Pipeline()
    let slot = pipeline.append(statement, parameters: parameters)
    return try run(pipeline, timeout: timeout).rows(slot)
  }

  /// Ends a transaction that is open, whatever its state; nothing is sent when none is.
  /// - Throws: when the server does not confirm it in time; the connection is closed then.
  package func rollback() throws(PostgresError) {
    let handle = try openHandle()
    let status = transactionStatus
    guard status != .idle else { return }
    guard status != .unknown else {
      throw closing(PostgresError(.misuse, outcome: .unknown, reason: "a statement is still at work"))
    }
    var pipeline = Pipeline()
    pipeline.append(Statement<Void>("rollback", "ROLLBACK", prepared: false))
    do {
      _ = try exchange(pipeline, ContinuousClock.now + Self.rollbackTimeout)
    } catch {
      throw closing(error)
    }
    guard PQtransactionStatus(handle) == PQTRANS_IDLE else {
      throw closing(PostgresError(.misuse, outcome: .unknown, reason: "a transaction is open after a rollback"))
    }
  }

  // MARK: One exchange

  /// What was sent, in its order; each has an answer of its own.
  private enum Sent {
    case deallocate
    case prepare(PreparedStatements.Key, PreparedStatements.Plan, index: Int)
    case execute(index: Int)
  }

  private func exchange(_ pipeline: Pipeline, _ deadline: ContinuousClock.Instant) throws(PostgresError)
    -> PipelineResults
  {
    let handle = try openHandle()
    try checkStanding(handle)
    _ = notices.take()
    let sent = try send(pipeline, handle)
    try flush(handle, until: deadline)
    var reception = Reception(pipeline: pipeline)
    for item in sent { try receive(item, handle, deadline, &reception) }
    try receiveSync(handle, deadline, &reception)
    noteStatus()
    reception.notices = notices.take()
    return try reception.finish()
  }

  private func send(_ pipeline: Pipeline, _ handle: OpaquePointer) throws(PostgresError) -> [Sent] {
    prepared.begin()
    var sent: [Sent] = []
    sent.reserveCapacity(pipeline.count + 4)
    var isQueued = true
    if prepared.mustDeallocate, transactionStatus == .idle {
      isQueued = PQsendQueryParams(handle, "DEALLOCATE ALL", 0, nil, nil, nil, nil, 1) == 1
      sent.append(.deallocate)
    }
    var binding = Binding()
    pipeline.arena.withUnsafeBytes { arena in
      for (index, entry) in pipeline.entries.enumerated() where isQueued {
        binding.bind(pipeline.parameters[entry.parameters], arena)
        guard entry.isPrepared else {
          isQueued = binding.send(handle, sql: entry.sql)
          sent.append(.execute(index: index))
          continue
        }
        let key = PreparedStatements.Key(name: entry.name, sql: entry.sql)
        let plan: PreparedStatements.Plan
        switch prepared.step(for: key, types: binding.types) {
        case .run(let known): plan = known
        case .prepareAndRun(let new):
          plan = new
          isQueued = PQsendPrepare(handle, new.serverName, entry.sql, Int32(new.types.count), new.types) == 1
          sent.append(.prepare(key, new, index: index))
        }
        isQueued = isQueued && binding.send(handle, prepared: plan.serverName)
        sent.append(.execute(index: index))
      }
    }
    isQueued = isQueued && PQpipelineSync(handle) == 1
    guard isQueued else {
      // What was queued cannot be taken back, and libpq may have sent some of it.
      throw closing(PostgresError(.connectionLost, outcome: .unknown, reason: libpqMessage(handle)))
    }
    countRoundTrip()
    return sent
  }

  private func receive(
    _ item: Sent, _ handle: OpaquePointer, _ deadline: ContinuousClock.Instant, _ reception: inout Reception
  ) throws(PostgresError) {
    guard let result = try nextResult(handle, until: deadline) else { throw outOfStep(handle) }
    switch result.status {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
      switch item {
      case .deallocate: prepared.deallocated()
      case .prepare(let key, let plan, _): prepared.confirm(key, plan)
      case .execute(let index): reception.answer(index, result)
      }
    case PGRES_FATAL_ERROR:
      let report = result.report
      guard PQstatus(handle) == CONNECTION_OK, !report.isFatal else { throw lost(report) }
      switch item {
      case .deallocate: reception.fail(nil, report)
      case .prepare(_, _, let index), .execute(let index): reception.fail(index, report)
      }
    case PGRES_PIPELINE_ABORTED: break
    default: throw outOfStep(handle)
    }
    guard try nextResult(handle, until: deadline) == nil else { throw outOfStep(handle) }
  }

  private func receiveSync(_ handle: OpaquePointer, _ deadline: ContinuousClock.Instant, _ reception: inout Reception)
    throws(PostgresError)
  {
    while true {
      guard let result = try nextResult(handle, until: deadline) else {
        // The end of an error that came instead of the Sync, such as a deferred constraint's.
        guard PQstatus(handle) == CONNECTION_OK, reception.error != nil else { throw outOfStep(handle) }
        continue
      }
      switch result.status {
      case PGRES_PIPELINE_SYNC: return
      case PGRES_FATAL_ERROR:
        let report = result.report
        guard PQstatus(handle) == CONNECTION_OK, !report.isFatal else { throw lost(report) }
        reception.fail(nil, report)
      default: throw outOfStep(handle)
      }
    }
  }

  func lost(_ report: ServerReport) -> PostgresError {
    closing(PostgresError(.connectionLost, outcome: .unknown, reason: "the connection was lost", report: report))
  }

  private func outOfStep(_ handle: OpaquePointer) -> PostgresError {
    closing(PostgresError(.connectionLost, outcome: .unknown, reason: "an unexpected answer: " + libpqMessage(handle)))
  }

  func libpqMessage(_ handle: OpaquePointer) -> String {
    (PQerrorMessage(handle).map { String(cString: $0) } ?? "").trimmingLineEnd
  }
}

extension PostgresError {
  /// 26000: the server does not have the prepared statement. 0A000 from the plan cache: "cached plan must not change result type".
  fileprivate var tellsOfStalePlan: Bool {
    sqlState == "26000" || sqlState == "0A000" && message == "cached plan must not change result type"
  }
}
