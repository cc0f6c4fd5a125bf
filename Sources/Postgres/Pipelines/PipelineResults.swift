/// What the server answered to a pipeline in which no statement failed.
package struct PipelineResults: Sendable {
  /// The answer to one statement.
  struct Answer: Sendable {
    let rows: Result<any Sendable, PostgresError>
    let affectedRows: Int
  }

  private let answers: [Answer]
  /// What the server remarked meanwhile, warnings included.
  package let notices: [ServerReport]

  init(answers: [Answer], notices: [ServerReport]) {
    self.answers = answers
    self.notices = notices
  }

  /// The rows of one statement.
  /// - Throws: `decoding` when a column did not have the form that the statement's reader asked for: everything was run
  ///   nevertheless. `tooLarge` when there were more rows than `Connection.maximumRows`. `misuse` for the slot of another pipeline.
  package func rows<Row>(_ slot: Pipeline.Slot<Row>) throws(PostgresError) -> [Row] {
    guard answers.indices.contains(slot.index), let rows = try answers[slot.index].rows.get() as? [Row] else {
      throw PostgresError(.misuse, outcome: .unknown, reason: "the slot belongs to another pipeline")
    }
    return rows
  }

  /// How many rows an `INSERT`, `UPDATE`, `DELETE`, `MERGE` touched or a `SELECT` returned. The slot must be of this pipeline.
  package func affectedRows<Row>(_ slot: Pipeline.Slot<Row>) -> Int {
    answers[slot.index].affectedRows
  }
}
