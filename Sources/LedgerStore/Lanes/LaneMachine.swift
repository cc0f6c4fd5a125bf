import DequeModule
import Ledger

/// The order of events in one lane, as a pure machine: event in, effects out (docs/ledger.md, "A lane's batch").
///
///     idle ──▶ loading ──▶ deciding ──▶ writing ──▶ idle   at most one batch in flight; the next one gathers meanwhile
///       ▲         │            │            │
///       └─ paused ◀┴── fault ──┴────────────┘              a batch that may be committed runs again until it knows
///
/// A large batch is decided part by part: while the database writes the rows of one part, the next one is decided. It is one
/// transaction all the same.
///
/// It holds no clock, no connection and no randomness: `now` comes with each event, the rest through `LaneEnvironment`.
package struct LaneMachine: Sendable {
  private enum Phase: Sendable {
    case idle
    case loading(LaneBatch)
    /// Some results are known and their rows on their way.
    case deciding(LaneBatch, [Result<LaneAnswer, StoreError>])
    case writing(LaneBatch, [Result<LaneAnswer, StoreError>])
    /// Waiting for the transaction to be undone, before `next`.
    case rollingBack(next: AfterRollback)
    case paused
  }

  private enum AfterRollback: Sendable {
    case advance
    case pause(Duration)
  }

  /// How a lane waits before it tries again: 50 ms, doubled each time, at most this.
  private static let longestPause: Duration = .seconds(2)
  /// A batch that deadlocks so often in a row is not going to get through.
  private static let maximumAttempts = 10
  /// The database's clock may differ so much from the gateway's; a larger jump would pin periods and prices.
  package static let maximumClockDifferenceMicroseconds: Int64 = 300_000_000

  private let environment: LaneEnvironment
  private let maximumBatch: Int
  private let maximumPart: Int
  private var queue: LaneQueue
  /// Batches that must run before new ones: halves, single teams, commits in doubt.
  private var work: Deque<LaneBatch> = []
  private var phase = Phase.idle
  /// What decides the batch in flight; beside its phase, so that it is never copied.
  private var decider: BatchDecider?
  /// Tickets whose callers still wait.
  private var callers: [UInt64: ContinuousClock.Instant] = [:]
  /// Resolutions that a blocked or missing database put off, each team's on its own, so that they keep nobody else.
  private var putOff: [(notBefore: ContinuousClock.Instant, batch: LaneBatch)] = []
  private var prices = PriceBook([])
  private var priceVersion: Int64 = 0
  private var pauses = 0

  /// A lane without commands.
  ///
  /// - Parameters:
  ///   - maximumBatch: commands in one transaction.
  ///   - maximumPart: commands that are decided before their rows are sent; the last part may have half as many again.
  package init(environment: LaneEnvironment, queue: LaneQueue, maximumBatch: Int, maximumPart: Int = 128) {
    self.environment = environment
    self.queue = queue
    self.maximumBatch = maximumBatch
    self.maximumPart = maximumPart
  }

  /// Whether nothing waits and nothing is in flight.
  package var isIdle: Bool {
    guard case .idle = phase else { return false }
    return queue.isEmpty && work.isEmpty && putOff.isEmpty
  }

  /// How many commands wait, for the metrics.
  package var waitingCount: Int {
    queue.count + putOff.reduce(0) { $0 + $1.batch.entries.count } + work.reduce(0) { $0 + $1.entries.count }
  }

  /// Whether `tick` must come: somebody waits, or something was put off.
  package var needsTicks: Bool { !callers.isEmpty || !putOff.isEmpty }

  /// Takes in what happened and says what is to be done.
  package mutating func handle(_ event: LaneEvent, now: ContinuousClock.Instant) -> [LaneEffect] {
    var effects: [LaneEffect] = []
    switch event {
    case .submitted(let entry):
      submit(entry, &effects)
    case .loaded(let loaded):
      decide(loaded, now, &effects)
      return effects
    case .handedOver:
      decideNextPart(&effects)
      return effects
    case .written:
      let answers = finish(now)
      // The next batch first: the database works while callers are told.
      advance(now, &effects)
      return effects + answers
    case .rolledBack:
      afterRollback(&effects)
    case .failed(let fault):
      fail(fault, now, &effects)
      return effects
    case .resumed:
      if case .paused = phase { phase = .idle }
    case .tick:
      expire(now, &effects)
    }
    advance(now, &effects)
    return effects
  }
}

// MARK: - From idle to written

extension LaneMachine {
  private mutating func submit(_ entry: LaneEntry, _ effects: inout [LaneEffect]) {
    switch queue.add(entry) {
    case .waiting: callers[entry.ticket] = entry.deadline
    case .laneFull, .teamFull: effects.append(.answer(ticket: entry.ticket, .failure(StoreError(.overloaded))))
    }
  }

