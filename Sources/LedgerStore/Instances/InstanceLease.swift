package import Ledger

/// One run of a gateway as the database knows it: who is at work (docs/ledger.md, "Who is at work").
package struct InstanceLease: Sendable, Hashable {
  package var instance: InstanceID
  /// Boot id of the machine that it runs on.
  package var bootID: String
  package var startedAt: Timestamp
  /// Until when it counts as at work, on the database's clock.
  package var leaseUntil: Timestamp
  /// The database's clock when this was read.
  package var now: Timestamp

  /// A lease with these fields.
  package init(instance: InstanceID, bootID: String, startedAt: Timestamp, leaseUntil: Timestamp, now: Timestamp) {
    self.instance = instance
    self.bootID = bootID
    self.startedAt = startedAt
    self.leaseUntil = leaseUntil
    self.now = now
  }

  /// Whether it no longer counts as at work.
  package var hasEnded: Bool { leaseUntil <= now }
}
