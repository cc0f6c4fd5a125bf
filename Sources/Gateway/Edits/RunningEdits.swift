package import Metrics
import Synchronization

/// Counts the edits that are under way, so that there are never too many of them and a stopping gateway waits for the
/// last one. The same serves for uploads.
package final class RunningEdits: Sendable {
  private struct State {
    var count = 0
    var isClosed = false
    var whenEmpty: [Promise<Void>] = []
  }

  private let maximum: Int
  private let meter: Meter?
  private let state = Mutex(State())

  /// At most `maximum` at once; `meter` shows how many there are.
  package init(maximum: Int, meter: Meter? = nil) {
    self.maximum = maximum
    self.meter = meter
  }

  /// Counts one more; false where there are too many, or the gateway is stopping.
  package func enter() -> Bool {
    state.withLock { state in
      guard !state.isClosed, state.count < maximum else { return false }
      state.count += 1
      meter?.set(state.count)
      return true
    }
  }

  /// Counts one less; to be called once for each `enter` that was true.
  package func leave() {
    let waiting: [Promise<Void>] = state.withLock { state in
      state.count -= 1
      meter?.set(state.count)
      guard state.count == 0 else { return [] }
      defer { state.whenEmpty = [] }
      return state.whenEmpty
    }
    for promise in waiting { promise.fulfil(()) }
  }

  /// How many there are.
  package var count: Int {
    state.withLock { $0.count }
  }

  /// Lets nobody in any more.
  package func close() {
    state.withLock { $0.isClosed = true }
  }

  /// Waits until there is none, or `limit` has passed; answers how many are left.
  package func drain(within limit: Duration) async -> Int {
    let promise = Promise<Void>()
    let isEmpty = state.withLock { state in
      guard state.count > 0 else { return true }
      state.whenEmpty.append(promise)
      return false
    }
    if !isEmpty { _ = await promise.value(within: limit) }
    return count
  }
}