  private mutating func advance(_ now: ContinuousClock.Instant, _ effects: inout [LaneEffect]) {
    guard case .idle = phase else { return }
    if work.isEmpty, let due = putOff.firstIndex(where: { $0.notBefore <= now }) {
      work.append(putOff.remove(at: due).batch)
    }
    if work.isEmpty {
      let entries = queue.take(maximum: maximumBatch, now: now)
      guard !entries.isEmpty else { return }
      work.append(LaneBatch(entries: entries))
    }
    guard let batch = work.popFirst() else { return }
    phase = .loading(batch)
    effects.append(.load(batch, knownPriceVersion: priceVersion))
  }

  private mutating func decide(
    _ loaded: LoadedBatch, _ now: ContinuousClock.Instant, _ effects: inout [LaneEffect]
  ) {
    guard case .loading(let batch) = phase else { return }
    let difference = loaded.clock.microseconds - environment.now().microseconds
    guard abs(difference) <= Self.maximumClockDifferenceMicroseconds else {
      effects.append(.alert(.clockDifference(microseconds: difference)))
      if batch.mayBeCommitted {
        // Nobody may be told that nothing is held: it goes on until the clock is right and the outcome is read back.
        prepend(batch, parts: [batch.entries])
      } else {
        giveUpOrPutOff(batch, StoreError(.unavailable(mayBeHeld: false)), now, &effects)
      }
      phase = .rollingBack(next: .pause(nextPause()))
      effects.append(.rollBack)
      return
    }
    if let newest = loaded.newPrices.map(\.version).max() {
      prices = PriceBook(prices.entries + loaded.newPrices)
      priceVersion = newest
    }
    decider = BatchDecider(loaded: loaded, prices: prices, environment: environment)
    phase = .deciding(batch, [])
    decideNextPart(&effects)
  }

  private mutating func decideNextPart(_ effects: inout [LaneEffect]) {
    guard case .deciding(let batch, var results) = phase, var decider = decider.take() else { return }
    let left = batch.entries[results.count...]
    let isLast = left.count <= maximumPart + maximumPart / 2
    // The database waits for the first part only, so that one is short.
    let size = results.isEmpty ? max(1, maximumPart / 4) : maximumPart
    results += decider.decide(part: isLast ? left : left.prefix(size))
    if isLast {
      phase = .writing(batch, results)
      effects.append(.write(decider.finish()))
    } else {
      phase = .deciding(batch, results)
      effects.append(.writeRows(decider.takeRows()))
      self.decider = decider
    }
  }

  private mutating func finish(_ now: ContinuousClock.Instant) -> [LaneEffect] {
    guard case .writing(let batch, let results) = phase else { return [] }
    var effects: [LaneEffect] = []
    phase = .idle
    pauses = 0
    for (entry, result) in zip(batch.entries, results) {
      let isAwaited = callers.removeValue(forKey: entry.ticket) != nil
      if isAwaited { effects.append(.answer(ticket: entry.ticket, result)) }
      if case .hold(let request) = entry.command, isLeftOver(result, isAwaited, batch) {
        // Its caller was or is told that nothing was sent, and nothing will be: the hold is given back.
        let release = ReleaseRequest(team: request.team, record: request.record, cause: .withdrawn)
        _ = queue.add(LaneEntry(ticket: entry.ticket, command: .release(release), deadline: now))
      }
      if case .failure(let error) = result, case .unknownHold(let record) = error.reason, entry.isResolution {
        effects.append(.alert(.unknownHold(record)))
      }
      if case .success(.resolved(let edit)) = result, edit.variance > .zero {
        effects.append(.alert(.variance(edit.record, edit.variance)))
      }
    }
    return effects
  }

  /// Whether a hold is there for which nobody is going to send anything: its caller has gone, or it took so long to find
  /// out about its commit that somebody else has put the hold in doubt meanwhile.
  private func isLeftOver(_ result: Result<LaneAnswer, StoreError>, _ isAwaited: Bool, _ batch: LaneBatch) -> Bool {
    switch result {
    case .success(.held): !isAwaited
    case .success(.resolved): batch.mayBeCommitted
    case .success, .failure: false
    }
  }
}

// MARK: - Faults

