import Ledger
import LedgerStore
import Postgres

/// The simulated PostgreSQL: sessions that run their requests one after the other, row locks of teams, READ COMMITTED,
/// the time-outs that Tally sets on every connection, and a clock that can jump.
final class DatabaseServer {
  /// What a client sends.
  enum Request {
    /// A batch's first round trip.
    case load([LaneCommand], knownPriceVersion: Int64)
    /// Rows of a batch, in the transaction that is open.
    case writeRows(LaneWrites)
    /// A batch's last round trip, with its COMMIT.
    case write(LaneWrites)
    /// ROLLBACK.
    case rollBack
    /// A statement outside of the lanes, in a transaction of its own.
    case statement((inout SimulatedTables, Timestamp) -> Void)
  }

  /// What a request comes to.
  enum Answer {
    case loaded(LoadedBatch)
    case written
    case rolledBack
    case ran
  }

  typealias Reply = (Result<Answer, PostgresError>) -> Void

  static let lockTimeout: Duration = .milliseconds(500)
  static let idleInTransactionTimeout: Duration = .seconds(2)

  unowned let world: World
  var tables = SimulatedTables()
  /// How far the clock is from the true one.
  var clockOffset = Duration.zero
  /// No connection can be made before.
  private(set) var isDownUntil = Duration.zero
  private var sessions: [DatabaseSession] = []
  private var lockOwners: [TeamID: DatabaseSession] = [:]
  private var lockWaiters: [TeamID: [DatabaseSession]] = [:]

  init(world: World) {
    self.world = world
  }

  /// `clock_timestamp()`.
  var now: Timestamp { world.clock.wall.shifted(by: clockOffset) }

  var isDown: Bool { world.clock.now < isDownUntil }

  /// What a transaction has left over; nil: nothing.
  var leak: String? {
    if sessions.contains(where: { $0.isOpen || $0.isWaiting }) { return "a transaction is open" }
    if lockOwners.isEmpty, lockWaiters.values.allSatisfy(\.isEmpty) { return nil }
    return "a team is locked"
  }

  /// A new session; nil while the server is down.
  func connect() -> DatabaseSession? {
    guard !isDown else { return nil }
    let session = DatabaseSession()
    sessions.append(session)
    return session
  }

  /// A request has arrived. It runs when the session's earlier ones are through.
  func receive(_ request: Request, failure: String? = nil, on session: DatabaseSession, _ reply: @escaping Reply) {
    session.inbox.append(DatabaseSession.Message(request: request, failure: failure, reply: reply))
    runNext(session)
  }

  /// The client has closed its end, which the backend sees when it looks for the next request.
  func receiveClose(of session: DatabaseSession) {
    session.isClosing = true
    runNext(session)
  }

  /// The backend ends: what is open is rolled back.
  func end(_ session: DatabaseSession) {
    guard !session.isGone else { return }
    session.isGone = true
    session.isWaiting = false
    sessions.removeAll { $0 === session }
    for team in lockWaiters.keys { lockWaiters[team]?.removeAll { $0 === session } }
    releaseLocks(of: session)
    let unread = session.inbox
    session.inbox = []
    for message in unread { message.reply(.failure(.lost)) }
  }

  /// The server stops: every backend ends, and comes back after `span`. What is committed stays.
  func restart(after span: Duration) {
    isDownUntil = world.clock.now + span
    for session in sessions { end(session) }
  }

  private func runNext(_ session: DatabaseSession) {
    while !session.isWaiting, !session.isGone {
      guard !session.inbox.isEmpty else {
        if session.isClosing { end(session) }
        return
      }
      run(session.inbox.removeFirst(), on: session)
    }
    if session.isGone {
      let unread = session.inbox
      session.inbox = []
      for message in unread { message.reply(.failure(.lost)) }
    }
  }

  private func run(_ message: DatabaseSession.Message, on session: DatabaseSession) {
    session.requests += 1
    if let failure = message.failure {
      abort(session)
      message.reply(.failure(.refusal(failure)))
      return
    }
    switch message.request {
    case .load(let commands, let knownPriceVersion):
      session.wanted = LaneNeeds(commands).teams.filter { tables.teams[$0] != nil }
      session.isWaiting = true
      session.load = { [unowned self, unowned session] in
        session.isOpen = true
        let batch = tables.load(
          commands, locked: Set(session.locked), knownPriceVersion: knownPriceVersion, clock: now)
        message.reply(.success(.loaded(batch)))
      }
      session.fail = { message.reply(.failure($0)) }
      takeLocks(session)
    case .writeRows(let rows):
      guard session.isOpen else {
        message.reply(.failure(.refusal("25P01")))
        return
      }
      session.rows.append(rows)
      endIfIdle(session)
      message.reply(.success(.ran))
    case .write(let writes):
      write(session.takeRows(before: writes), on: session, message.reply)
    case .rollBack:
      abort(session)
      message.reply(.success(.rolledBack))
    case .statement(let body):
      body(&tables, now)
      message.reply(.success(.ran))
    }
  }

  private func write(_ writes: LaneWrites, on session: DatabaseSession, _ reply: Reply) {
    guard session.isOpen else {
      reply(.failure(.refusal("25P01")))
      return
    }
    var next = tables
    do throws(RowRefusal) {
      try next.write(writes)
    } catch {
      abort(session)
      reply(.failure(.refusal(error.kind.rawValue, constraint: error.constraint)))
      return
    }
    world.auditor.willCommit(writes, locked: session.locked)
    tables = next
    session.isOpen = false
    world.auditor.didCommit(writes)
    releaseLocks(of: session)
    reply(.success(.written))
  }

  private func abort(_ session: DatabaseSession) {
    session.isOpen = false
    session.rows = []
    releaseLocks(of: session)
  }
}

// MARK: - Row locks

extension DatabaseServer {
  /// Takes the locks that the session wants in their order, or waits for the first that another one has.
  private func takeLocks(_ session: DatabaseSession) {
    while let team = session.wanted.first {
      guard lockOwners[team] == nil else {
        lockWaiters[team, default: []].append(session)
        let request = session.requests
        world.after(Self.lockTimeout) { [self] in
          guard session.isWaiting, session.requests == request, session.wanted.first == team else { return }
          timeOut(session, waitingFor: team)
        }
        return
      }
      lockOwners[team] = session
      session.locked.append(team)
      session.wanted.removeFirst()
    }
    session.isWaiting = false
    session.load?()
    session.load = nil
    endIfIdle(session)
    runNext(session)
  }

  private func timeOut(_ session: DatabaseSession, waitingFor team: TeamID) {
    lockWaiters[team]?.removeAll { $0 === session }
    session.isWaiting = false
    session.wanted = []
    session.load = nil
    abort(session)
    session.fail?(.refusal("55P03"))
    runNext(session)
  }

  private func endIfIdle(_ session: DatabaseSession) {
    let request = session.requests
    world.after(Self.idleInTransactionTimeout) { [self] in
      guard session.isOpen, session.requests == request else { return }
      end(session)
    }
  }

  private func releaseLocks(of session: DatabaseSession) {
    let released = session.locked
    session.locked = []
    for team in released { lockOwners[team] = nil }
    for team in released {
      guard lockOwners[team] == nil, let waiters = lockWaiters[team], !waiters.isEmpty else { continue }
      // Whoever of them: PostgreSQL promises no order.
      let next = waiters[world.random.below(waiters.count)]
      lockWaiters[team]?.removeAll { $0 === next }
      takeLocks(next)
    }
  }
}
