import DequeModule

/// The pool's decisions, without a socket, a clock or a lock: every method takes an event and returns what the shell must do.
///
///     acquire ──▶ idle one? lease it
///            └──▶ room? connect and wait ──▶ connected: hand to the first waiter, else park
///            └──▶ wait in line, or be refused when the line is full
///     released ─▶ fit for use: hand to the first waiter, else park
///             └─▶ too old or broken: close, and connect anew when somebody waits
///
/// What always holds: never more than `maximumSize` connections in any phase together; nobody waits while a connection is idle;
/// waiters are served in the order in which they came.
package struct PoolStateMachine: Sendable {
  /// A connection, known by a number.
  package typealias ConnectionID = Int
  /// A caller, known by a number.
  package typealias WaiterID = Int
  /// Points in time, given by the caller.
  package typealias Instant = ContinuousClock.Instant

  private enum Phase {
    case connecting
    case idle(since: Instant)
    case leased
  }

  private struct Member {
    var phase: Phase
    /// Known from the moment that it stands.
    var endOfLife: Instant?
  }

  private let configuration: PoolConfiguration
  private var members: [ConnectionID: Member] = [:]
  // The last one parked is the first one taken, so that those above the need grow old and are closed.
  private var idle: [ConnectionID] = []
  private var waiters: Deque<WaiterID> = []
  private var connecting = 0
  private var nextID = 0
  private(set) package var isClosed = false

  /// - Parameter configuration: the limits.
  package init(_ configuration: PoolConfiguration) { self.configuration = configuration }

  /// Whether the last connection is gone.
  package var isEmpty: Bool { members.isEmpty }

  /// A look at the present.
  package var statistics: PoolStatistics {
    PoolStatistics(
      maximumSize: configuration.maximumSize, connecting: connecting, idle: idle.count,
      leased: members.count - connecting - idle.count, waiting: waiters.count)
  }

  // MARK: Callers

  /// What becomes of a caller.
  package enum Acquired: Sendable, Hashable {
    case lease(ConnectionID)
    case wait(connect: ConnectionID?)
    case refuseExhausted, refuseClosed
  }

  /// A caller wants a connection.
  /// - Parameter waiter: a number that was not used before.
  package mutating func acquire(_ waiter: WaiterID) -> Acquired {
    guard !isClosed else { return .refuseClosed }
    if let id = idle.popLast() {
      members[id]?.phase = .leased
      return .lease(id)
    }
    // Those for whom a connection is on its way do not count as a line.
    let canGrow = members.count < configuration.maximumSize && connecting <= waiters.count
    guard canGrow || waiters.count < connecting + configuration.maximumWaiters else { return .refuseExhausted }
    waiters.append(waiter)
    return .wait(connect: growForWaiters())
  }

  /// A caller does not want to wait any longer: its deadline has passed, or it was cancelled.
  /// - Returns: whether it was still waiting. If not it has been answered already.
  package mutating func giveUp(_ waiter: WaiterID) -> Bool {
    guard let index = waiters.firstIndex(of: waiter) else { return false }
    waiters.remove(at: index)
    return true
  }

  // MARK: Connections

  /// What becomes of a connection that nobody uses now.
  package enum Placed: Sendable, Hashable {
    case hand(to: WaiterID)
    case park
    case close(connect: ConnectionID?)
  }

  /// A connection stands.
  /// - Parameter lifetime: how old it may become, jitter included.
  package mutating func connected(_ id: ConnectionID, now: Instant, lifetime: Duration) -> Placed {
    guard members[id] != nil else { return .close(connect: nil) }
    connecting -= 1
    guard !isClosed else {
      members[id] = nil
      return .close(connect: nil)
    }
    members[id]?.endOfLife = now + lifetime
    return place(id, now)
  }

  /// A connection could not be made. While others are in use or on their way the waiters go on waiting for those; otherwise
  /// nobody could serve them, and it is better to say so at once.
  /// - Returns: those who must be told.
  package mutating func connectFailed(_ id: ConnectionID) -> [WaiterID] {
    guard members.removeValue(forKey: id) != nil else { return [] }
    connecting -= 1
    guard members.isEmpty else { return [] }
    defer { waiters = [] }
    return Array(waiters)
  }

  /// A caller gave its connection back.
  /// - Parameter isReusable: whether it stands and no transaction is open.
  package mutating func released(_ id: ConnectionID, now: Instant, isReusable: Bool) -> Placed {
    guard let member = members[id] else { return .close(connect: nil) }
    guard isReusable, !isClosed, !isPast(member.endOfLife, now) else {
      members[id] = nil
      return .close(connect: isClosed ? nil : growForWaiters())
    }
    return place(id, now)
  }

  // MARK: Maintenance

  /// What maintenance asks for.
  package struct Maintenance: Sendable, Hashable {
    /// To be closed; they are no members any more.
    package var close: [ConnectionID]
    /// To be made.
    package var connect: [ConnectionID]

    /// - Parameters:
    ///   - close: to be closed.
    ///   - connect: to be made.
    package init(close: [ConnectionID] = [], connect: [ConnectionID] = []) {
      self.close = close
      self.connect = connect
    }
  }

  /// Removes what is too old, or idle for too long and above the minimum, and makes what is missing.
  package mutating func maintain(now: Instant) -> Maintenance {
    var result = Maintenance()
    guard !isClosed else { return result }
    for id in idle {
      guard let member = members[id], case .idle(let since) = member.phase else { continue }
      let isSpare = members.count > configuration.minimumSize && now - since >= configuration.maximumIdleTime
      guard isSpare || isPast(member.endOfLife, now) else { continue }
      members[id] = nil
      result.close.append(id)
    }
    idle.removeAll { members[$0] == nil }
    while members.count < configuration.minimumSize { result.connect.append(grow()) }
    while let id = growForWaiters() { result.connect.append(id) }
    return result
  }

  /// The pool ends.
  /// - Returns: idle connections to be closed, which are no members any more, and callers to be told.
  package mutating func close() -> (close: [ConnectionID], refuse: [WaiterID]) {
    isClosed = true
    defer {
      idle = []
      waiters = []
    }
    for id in idle { members[id] = nil }
    return (idle, Array(waiters))
  }

  // MARK: Inside

  private func isPast(_ end: Instant?, _ now: Instant) -> Bool { end.map { now >= $0 } ?? false }

  private mutating func place(_ id: ConnectionID, _ now: Instant) -> Placed {
    if let waiter = waiters.popFirst() {
      members[id]?.phase = .leased
      return .hand(to: waiter)
    }
    members[id]?.phase = .idle(since: now)
    idle.append(id)
    return .park
  }

  private mutating func growForWaiters() -> ConnectionID? {
    guard connecting < waiters.count, members.count < configuration.maximumSize else { return nil }
    return grow()
  }

  private mutating func grow() -> ConnectionID {
    nextID += 1
    connecting += 1
    members[nextID] = Member(phase: .connecting)
    return nextID
  }
}
