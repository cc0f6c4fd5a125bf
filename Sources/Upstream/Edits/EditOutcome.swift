/// What is known after an edit was submitted (docs/ledger.md).
package enum EditOutcome: Sendable, Equatable {
  /// The work was done: settle.
  case done(EditResult)
  /// The work was provably not done: release.
  case notDone(Refusal)
  /// Nobody can tell: the edit is in doubt, and its credits stay held.
  case unknown(Uncertainty)
  /// The provider has taken the edit and works on it; ask for the result under this id.
  case accepted(uuid: String)
}
