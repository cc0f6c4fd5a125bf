extension Pipeline {
  /// Where the rows of one statement will stand in the results.
  package struct Slot<Row: Sendable>: Sendable {
    /// The statement's place in its pipeline, counted from 0.
    package let index: Int
  }
}
