package import LedgerStore
package import Upstream

/// What the client of an edit is told.
package enum EditAnswer: Sendable {
  /// It did not fit a budget.
  case refused(RefusedEdit)
  /// Its Idempotency-Key stands for another edit, whose answer this is.
  case repeated(RepeatedEdit)
  /// It is held, and its client asked for an answer at once: the work goes on.
  case processing(HeldEdit)
  /// No hold could be taken; nothing was sent.
  case notHeld(StoreError)
  /// It was done and charged.
  case charged(HeldEdit, EditResult, ResolvedEdit)
  /// It was not, or nobody can tell.
  case failed(GatewayError)
}
