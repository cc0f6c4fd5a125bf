/// What the provider says of an edit that it was given earlier.
package enum ResultOutcome: Sendable, Equatable {
  /// It is finished.
  case done(EditResult)
  /// It failed: the work was not done.
  case failed(Refusal)
  /// It is still being worked on.
  case processing
  /// The provider does not know the id.
  case notFound
  /// The question was not answered because the provider refused it, or it was not sent. Says nothing of the edit.
  case refused(Refusal)
  /// The question was not answered, for another reason. Says nothing of the edit.
  case unanswered(Uncertainty)
}
