import Synchronization

/// A value that is asked for often and may be a little old: it is loaded once for everybody who waits, and kept for a
/// while. A failure is not kept.
package final class FreshValue<Value: Sendable, Failure: Error>: Sendable {
  private typealias Loading = Task<Result<Value, Failure>, Never>

  private struct State {
    var value: Value?
    var until: Duration = .zero
    var loading: Loading?
  }

  private enum Step {
    case known(Value)
    case wait(Loading)
  }

  private let lifetime: Duration
  private let clock: GatewayClock
  private let load: @Sendable () async -> Result<Value, Failure>
  private let state = Mutex(State())

  /// A value that is loaded by `load` and kept for `lifetime`.
  package init(
    lifetime: Duration, clock: GatewayClock, load: @escaping @Sendable () async -> Result<Value, Failure>
  ) {
    self.lifetime = lifetime
    self.clock = clock
    self.load = load
  }

  /// The value. Throws what loading it threw.
  package func get() async throws(Failure) -> Value {
    let now = clock.monotonic()
    let step: Step = state.withLock { state in
      if let value = state.value, now < state.until { return .known(value) }
      if let running = state.loading { return .wait(running) }
      let task = Task { await self.reload() }
      state.loading = task
      return .wait(task)
    }
    switch step {
    case .known(let value): return value
    case .wait(let task): return try await task.value.get()
    }
  }

  private func reload() async -> Result<Value, Failure> {
    let result = await load()
    state.withLock { state in
      state.loading = nil
      guard case .success(let value) = result else { return }
      state.value = value
      state.until = clock.monotonic() + lifetime
    }
    return result
  }
}
