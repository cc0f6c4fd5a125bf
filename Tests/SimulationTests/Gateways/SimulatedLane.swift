import LedgerStore
import Postgres

/// The shell around one `LaneMachine`, as `Lane` is around the real one: it performs effects on the simulated database.
final class SimulatedLane {
  typealias Answer = (Result<LaneAnswer, StoreError>) -> Void

  /// How often callers past their deadline are looked for. Nothing depends on it but how soon they hear.
  private static let tickInterval: Duration = .milliseconds(250)
  /// The deadline of a caller without one.
  private static let patience: Duration = .seconds(1_000_000)

  private let process: SimulatedProcess
  private var world: World { process.world }
  private var machine: LaneMachine
  private var connection: DatabaseConnection?
  private var waiting: [UInt64: Answer] = [:]
  private var nextTicket: UInt64 = 0
  private var isTicking = false
  /// What waits for the round trip that writes; nil when none is under way.
  private var unsent: [(DatabaseServer.Request, LaneFault.RoundTrip)]?

  init(_ process: SimulatedProcess, machine: LaneMachine) {
    self.process = process
    self.machine = machine
  }

  /// Whether nothing is under way and everybody has been answered.
  var isIdle: Bool { machine.isIdle && waiting.isEmpty }

  /// Runs one command and answers after the commit, or when `timeout` is over.
  func submit(_ command: LaneCommand, timeout: Duration?, _ answer: @escaping Answer) {
    let ticket = nextTicket
    nextTicket += 1
    waiting[ticket] = answer
    let deadline = world.clock.instant + (timeout ?? Self.patience)
    handle(.submitted(LaneEntry(ticket: ticket, command: command, deadline: deadline)))
  }

  private func handle(_ event: LaneEvent) {
    let effects = machine.handle(event, now: world.clock.instant)
    for effect in effects {
      perform(effect)
      guard process.outlivesEffect() else { return }
    }
    tick()
  }

  private func perform(_ effect: LaneEffect) {
    switch effect {
    case .load(let batch, let knownPriceVersion):
      world.log(process.name, "load \(batch.entries.map(\.command.trace))")
      load(batch, knownPriceVersion)
    case .writeRows(let rows):
      write(.writeRows(rows), .rows)
      process.after(.zero) { [self] in handle(.handedOver) }
    case .write(let writes):
      write(.write(writes), .write)
    case .rollBack:
      unsent = nil
      rollBack()
    case .answer(let ticket, let result):
      waiting.removeValue(forKey: ticket)?(result)
    case .pause(let span):
      process.after(span) { [self] in handle(.resumed) }
    case .alert(let alert):
      world.log(process.name, "alert \(alert)")
      world.auditor.alerted(alert)
    }
  }

  private func load(_ batch: LaneBatch, _ knownPriceVersion: Int64) {
    if connection?.isUsable != true { connection = DatabaseConnection(owner: process) }
    send(.load(batch.entries.map(\.command), knownPriceVersion: knownPriceVersion), .load) { answer in
      guard case .loaded(let batch) = answer else { return .written }
      return .loaded(batch)
    }
  }

  /// The round trips that write a batch follow each other; after one that failed nothing more is sent.
  private func write(_ request: DatabaseServer.Request, _ roundTrip: LaneFault.RoundTrip) {
    guard unsent == nil else {
      unsent?.append((request, roundTrip))
      return
    }
    unsent = []
    send(request, roundTrip) { [self] _ in
      let later = unsent ?? []
      unsent = nil
      if roundTrip == .write { return .written }
      for (request, roundTrip) in later { write(request, roundTrip) }
      return nil
    }
  }

  private func send(
    _ request: DatabaseServer.Request, _ roundTrip: LaneFault.RoundTrip,
    _ event: @escaping (DatabaseServer.Answer) -> LaneEvent?
  ) {
    guard let connection, connection.isUsable else {
      process.after(world.networkDelay()) { [self] in
        handle(.failed(LaneFault(PostgresError.notConnected, in: roundTrip)))
      }
      return
    }
    connection.send(request) { [self] result in
      switch result {
      case .success(let answer):
        if let event = event(answer) { handle(event) }
      case .failure(let error):
        world.log(process.name, "\(roundTrip) failed: \(error.sqlState ?? "\(error.code)")")
        handle(.failed(world.bugs.fault(error, roundTrip)))
      }
    }
  }

  private func rollBack() {
    guard let connection, connection.isUsable else {
      self.connection = nil
      process.after(.zero) { [self] in handle(.rolledBack) }
      return
    }
    connection.send(.rollBack) { [self] result in
      if case .failure = result { connection.close() }
      if !connection.isUsable { self.connection = nil }
      handle(.rolledBack)
    }
  }

  private func tick() {
    guard !isTicking, machine.needsTicks else { return }
    isTicking = true
    process.after(Self.tickInterval) { [self] in
      isTicking = false
      handle(.tick)
    }
  }
}
