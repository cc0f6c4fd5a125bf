import Ledger
import LedgerStore
import Postgres
import TransparencyLog

/// One small team and a machine to drive by hand.
struct LaneFixture {
  static let now = Timestamp(microseconds: 1_800_000_000_000_000)
  let member = MemberID(bits: 2)
  let key = KeyID(bits: 3)
  var machine: LaneMachine
  var instant = ContinuousClock().now
  private var tickets: UInt64 = 0

  init(
    maximumBatch: Int = 100, maximumPart: Int = 100, maximumWaiting: Int = 1_000, maximumWaitingPerTeam: Int = 100
  ) {
    let environment = LaneEnvironment(
      logName: "tally.test", instance: InstanceID(bits: 9), now: { Self.now },
      month: { moment, _ in .utcMonth(containing: moment) }, salt: { [UInt8](repeating: 7, count: 32) })
    machine = LaneMachine(
      environment: environment,
      queue: LaneQueue(maximumWaiting: maximumWaiting, maximumWaitingPerTeam: maximumWaitingPerTeam),
      maximumBatch: maximumBatch, maximumPart: maximumPart)
  }

  func hold(
    _ record: UInt128, team: UInt128 = 1, idempotencyKey: String? = nil, body: String = "{}"
  ) -> LaneCommand {
    .hold(
      HoldRequest(
        team: TeamID(bits: team), record: RecordID(bits: record), member: member, key: key, model: "gpt-image-1-mini",
        quality: "medium", size: "1024x1024", n: 1, promptObject: "{}", userID: "user-12345",
        idempotency: idempotencyKey.map { IdempotencyClaim(key: $0, body: Array(body.utf8)) }))
  }

  func release(_ record: UInt128, team: UInt128 = 1) -> LaneCommand {
    .release(ReleaseRequest(team: TeamID(bits: team), record: RecordID(bits: record), cause: .notSent))
  }

  func entry(_ command: LaneCommand, ticket: UInt64, waits: Duration = .seconds(5)) -> LaneEntry {
    LaneEntry(ticket: ticket, command: command, deadline: instant + waits)
  }

  mutating func submit(_ command: LaneCommand, ticket: UInt64, waits: Duration = .seconds(5)) -> [LaneEffect] {
    machine.handle(.submitted(entry(command, ticket: ticket, waits: waits)), now: instant)
  }

  mutating func handle(_ event: LaneEvent) -> [LaneEffect] { machine.handle(event, now: instant) }

  /// What the first round trip would bring for these teams, with one edit of theirs in doubt.
  func loaded(
    teams: [UInt128] = [1], limit: Int64 = 1_000_000, clock: Timestamp = now, inDoubt record: UInt128? = nil
  ) -> LoadedBatch {
    var loaded: [TeamID: LoadedTeam] = [:]
    for bits in teams {
      var book = TeamBook(
        team: TeamState(id: TeamID(bits: bits)), origin: "tally.test/x", logSize: 1, lastAt: .epoch)
      book.members[member] = MemberState(id: member, limit: Credits(limit))
      book.keys[key] = KeyState(id: key, member: member, budgetSubject: key)
      if let id = record.map({ RecordID(bits: $0) }) {
        book.records[id] = RecordState(
          id: id, member: member, key: key, instance: InstanceID(bits: 9), state: .inDoubt, held: Credits(33_000), n: 1,
          unitPrice: Credits(33_000), priceVersion: 1, budgets: [], openedIndex: 0, heldAt: .epoch)
      }
      var peaks = Peaks()
      _ = peaks.append(LeafHash.hash([]))
      loaded[TeamID(bits: bits)] = LoadedTeam(book: book, peaks: peaks)
    }
    return LoadedBatch(clock: clock, teams: loaded, newPrices: PriceBook.defaultEntries)
  }

  static func fault(_ kind: LaneFault.Kind) -> LaneFault {
    LaneFault(kind: kind, error: PostgresError(.server, outcome: .failed, reason: "made for a test"))
  }
}

extension LaneEffect {
  /// What is to be written; nothing where this writes nothing.
  var writes: LaneWrites {
    switch self {
    case .writeRows(let writes), .write(let writes): writes
    case .load, .rollBack, .answer, .pause, .alert: LaneWrites()
    }
  }
}

extension [LaneEffect] {
  /// The batch that is to be loaded.
  var loadedBatch: LaneBatch? {
    for case .load(let batch, _) in self { return batch }
    return nil
  }

  /// The effects in few words, so that a test reads as a trace.
  var trace: [String] {
    map { effect in
      switch effect {
      case .load(let batch, _):
        let tickets = batch.entries.map { "\($0.ticket)" }.joined(separator: ",")
        return "load \(tickets)"
      case .writeRows: return "write rows"
      case .write: return "write"
      case .rollBack: return "roll back"
      case .pause: return "pause"
      case .alert: return "alert"
      case .answer(let ticket, .success(.held)): return "\(ticket) held"
      case .answer(let ticket, .success(.refused)): return "\(ticket) refused"
      case .answer(let ticket, .success(.repeated(let edit))): return "\(ticket) repeated \(edit.state.rawValue)"
      case .answer(let ticket, .success(.resolved(let edit))): return "\(ticket) \(edit.state.rawValue)"
      case .answer(let ticket, .success(.noted(let index))): return "\(ticket) noted \(index)"
      case .answer(let ticket, .success(.done)): return "\(ticket) done"
      case .answer(let ticket, .success(.unchanged)): return "\(ticket) unchanged"
      case .answer(let ticket, .failure(let error)):
        switch error.reason {
        case .unavailable(let mayBeHeld): return "\(ticket) unavailable\(mayBeHeld ? ", may be held" : "")"
        case .overloaded: return "\(ticket) overloaded"
        case .unknownHold: return "\(ticket) unknown hold"
        case .idempotencyKeyReused: return "\(ticket) key reused"
        default: return "\(ticket) failed"
        }
      }
    }
  }
}
