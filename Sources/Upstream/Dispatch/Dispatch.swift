import Synchronization

/// One request on its way to the wire: the single place that knows whether its first byte may still go out.
///
/// Exactly one of two things happens first, whatever the threads do: the gate on the connection marks it *sent*, or the
/// caller, having given up, marks it *withdrawn*, after which the gate lets nothing pass. So "not one byte was sent" is
/// something that we know, and do not conclude from the kind of an error.
package final class Dispatch: Sendable {
  /// How far the request got.
  package enum State: Sendable, Equatable {
    /// No byte was sent, and one may be.
    case waiting
    /// The head was handed to the socket.
    case sent
    /// The permit said no; no byte was or will be sent.
    case notPermitted
    /// The caller has given up; no byte was or will be sent.
    case withdrawn
  }

  private let state = Mutex(State.waiting)
  private let permit: @Sendable () -> Bool

  /// A request that waits for its connection.
  ///
  /// - Parameter permit: asked once at most, when the first byte could go out.
  package init(permit: @escaping @Sendable () -> Bool) {
    self.permit = permit
  }

  /// Asks whether the first byte may go out now; after true it must.
  package func begin() -> Bool {
    guard state.withLock({ $0 == .waiting }) else { return false }
    // Foreign code, so outside the lock. A withdrawal meanwhile wins: a permit that is not used does no harm.
    let isPermitted = permit()
    return state.withLock { state in
      guard state == .waiting else { return false }
      state = isPermitted ? .sent : .notPermitted
      return isPermitted
    }
  }

  /// Ends the waiting, if it still lasts, and tells how far the request got. From now on the answer stays the same.
  package func conclude() -> State {
    state.withLock { state in
      if state == .waiting { state = .withdrawn }
      return state
    }
  }
}
