import Gateway
import Ledger
import Synchronization

/// A clock that only moves when a test moves it.
final class ManualClock: Sendable {
  private let time: Mutex<Duration>
  private let start: Timestamp

  /// A clock that shows `start`.
  init(at start: Timestamp = Fixtures.now) {
    self.start = start
    time = Mutex(.zero)
  }

  /// Moves it forward.
  func advance(by duration: Duration) {
    time.withLock { $0 += duration }
  }

  /// The clock as the gateway takes it.
  var clock: GatewayClock {
    GatewayClock(
      now: {
        let parts = self.time.withLock { $0 }.components
        let micros = parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000
        return Timestamp(microseconds: self.start.microseconds + micros)
      },
      monotonic: { self.time.withLock { $0 } })
  }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }

  /// The seed of a property test: that of `TALLY_TEST_SEED` where it is set, else a new one.
  static func testSeed() -> UInt64 {
    EnvironmentSeed.value ?? UInt64.random(in: 0...UInt64.max)
  }
}
