import Synchronization

/// A value that somebody will bring, for one who does not wait for ever: structured tasks cannot be left behind, and a
/// stalled database or a long edit must not keep an answer, or the end of the process, waiting.
package final class Promise<Value: Sendable>: Sendable {
  private enum State {
    case open
    case waiting(CheckedContinuation<Value?, Never>)
    case closed(Value?)
  }

  private let state = Mutex<State>(.open)

  /// A promise that nobody has kept.
  package init() {}

  /// Brings the value; a second one is ignored.
  package func fulfil(_ value: Value) {
    close(value)
  }

  /// The value, or nil when `limit` passes or the waiting task is cancelled first. To be called once.
  package func value(within limit: Duration? = nil) async -> Value? {
    let timer = limit.map { limit in
      Task {
        try? await Task.sleep(for: limit)
        self.close(nil)
      }
    }
    defer { timer?.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isLate: (Value?)? = state.withLock { state in
          if case .closed(let value) = state { return .some(value) }
          state = .waiting(continuation)
          return nil
        }
        if let isLate { continuation.resume(returning: isLate) }
      }
    } onCancel: {
      close(nil)
    }
  }

  private func close(_ value: Value?) {
    let continuation: CheckedContinuation<Value?, Never>? = state.withLock { state in
      switch state {
      case .open:
        state = .closed(value)
        return nil
      case .waiting(let continuation):
        state = .closed(value)
        return continuation
      case .closed: return nil
      }
    }
    continuation?.resume(returning: value)
  }
}