extension LaneMachine {
  private mutating func fail(_ fault: LaneFault, _ now: ContinuousClock.Instant, _ effects: inout [LaneEffect]) {
    guard let batch = batchInFlight else { return }
    decider = nil
    let losesResolution = fault.kind == .poison && batch.entries.count == 1 && batch.entries[0].isResolution
    if fault.kind == .ours || losesResolution { effects.append(.alert(.fault(fault))) }
    var next = AfterRollback.advance
    switch fault.kind {
    case .poison where batch.entries.count > 1, .ours where batch.entries.count > 1:
      let half = batch.entries.count / 2
      prepend(batch, parts: [Array(batch.entries[..<half]), Array(batch.entries[half...])])
    case .blocked where batch.teams.count > 1:
      let byTeam = Dictionary(grouping: batch.entries, by: \.command.team)
      prepend(batch, parts: byTeam.sorted { $0.key < $1.key }.map(\.value))
    case .runAgain where batch.attempt < Self.maximumAttempts:
      prepend(batch, parts: [batch.entries])
    case .unknown:
      var again = batch
      again.mayBeCommitted = true
      prepend(again, parts: [again.entries])
      next = .pause(nextPause())
    case .unavailable where batch.attempt == 0 || batch.mayBeCommitted:
      // A connection that broke while it was idle: the first try on a new one tells.
      prepend(batch, parts: [batch.entries])
      next = .pause(nextPause())
    case .blocked where batch.mayBeCommitted, .ours where batch.mayBeCommitted, .runAgain where batch.mayBeCommitted:
      prepend(batch, parts: [batch.entries])
      next = .pause(nextPause())
    case .poison, .blocked, .runAgain, .unavailable, .ours:
      giveUpOrPutOff(batch, StoreError(fault), now, &effects)
      if fault.kind == .unavailable || fault.kind == .ours { next = .pause(nextPause()) }
      if fault.kind == .unavailable { refuseWaiting(&effects) }
    }
    phase = .rollingBack(next: next)
    effects.append(.rollBack)
  }

  private var batchInFlight: LaneBatch? {
    switch phase {
    case .loading(let batch), .deciding(let batch, _), .writing(let batch, _): batch
    case .idle, .rollingBack, .paused: nil
    }
  }

  private mutating func prepend(_ batch: LaneBatch, parts: [[LaneEntry]]) {
    for part in parts.reversed() {
      work.prepend(LaneBatch(entries: part, attempt: batch.attempt + 1, mayBeCommitted: batch.mayBeCommitted))
    }
  }

  /// Tells the callers of what may be refused; keeps resolutions, which are tried until they commit.
  private mutating func giveUpOrPutOff(
    _ batch: LaneBatch, _ error: StoreError, _ now: ContinuousClock.Instant, _ effects: inout [LaneEffect]
  ) {
    var kept: [TeamID: [LaneEntry]] = [:]
    for entry in batch.entries {
      if entry.isResolution, !error.isPoison {
        kept[entry.command.team, default: []].append(entry)
      } else if callers.removeValue(forKey: entry.ticket) != nil {
        effects.append(.answer(ticket: entry.ticket, .failure(error)))
      }
    }
    for (_, entries) in kept.sorted(by: { $0.key < $1.key }) {
      let again = LaneBatch(entries: entries, attempt: batch.attempt + 1)
      putOff.append((now + Self.pause(attempt: again.attempt), again))
    }
  }

  /// Without a database nobody needs to wait for the deadline to hear it.
  private mutating func refuseWaiting(_ effects: inout [LaneEffect]) {
    for entry in queue.removeWaiting(where: { _ in true }) {
      callers[entry.ticket] = nil
      effects.append(.answer(ticket: entry.ticket, .failure(StoreError(.unavailable(mayBeHeld: false)))))
    }
  }

  private mutating func afterRollback(_ effects: inout [LaneEffect]) {
    guard case .rollingBack(let next) = phase else { return }
    switch next {
    case .advance:
      phase = .idle
    case .pause(let duration):
      phase = .paused
      effects.append(.pause(duration))
    }
  }

  private mutating func nextPause() -> Duration {
    pauses += 1
    return Self.pause(attempt: pauses)
  }

  private static func pause(attempt: Int) -> Duration {
    min(.milliseconds(25 << min(attempt, 8)), longestPause)
  }

  private mutating func expire(_ now: ContinuousClock.Instant, _ effects: inout [LaneEffect]) {
    for entry in queue.removeWaiting(where: { $0.deadline <= now }) {
      callers[entry.ticket] = nil
      effects.append(.answer(ticket: entry.ticket, .failure(StoreError(.unavailable(mayBeHeld: false)))))
    }
    // In the order in which they came, so that the same events give the same effects.
    for ticket in callers.filter({ $0.value <= now }).keys.sorted() {
      callers[ticket] = nil
      effects.append(.answer(ticket: ticket, .failure(StoreError(.unavailable(mayBeHeld: true)))))
    }
  }
}
