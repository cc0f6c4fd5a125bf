import Synchronization

/// Connects a request head that arrives at a connection's gate with the ``Dispatch`` that it belongs to.
///
/// The head carries a number in a header of its own, which the gate takes out again. A number that is not registered
/// (any more) is not let through.
final class DispatchRegistry: Sendable {
  /// The header that carries the number inside this process. It never reaches the wire.
  static let header = "tally-dispatch"

  private struct State {
    var nextNumber: UInt64 = 1
    var dispatches: [UInt64: Dispatch] = [:]
  }

  private let state = Mutex(State())

  /// Enters a request and gives it a number. Pair it with ``remove(_:)``.
  func add(_ dispatch: Dispatch) -> UInt64 {
    state.withLock { state in
      let number = state.nextNumber
      state.nextNumber += 1
      state.dispatches[number] = dispatch
      return number
    }
  }

  /// Forgets a request.
  func remove(_ number: UInt64) {
    state.withLock { _ = $0.dispatches.removeValue(forKey: number) }
  }

  /// The request of that number, where it is still entered.
  func dispatch(_ text: String) -> Dispatch? {
    guard let number = UInt64(text) else { return nil }
    return state.withLock { $0.dispatches[number] }
  }
}
