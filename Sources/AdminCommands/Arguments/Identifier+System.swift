import Gateway
import Ledger

extension Identifier {
  /// A new random id: a UUID of version 4 (RFC 9562).
  static func random() -> Identifier {
    let clear: UInt128 = 0xF << 76 | 0b11 << 62
    return Identifier(bits: GatewayIDs.system.randomBits() & ~clear | 0x4 << 76 | 0b10 << 62)
  }
}

extension Timestamp {
  /// The machine's time of day: for expiries and texts, never for intervals.
  static func now() -> Timestamp {
    GatewayClock.system.now()
  }
}
