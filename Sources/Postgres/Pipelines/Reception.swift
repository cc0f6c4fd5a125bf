/// Gathers the answers of a pipeline and decides what they mean together. Pure but for the reading of rows.
struct Reception {
  private let pipeline: Pipeline
  private var answers: [PipelineResults.Answer] = []
  private(set) var error: PostgresError?
  private var hasCommitted = false
  private var rolledBackAt: Int?
  var notices: [ServerReport] = []

  init(pipeline: Pipeline) {
    self.pipeline = pipeline
    answers.reserveCapacity(pipeline.count)
  }

  /// A statement succeeded.
  mutating func answer(_ index: Int, _ result: borrowing ResultHandle) {
    let entry = pipeline.entries[index]
    if result.isCommit { hasCommitted = true }
    if entry.endsTransaction, result.isRollback, rolledBackAt == nil { rolledBackAt = index }
    answers.append(PipelineResults.Answer(rows: Self.rows(entry, result), affectedRows: result.affectedRows))
  }

  /// A statement failed, or what the Sync does at the end (nil). The first error counts.
  mutating func fail(_ index: Int?, _ report: ServerReport) {
    guard error == nil else { return }
    error = PostgresError(
      .server, outcome: hasCommitted ? .unknown : .failed, reason: "the server refused it", report: report,
      statementName: index.map { pipeline.entries[$0].name }, pipelineIndex: index)
  }

  /// The results when all went well.
  func finish() throws(PostgresError) -> PipelineResults {
    if let error { throw error }
    if let rolledBackAt {
      throw PostgresError(
        .rolledBack, outcome: hasCommitted ? .unknown : .failed, reason: "the server rolled the transaction back",
        statementName: pipeline.entries[rolledBackAt].name, pipelineIndex: rolledBackAt)
    }
    // For example a wait for a synchronous standby that was cut short: it committed here, and might be lost in a failover.
    if hasCommitted, let warning = notices.first(where: \.isWarning) {
      throw PostgresError(.commitInDoubt, outcome: .unknown, reason: "a warning while a COMMIT ran", report: warning)
    }
    return PipelineResults(answers: answers, notices: notices)
  }

  private static func rows(_ entry: Pipeline.Entry, _ result: borrowing ResultHandle) -> Result<
    any Sendable, PostgresError
  > {
    guard result.rowCount <= Connection.maximumRows else {
      return .failure(
        PostgresError(
          .tooLarge, outcome: .unknown, reason: "more than \(Connection.maximumRows) rows", statementName: entry.name))
    }
    do throws(PostgresError) {
      return .success(try entry.decode(result))
    } catch {
      return .failure(error)
    }
  }
}
