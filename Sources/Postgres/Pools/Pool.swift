package import Logging
import Synchronization

/// Connections shared by many callers. Decisions are `PoolStateMachine`'s; this shell opens, hands over and closes.
///
/// A connection that comes back with a transaction open is rolled back on its own thread, whether or not the caller's task has been
/// cancelled; if that fails it is destroyed, never handed on.
package final class Pool: Sendable {
  private typealias Waiter = CheckedContinuation<Result<Lease, PostgresError>, Never>

  /// A connection in a caller's hands.
  private struct Lease: Sendable {
    let id: PoolStateMachine.ConnectionID
    let connection: Connection
  }

  private struct State {
    var machine: PoolStateMachine
    var connections: [PoolStateMachine.ConnectionID: Connection] = [:]
    var waiters: [PoolStateMachine.WaiterID: Waiter] = [:]
    var nextWaiter = 0
    var onEmpty: [CheckedContinuation<Void, Never>] = []
  }

  private let settings: ConnectionSettings
  private let configuration: PoolConfiguration
  private let logger: Logger
  private let state: Mutex<State>

  /// Nothing is opened before somebody asks for it, or before `run()`.
  /// - Parameters:
  ///   - settings: where the server is.
  ///   - configuration: the limits.
  ///   - logger: gets a line when a connection cannot be made.
  package init(settings: ConnectionSettings, configuration: PoolConfiguration, logger: Logger) {
    self.settings = settings
    self.configuration = configuration
    self.logger = logger
    self.state = Mutex(State(machine: PoolStateMachine(configuration)))
  }

  /// A look at the present.
  package var statistics: PoolStatistics { state.withLock { $0.machine.statistics } }

  /// Lends a connection to a closure. It must not be kept beyond the closure.
  /// - Parameters:
  ///   - timeout: how long to wait for a connection; the configuration's when nil.
  ///   - body: uses the connection. A transaction that it leaves open is rolled back.
  /// - Throws: `poolExhausted`, `poolClosed`, `timedOut`, `cancelled`, or what connecting throws, all with nothing sent; what the
  ///   closure throws.
  package func withConnection<R>(timeout: Duration? = nil, _ body: (Connection) async throws -> R) async throws -> R {
    let lease = try await acquire(timeout: timeout ?? configuration.acquireTimeout)
    do {
      let result = try await body(lease.connection)
      await release(lease)
      return result
    } catch {
      await release(lease)
      throw error
    }
  }

  /// Lends a connection with a transaction open, and commits it when the closure returns. Each step is a round trip: what has to
  /// be fast builds a pipeline instead.
  /// - Throws: as `withConnection`; when the closure throws the transaction is rolled back.
  package func withTransaction<R>(timeout: Duration? = nil, _ body: (Connection) async throws -> R) async throws -> R {
    try await withConnection(timeout: timeout) { connection in
      _ = try await connection.query(Statement<Void>.begin)
      let result = try await body(connection)
      _ = try await connection.query(Statement<Void>.commit)
      return result
    }
  }

  /// Looks after age and minimum until the task is cancelled, then closes the pool. A pool works without it, but keeps what it has.
  package func run() async {
    while !state.withLock({ $0.machine.isClosed }) {
      maintain()
      do {
        try await Task.sleep(for: configuration.maintenanceInterval)
      } catch {
        break
      }
    }
    await close()
  }

  /// Ends the pool: callers in line are refused, connections in use are waited for, and then terminated.
  /// - Parameter grace: how long connections in use are waited for.
  package func close(grace: Duration = .seconds(5)) async {
    let (idle, refused) = state.withLock { state in
      let (close, refuse) = state.machine.close()
      return (
        close.compactMap { state.connections.removeValue(forKey: $0) },
        refuse.compactMap { state.waiters.removeValue(forKey: $0) }
      )
    }
    for waiter in refused { waiter.resume(returning: .failure(Self.closedError)) }
    for connection in idle { await connection.close() }
    let deadline = Task {
      try await Task.sleep(for: grace)
      let connections = state.withLock { Array($0.connections.values) }
      for connection in connections { connection.terminate() }
      finishClosing(isForced: true)
    }
    await withCheckedContinuation { continuation in
      state.withLock { $0.onEmpty.append(continuation) }
      finishClosing(isForced: false)
    }
    deadline.cancel()
  }

  private func finishClosing(isForced: Bool) {
    let waiting = state.withLock { state in
      guard isForced || state.machine.isClosed && state.machine.isEmpty else {
        return [CheckedContinuation<Void, Never>]()
      }
      defer { state.onEmpty = [] }
      return state.onEmpty
    }
    for continuation in waiting { continuation.resume() }
  }

  // MARK: Lending

  private func acquire(timeout: Duration) async throws(PostgresError) -> Lease {
    let deadline = ContinuousClock.now + timeout
    while true {
      let lease = try await lease(deadline: deadline)
      if lease.connection.isUsable { return lease }
      // The server closed it while it was idle: the next one, or a new one.
      await release(lease)
    }
  }

  private func lease(deadline: ContinuousClock.Instant) async throws(PostgresError) -> Lease {
    let id = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    let timer = Mutex<Task<Void, Never>?>(nil)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: Waiter) in
        if enter(id, continuation) {
          let task = Task {
            try? await Task.sleep(until: deadline)
            guard !Task.isCancelled else { return }
            giveUp(
              id, PostgresError(.timedOut, outcome: .notSent, reason: "no connection of the pool became free in time"))
          }
          timer.withLock { $0 = task }
        }
      }
    } onCancel: {
      giveUp(id, Self.cancelledError)
    }
    timer.withLock { $0?.cancel() }
    return try result.get()
  }

  /// Answers the caller at once or puts it in line.
  /// - Returns: whether it waits.
  private func enter(_ id: PoolStateMachine.WaiterID, _ continuation: Waiter) -> Bool {
    enum Entered {
      case answer(Result<Lease, PostgresError>)
      case wait(connect: PoolStateMachine.ConnectionID?)
    }
    let entered: Entered = state.withLock { state in
      // Asked under the lock: a cancellation is either seen here, or finds the waiter in line.
      guard !Task.isCancelled else { return .answer(.failure(Self.cancelledError)) }
      switch state.machine.acquire(id) {
      case .lease(let connection):
        guard let found = state.connections[connection] else { return .answer(.failure(Self.closedError)) }
        return .answer(.success(Lease(id: connection, connection: found)))
      case .wait(let connect):
        state.waiters[id] = continuation
        return .wait(connect: connect)
      case .refuseExhausted:
        return .answer(
          .failure(PostgresError(.poolExhausted, outcome: .notSent, reason: "too many callers wait for a connection")))
      case .refuseClosed: return .answer(.failure(Self.closedError))
      }
    }
    switch entered {
    case .answer(let result):
      continuation.resume(returning: result)
      return false
    case .wait(let connect):
      if let connect { open(connect) }
      return true
    }
  }

  private func giveUp(_ id: PoolStateMachine.WaiterID, _ error: PostgresError) {
    let waiter = state.withLock { state in
      state.machine.giveUp(id) ? state.waiters.removeValue(forKey: id) : nil
    }
    waiter?.resume(returning: .failure(error))
  }

  private func release(_ lease: Lease) async {
    var isReusable = lease.connection.isUsable
    if isReusable, !lease.connection.isIdle {
      do {
        try await lease.connection.rollback()
      } catch {
        isReusable = false
      }
    }
    let placed = state.withLock { state in
      let placed = state.machine.released(lease.id, now: .now, isReusable: isReusable)
      if case .close = placed { state.connections[lease.id] = nil }
      return placed
    }
    await perform(placed, lease)
  }

  private func perform(_ placed: PoolStateMachine.Placed, _ lease: Lease) async {
    switch placed {
    case .park: break
    case .hand(let id):
      let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
      waiter?.resume(returning: .success(lease))
    case .close(let connect):
      if let connect { open(connect) }
      await lease.connection.close()
      finishClosing(isForced: false)
    }
  }

  // MARK: Opening

  private func open(_ id: PoolStateMachine.ConnectionID) {
    Task {
      do throws(PostgresError) {
        let connection = try await Connection.open(settings, logger: logger)
        let lifetime = configuration.maximumLifetime - configuration.lifetimeJitter * Double.random(in: 0..<1)
        let placed = state.withLock { state in
          let placed = state.machine.connected(id, now: .now, lifetime: lifetime)
          if case .close = placed {} else { state.connections[id] = connection }
          return placed
        }
        await perform(placed, Lease(id: id, connection: connection))
      } catch {
        logger.warning("no connection to PostgreSQL", metadata: ["error": "\(error)", "reason": "\(error.reason)"])
        let refused = state.withLock { state in
          state.machine.connectFailed(id).compactMap { state.waiters.removeValue(forKey: $0) }
        }
        for waiter in refused { waiter.resume(returning: .failure(error)) }
        finishClosing(isForced: false)
      }
    }
  }

  private func maintain() {
    let (work, closing) = state.withLock { state in
      let work = state.machine.maintain(now: .now)
      return (work, work.close.compactMap { state.connections.removeValue(forKey: $0) })
    }
    for id in work.connect { open(id) }
    Task { for connection in closing { await connection.close() } }
  }

  private static let closedError = PostgresError(.poolClosed, outcome: .notSent, reason: "the pool is closed")
  private static let cancelledError = PostgresError(.cancelled, outcome: .notSent, reason: "the caller was cancelled")
}
