import Gateway
import Ledger
import LedgerStore

/// What a gateway answers to an edit, as far as the ledger's promises are about it.
enum SimulatedAnswer: Hashable {
  /// 200: charged so much.
  case charged(Credits)
  /// 406.
  case refused
  /// The credits were given back: the upstream refused, or was not reached.
  case released
  /// 502 or 504, to be asked for later.
  case inDoubt
  /// 503.
  case unavailable(mayBeHeld: Bool)
  /// 200 at once: held, and the work goes on.
  case processing
  /// The key stands for another record, which is in this state.
  case repeated(RecordID, EditState)
  /// 422: the key came with another body.
  case keyReused
  /// 403 and the like: nothing may come of it.
  case notAllowed

  /// Whether the client may try the same edit again.
  var mayBeTriedAgain: Bool {
    switch self {
    case .charged, .refused, .released, .keyReused, .processing: false
    case .repeated(_, let state): state.isOpen
    case .inDoubt, .unavailable, .notAllowed: true
    }
  }
}

extension SimulatedAnswer {
  /// What an edit's machine tells its client.
  init(_ told: EditAnswer) {
    switch told {
    case .refused: self = .refused
    case .repeated(let edit): self = .repeated(edit.record, edit.state)
    case .processing: self = .processing
    case .charged(_, _, let resolved): self = .charged(resolved.charged)
    case .notHeld(let error):
      if case .unavailable(let mayBeHeld) = error.reason {
        self = .unavailable(mayBeHeld: mayBeHeld)
      } else if case .idempotencyKeyReused = error.reason {
        self = .keyReused
      } else {
        self = .notAllowed
      }
    case .failed(let error):
      // The state stands in the details, which are JSON text.
      if case .object(let text) = error.details, text.contains(#""state":"released""#) {
        self = .released
      } else {
        self = .inDoubt
      }
    }
  }
}
