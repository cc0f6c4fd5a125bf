import Synchronization

/// Until when this gateway may send, on its own monotonic clock (docs/ledger.md, G2): asked right before the first byte
/// of every edit.
///
/// The database counts the lease from a moment after the request for it left, so counting from that request on ends a
/// little earlier here than there.
package final class Lease: Sendable {
  private let clock: GatewayClock
  private let end: Mutex<Duration>

  /// A lease that has not begun: nothing may be sent.
  package init(clock: GatewayClock) {
    self.clock = clock
    end = Mutex(clock.monotonic())
  }

  /// Lets it run until `moment` of the monotonic clock, where that is later than before.
  package func extend(until moment: Duration) {
    end.withLock { $0 = max($0, moment) }
  }

  /// Ends it now: nothing is sent any more.
  package func revoke() {
    let now = clock.monotonic()
    end.withLock { $0 = min($0, now) }
  }

  /// Whether something may be sent now.
  package var isRunning: Bool {
    let now = clock.monotonic()
    return end.withLock { now < $0 }
  }
}
