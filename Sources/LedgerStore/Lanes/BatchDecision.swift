/// What a batch comes to.
package struct BatchDecision: Sendable {
  /// One result a command, in their order; told after the commit.
  package var results: [Result<LaneAnswer, StoreError>]
  package var writes: LaneWrites
}
