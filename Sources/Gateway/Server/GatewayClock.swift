package import Ledger

/// Where the gateway's times come from; a parameter, so that tests decide what time it is.
package struct GatewayClock: Sendable {
  /// The time of day: for expiries and texts, never for intervals.
  package var now: @Sendable () -> Timestamp
  /// Time that only goes forward, since some fixed moment: for intervals and limits.
  package var monotonic: @Sendable () -> Duration

  /// A clock of these two.
  package init(now: @escaping @Sendable () -> Timestamp, monotonic: @escaping @Sendable () -> Duration) {
    self.now = now
    self.monotonic = monotonic
  }

  /// The machine's clocks.
  package static let system: GatewayClock = {
    let start = ContinuousClock.now
    return GatewayClock(now: Timestamp.ofSystem, monotonic: { ContinuousClock.now - start })
  }()
}
