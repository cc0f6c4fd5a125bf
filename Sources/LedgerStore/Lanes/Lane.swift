import Ledger
import Logging
import Metrics
import Postgres

/// A single writer for the teams that hash to it: the shell around `LaneMachine`, which owns one connection.
///
/// While one batch commits the next one gathers. There is no timer on the way, so an idle lane has the latency of one
/// transaction and a busy one the throughput of a batch.
actor Lane {
  /// No transaction lives longer: a round trip that takes more closes the connection, its outcome unknown.
  static let roundTripTimeout: Duration = .seconds(2)
  /// How often callers past their deadline are looked for.
  private static let tickInterval: Duration = .milliseconds(100)
  /// The deadline of a caller without one: longer than any process runs.
  private static let patience: Duration = .seconds(100 * 366 * 86_400)

  private var machine: LaneMachine
  private let settings: ConnectionSettings
  private let logger: Logger
  private let clock = ContinuousClock()
  private var connection: Connection?
  /// The last of the round trips that write the batch in flight; each begins when the one before it is done. False: one
  /// failed, and nothing more was sent.
  private var writing: Task<Bool, Never>?
  /// When the batch in flight must be written.
  private var writeDeadline: ContinuousClock.Instant?
  private var waiting: [UInt64: CheckedContinuation<Result<LaneAnswer, StoreError>, Never>] = [:]
  private var nextTicket: UInt64 = 0
  private nonisolated let inbox = LaneInbox()
  private var isTicking = false
  private var idleWaiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
  private var isClosed = false
  /// What the batch in flight has, for the failpoints; nil when none is armed.
  private var kinds: LaneBatchKinds?
  /// What it did so far.
  private(set) var statistics = LaneStatistics()
  private let batchSizes = Recorder(label: "tally_lane_batch_commands")

  /// A lane that connects at its first batch. `settings` must name the lane's role.
  init(machine: LaneMachine, settings: ConnectionSettings, logger: Logger) {
    self.machine = machine
    self.settings = settings
    self.logger = logger
  }

  /// Runs one command and returns its answer after the commit.
  ///
  /// A caller whose deadline passes is told `unavailable`; what it asked for is then finished or taken back without it.
  /// Cancelling the caller's task changes nothing: a command that came in is decided.
  ///
  /// - Parameter timeout: how long the caller waits; nil: until the command is committed or refused for good.
  nonisolated func submit(_ command: LaneCommand, timeout: Duration?) async throws(StoreError) -> LaneAnswer {
    let deadline = ContinuousClock.now + (timeout ?? Self.patience)
    let result = await withCheckedContinuation { continuation in
      let mustTell = inbox.add(LaneInbox.Item(command: command, deadline: deadline, caller: continuation))
      if mustTell { Task { await self.takeInbox() } }
    }
    return try result.get()
  }

  /// Takes in what callers have brought, all of it in one turn of the actor.
  private func takeInbox() {
    for item in inbox.takeAll() {
      guard !isClosed else {
        item.caller.resume(returning: .failure(StoreError(.unavailable(mayBeHeld: false))))
        continue
      }
      let ticket = nextTicket
      nextTicket += 1
      waiting[ticket] = item.caller
      handle(.submitted(LaneEntry(ticket: ticket, command: item.command, deadline: item.deadline)))
    }
  }

  /// How many commands wait.
  var waitingCount: Int { machine.waitingCount }

  /// Returns when nothing waits and nothing is in flight, at the latest after `limit`: without a database settlements
  /// wait for as long as it is away.
  func drained(within limit: Duration) async {
    takeInbox()
    if machine.isIdle { return }
    let waiter = nextTicket
    nextTicket += 1
    await withCheckedContinuation { continuation in
      idleWaiters[waiter] = continuation
      Task {
        try? await Task.sleep(for: limit)
        idleWaiters.removeValue(forKey: waiter)?.resume()
      }
    }
  }

  /// Closes the connection and tells whoever still waits. What is not committed is rolled back by the server.
  func close() async {
    takeInbox()
    isClosed = true
    for continuation in waiting.values { continuation.resume(returning: .failure(Self.isClosing)) }
    waiting = [:]
    await connection?.close()
    connection = nil
  }

  /// What a lane that closes cannot tell: a command in flight may have been committed.
  private static var isClosing: StoreError { StoreError(.unavailable(mayBeHeld: true)) }

  private func handle(_ event: LaneEvent) {
    guard !isClosed else { return }
    let effects = machine.handle(event, now: clock.now)
    for effect in effects { perform(effect) }
    startTicking()
    if machine.isIdle, !idleWaiters.isEmpty {
      let waiters = idleWaiters
      idleWaiters = [:]
      for waiter in waiters.values { waiter.resume() }
    }
  }

  private func perform(_ effect: LaneEffect) {
    switch effect {
    case .answer(let ticket, let result):
      waiting.removeValue(forKey: ticket)?.resume(returning: result)
    case .load(let batch, let knownPriceVersion):
      batchSizes.record(Int64(batch.entries.count))
      statistics.countBatch(batch.entries.count)
      kinds = LaneBatchKinds(batch)
      (writing, writeDeadline) = (nil, nil)
      load(batch, knownPriceVersion: knownPriceVersion)
    case .writeRows(let rows):
      write(rows, commits: false)
      // In its turn among the lane's callers: deciding a large batch keeps nobody waiting for longer than a part takes.
      Task(priority: Self.priority) { self.handle(.handedOver) }
    case .write(let writes):
      write(writes, commits: true)
    case .rollBack:
      Task(priority: Self.priority) { [writing] in
        _ = await writing?.value
        await self.rollBack()
      }
    case .pause(let duration):
      Task {
        // Cancelled only when the process ends; then the pause does not matter.
        try? await Task.sleep(for: duration)
        self.handle(.resumed)
      }
    case .alert(let alert):
      report(alert)
    }
  }

  private func startTicking() {
    guard !isTicking, machine.needsTicks else { return }
    isTicking = true
    Task {
      while machine.needsTicks, !isClosed {
        try? await Task.sleep(for: Self.tickInterval)
        handle(.tick)
      }
      isTicking = false
    }
  }
}

