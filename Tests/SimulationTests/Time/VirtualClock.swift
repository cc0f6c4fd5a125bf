import Ledger
import Synchronization

/// The simulated world's time. It moves only from one event to the next.
final class VirtualClock: Sendable {
  /// The wall clock when the world begins.
  let start: Timestamp
  private let base = ContinuousClock.now
  private let elapsed = Mutex(Duration.zero)

  init(start: Timestamp) {
    self.start = start
  }

  /// How long the world exists: what every process takes for its monotonic clock.
  var now: Duration { elapsed.withLock { $0 } }

  /// The same moment for a machine that counts in instants.
  var instant: ContinuousClock.Instant { base + now }

  /// The true wall clock.
  var wall: Timestamp { start.shifted(by: now) }

  func advance(to moment: Duration) {
    elapsed.withLock { $0 = max($0, moment) }
  }
}

extension Timestamp {
  /// The moment so much later, or earlier for a negative span, to the microsecond.
  func shifted(by span: Duration) -> Timestamp {
    let (seconds, attoseconds) = span.components
    return Timestamp(microseconds: microseconds + seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
  }
}
