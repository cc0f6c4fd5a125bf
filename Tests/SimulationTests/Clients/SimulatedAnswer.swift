import Ledger

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
  /// 403 and the like: nothing may come of it.
  case notAllowed

  /// Whether the client may try the same edit again.
  var mayBeTriedAgain: Bool {
    switch self {
    case .charged, .refused, .released: false
    case .inDoubt, .unavailable, .notAllowed: true
    }
  }
}

/// What an edit asks for.
struct HoldRequestFacts {
  var team: TeamID
  var record: RecordID
  var member: MemberID
  var key: KeyID
  var n: Int
  /// Credits of one result.
  var price: Int64
}
