import Ledger
import Synchronization

/// What the clients of `tally bench ledger` did.
final class LedgerMeter: Sendable {
  /// Everything that was counted.
  struct Counts: Sendable {
    /// Edits that were settled within the measured time.
    var measured = 0
    var hold = LatencyHistogram()
    var settle = LatencyHistogram()
    var edit = LatencyHistogram()
    /// Edits that were settled in all, by team.
    var settled: [Int]
    /// Credits charged in all.
    var charged = Credits.zero
    /// What went wrong, in all.
    var errors: [String: Int] = [:]
  }

  private struct State {
    var isMeasuring = false
    var counts: Counts
  }

  private let state: Mutex<State>
  private let running = Atomic(true)
  private let settledEdits = Atomic(0)

  /// Nothing is counted yet.
  init(teams: Int) {
    state = Mutex(State(counts: Counts(settled: [Int](repeating: 0, count: teams))))
  }

  /// Whether the clients go on.
  var isRunning: Bool { running.load(ordering: .relaxed) }
  /// Edits settled so far, warm-up included.
  var settledSoFar: Int { settledEdits.load(ordering: .relaxed) }
  /// What was counted so far.
  var counts: Counts { state.withLock { $0.counts } }

  /// From now on edits are measured.
  func startMeasuring() { state.withLock { $0.isMeasuring = true } }
  /// From now on edits are only counted.
  func stopMeasuring() { state.withLock { $0.isMeasuring = false } }
  /// The clients finish what they began.
  func stop() { running.store(false, ordering: .relaxed) }

  /// Counts a settled edit.
  func count(_ charged: Credits, ofTeam team: Int, hold: Duration, settle: Duration) {
    settledEdits.add(1, ordering: .relaxed)
    state.withLock { state in
      state.counts.settled[team] += 1
      state.counts.charged = Credits(state.counts.charged.value + charged.value)
      guard state.isMeasuring else { return }
      state.counts.measured += 1
      state.counts.hold.record(hold)
      state.counts.settle.record(settle)
      state.counts.edit.record(hold + settle)
    }
  }

  /// Counts what went wrong.
  func count(error: String) {
    state.withLock { $0.counts.errors[error, default: 0] += 1 }
  }
}
