package import Ledger

/// An edit whose truth is not known: in doubt, or resolved without evidence while the upstream may still be asked
/// (docs/ledger.md, in doubt).
package struct Doubt: Sendable, Hashable {
  package var team: TeamID
  package var record: RecordID
  /// Who took its hold.
  package var instance: InstanceID
  /// Where the record stands.
  package var state: EditState
  /// Whether nothing can be added any more: charged for what was delivered, refused by the upstream, or told by
  /// evidence.
  package var isProven: Bool
  package var inDoubtAt: Timestamp
  /// The upstream's own id, under which it can be asked.
  package var upstreamUUID: String?
  /// How often the upstream was asked.
  package var asks: Int
  /// After how many seconds in doubt the team lets it be charged in full; nil: never.
  package var chargeAfterSeconds: Int64?

  /// A doubt with these fields.
  package init(
    team: TeamID, record: RecordID, instance: InstanceID, state: EditState, isProven: Bool, inDoubtAt: Timestamp,
    upstreamUUID: String?, asks: Int, chargeAfterSeconds: Int64?
  ) {
    self.team = team
    self.record = record
    self.instance = instance
    self.state = state
    self.isProven = isProven
    self.inDoubtAt = inDoubtAt
    self.upstreamUUID = upstreamUUID
    self.asks = asks
    self.chargeAfterSeconds = chargeAfterSeconds
  }

  /// When the team's policy charges it; nil: never, or it is resolved.
  package var chargeAt: Timestamp? {
    guard state == .inDoubt else { return nil }
    return chargeAfterSeconds.map { inDoubtAt.adding(seconds: $0) }
  }
}

/// Doubts that a look found, and when it looked.
package struct DueDoubts: Sendable {
  package var doubts: [Doubt]
  /// The database's clock before the look.
  package var now: Timestamp

  /// What a look found.
  package init(doubts: [Doubt], now: Timestamp) {
    self.doubts = doubts
    self.now = now
  }
}
