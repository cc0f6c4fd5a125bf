package import Ledger

/// An edit whose Idempotency-Key stands for another record already: nothing was held, and its answer is that record's.
package struct RepeatedEdit: Sendable {
  /// The record that the key stands for.
  package var record: RecordID
  /// Where it stands: held and inDoubt mean that it has no answer yet.
  package var state: EditState
  /// The refusal, where it was refused.
  package var refused: RefusedEdit?

  /// A repetition of the edit of `record`.
  package init(record: RecordID, state: EditState, refused: RefusedEdit? = nil) {
    self.record = record
    self.state = state
    self.refused = refused
  }
}

extension ReleaseCause {
  /// Whether the answer of an edit that was released for this cause stays the answer of its retries. The others tell
  /// nothing of the edit itself, but of a moment's want of the operator's, the provider's or the gateway's: a retry is a
  /// new edit (docs/ledger.md).
  package var isSticky: Bool {
    switch self {
    case .upstreamRefused, .notSent, .administrator: true
    case .upstreamAccount, .rateLimited, .withdrawn: false
    }
  }
}