// MARK: - Round trips

extension Lane {
  /// The lane's own steps go before what its callers want from it: hundreds of them may be waiting for the actor.
  private static let priority = TaskPriority.high

  /// Encoding, waiting and reading happen outside the actor, where callers go on submitting meanwhile.
  private func load(_ batch: LaneBatch, knownPriceVersion: Int64) {
    statistics.roundTrips += 1
    let (kinds, open) = (kinds, connection)
    Task.detached(priority: Self.priority) {
      do throws(PostgresError) {
        let connection = if let open, open.isUsable { open } else { try await self.openConnection() }
        kinds?.pass(.beforeLoad)
        let load = LaneLoad(batch.entries.map(\.command), knownPriceVersion: knownPriceVersion)
        let results = try await connection.run(load.pipeline, timeout: Self.roundTripTimeout)
        kinds?.pass(.afterLoad)
        await self.handle(.loaded(try load.read(results)))
      } catch {
        await self.handle(.failed(LaneFault(error, in: .load)))
      }
    }
  }

  /// One round trip of those that write a batch, behind the ones before it. Together they have the time of one.
  private func write(_ writes: LaneWrites, commits: Bool) {
    statistics.roundTrips += 1
    let deadline = writeDeadline ?? clock.now + Self.roundTripTimeout
    writeDeadline = deadline
    let (kinds, connection, earlier) = (kinds, connection, writing)
    writing = Task.detached(priority: Self.priority) {
      let pipeline = commits ? writes.pipeline : writes.statements
      guard await earlier?.value ?? true else { return false }
      do throws(PostgresError) {
        guard let connection else {
          throw PostgresError(.closed, outcome: .notSent, reason: "the connection is gone")
        }
        if commits { kinds?.pass(.beforeCommit) }
        _ = try await connection.run(pipeline, timeout: max(.zero, deadline - .now))
        if commits { kinds?.pass(.afterCommit) }
      } catch {
        await self.handle(.failed(LaneFault(error, in: commits ? .write : .rows)))
        return false
      }
      if commits { await self.handle(.written) }
      return true
    }
  }

  private func rollBack() async {
    if let connection {
      if connection.isUsable {
        do {
          try await connection.rollback()
        } catch {
          await connection.close()
        }
      }
      if !connection.isUsable { self.connection = nil }
    }
    handle(.rolledBack)
  }

  private func openConnection() async throws(PostgresError) -> Connection {
    if let connection, connection.isUsable { return connection }
    let opened = try await Connection.open(settings, logger: logger)
    guard !isClosed else {
      await opened.close()
      throw PostgresError(.closed, outcome: .notSent, reason: "the lane is closed")
    }
    connection = opened
    return opened
  }

  private func report(_ alert: LaneAlert) {
    switch alert {
    case .unknownHold(let record):
      logger.critical(
        "the hold of a resolution is not in the database; a settlement without one halts its team",
        metadata: ["record": "\(record)"])
    case .variance(let record, let amount):
      logger.warning(
        "work cost more than was charged for it", metadata: ["record": "\(record)", "variance": "\(amount)"])
    case .clockDifference(let microseconds):
      logger.critical(
        "the database's clock differs too much from this machine's; commands are refused",
        metadata: ["difference_ms": "\(microseconds / 1_000)"])
    case .fault(let fault):
      logger.error("the database refused a batch", metadata: ["error": "\(fault.error)"])
    }
    Counter(label: "tally_lane_alerts_total").increment()
  }
}
