import Gateway
import Ledger

extension Identifier {
  /// A new random id: a UUID of version 4 (RFC 9562).
  static func random() -> Identifier {
    GatewayIDs.system.id()
  }
}

extension Timestamp {
  /// The machine's time of day: for expiries and texts, never for intervals.
  static func now() -> Timestamp {
    GatewayClock.system.now()
  }
}
