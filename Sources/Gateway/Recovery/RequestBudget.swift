import Synchronization

/// How many requests to the provider's account there may be in a minute: edits always go, questions only where they leave
/// room (the known limit of an account is 180 requests a minute, docs/feature-api.md).
package final class RequestBudget: Sendable {
  private struct State {
    var minute: Int64 = 0
    var current = 0
    var previous = 0
  }

  private let perMinute: Int
  private let clock: GatewayClock
  private let state = Mutex(State())

  /// A budget of `perMinute` requests; 0: no limit.
  package init(perMinute: Int, clock: GatewayClock) {
    self.perMinute = perMinute
    self.clock = clock
  }

  /// Counts a request that is sent in any case.
  package func count() {
    guard perMinute > 0 else { return }
    state.withLock { state in
      move(&state)
      state.current += 1
    }
  }

  /// Whether a question may be sent now; then it is counted.
  package func take() -> Bool {
    guard perMinute > 0 else { return true }
    return state.withLock { state in
      let passed = move(&state)
      // A sliding window: of the minute before, the part that lies within the last 60 seconds.
      let weighted = state.current + state.previous * (60 - passed) / 60
      guard weighted < perMinute else { return false }
      state.current += 1
      return true
    }
  }

  /// Moves to the running minute; answers how many seconds of it have passed.
  @discardableResult
  private func move(_ state: inout State) -> Int {
    let seconds = clock.monotonic().components.seconds
    let minute = seconds / 60
    if minute != state.minute {
      state.previous = minute == state.minute + 1 ? state.current : 0
      state.current = 0
      state.minute = minute
    }
    return Int(seconds % 60)
  }
}
