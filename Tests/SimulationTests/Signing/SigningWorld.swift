import Gateway
import Ledger
import LedgerStore
import TallyTesting
import TransparencyLog

/// A signer with its tables and its disk, in which everything that can go wrong does: the process dies before, in the
/// middle of and after every effect, questions fail with or without having been done, old databases come back, and old
/// state files.
struct SigningWorld {
  /// What a seed is exposed to. Whoever brings back both yesterday's database and yesterday's state file makes the
  /// signer forget: nothing but a head held outside shows that.
  enum Loss: CaseIterable {
    case nothing, database, stateFile
  }

  static let keys: [NoteSigningKey] = [NoteSigningKey(newNamed: "tally.local")].compactMap(\.self)
  private static let start = Timestamp(microseconds: 1_700_000_000_000_000)
  private static let settings: SignerSettings = {
    var settings = SignerSettings(lease: .seconds(15))
    settings.batchSize = 2
    return settings
  }()

  let loss: Loss
  var random: SeededGenerator
  var tables = SigningTables()
  private var machine: SignerMachine
  private var instance: UInt128 = 1
  private var disk: SignerState?
  private var now = Duration.zero
  /// Effects that were wanted and not done yet.
  private var wanted: [SignerEffect] = []
  /// Transactions of processes that died: they may still commit.
  private var ghosts: [(heads: [LogHead], term: Int64, instance: InstanceID)] = []
  private var oldTables: [SigningTables] = []
  private var oldDisks: [SignerState] = []
  /// The leaves under every root that a log ever had.
  private var history: [Digest: [Digest]] = [:]
  /// The leaves under the largest head that was ever signed of each log.
  private(set) var signed: [String: [Digest]] = [:]
  private(set) var signatureCount = 0
  private(set) var contradictions: [String] = []
  private(set) var news: [SignerNews] = []

  init(seed: UInt64, loss: Loss) {
    random = SeededGenerator(seed: seed)
    self.loss = loss
    machine = SignerMachine(
      Self.settings, keys: Self.keys.map(\.verifier), instance: InstanceID(bits: instance))
    for bits in 1...5 as ClosedRange<UInt128> {
      tables.logs[TeamID(bits: bits)] = SignedLog(team: TeamID(bits: bits))
      grow(TeamID(bits: bits))
    }
  }

  /// One thing happens.
  mutating func step() {
    switch Int.random(in: 0..<1_000, using: &random) {
    case 0..<640: performOne(isCalm: false)
    case 640..<760: pass(.milliseconds(Int.random(in: 1...1_000, using: &random)))
    case 760..<850: grow(anyTeam())
    case 850..<910: ask()
    case 910..<930: pass(.seconds(Int.random(in: 1...600, using: &random)))
    case 930..<938: die()
    case 938..<940: handle(.stop)
    case 940..<960: commitGhost()
    case 960..<995: keepCopies()
    default: lose()
    }
  }

  /// Nothing goes wrong for so many seconds; whoever died is started again.
  mutating func calm(seconds: Int) {
    if machine.hasEnded { begin() }
    for _ in 0..<(seconds * 5) {
      pass(.milliseconds(200))
      while !wanted.isEmpty { performOne(isCalm: true) }
    }
  }

  /// Somebody waits for a head of every log.
  mutating func askForAll() {
    for log in tables.logs.values { tables.requests[log.team] = log.size }
  }

  // MARK: What happens

  private mutating func anyTeam() -> TeamID { TeamID(bits: UInt128.random(in: 1...5, using: &random)) }

  private mutating func grow(_ team: TeamID) {
    guard tables.logs[team]?.isHalted == false else { return }
    for _ in 0..<Int.random(in: 1...9, using: &random) {
      tables.logs[team]?.append(LeafHash.hash((0..<8).map { _ in UInt8.random(in: 0...255, using: &random) }))
    }
    if let log = tables.logs[team] { history[log.peaks.root] = log.leaves }
  }

  private mutating func ask() {
    let team = anyTeam()
    tables.requests[team] = tables.logs[team]?.size ?? 0
  }

  private mutating func pass(_ duration: Duration) {
    now += duration
    handle(.tick)
  }

  private mutating func handle(_ event: SignerEvent) {
    for effect in machine.handle(event, now: now, time: Self.start.adding(now)) {
      if case .tell(let news) = effect { self.news.append(news) } else { wanted.append(effect) }
    }
  }

  /// The process ends, perhaps in the middle of what it does; a new one begins at once.
  private mutating func die() {
    for effect in wanted {
      switch effect {
      case .sign(let heads, let term) where random.chance(50):
        ghosts.append((sign(heads), term, InstanceID(bits: instance)))
      case .note(let heads) where random.chance(50):
        note(Array(heads.prefix(Int.random(in: 0...heads.count, using: &random))))
      default: break
      }
    }
    begin()
  }

  private mutating func begin() {
    wanted = []
    instance += 1
    machine = SignerMachine(
      Self.settings, keys: Self.keys.map(\.verifier), instance: InstanceID(bits: instance))
  }

  private mutating func commitGhost() {
    guard !ghosts.isEmpty else { return }
    let ghost = ghosts.removeFirst()
    _ = store(ghost.heads, term: ghost.term, instance: ghost.instance)
  }

  private mutating func keepCopies() {
    oldTables.append(tables)
    if let disk { oldDisks.append(disk) }
  }

  private mutating func lose() {
    switch loss {
    case .nothing: break
    case .database:
      if let old = oldTables.randomElement(using: &random) { tables = old }
    case .stateFile:
      // A file is only ever brought back while no process runs.
      guard let old = oldDisks.randomElement(using: &random) else { return }
      die()
      disk = old
    }
  }

  // MARK: Effects

  private mutating func performOne(isCalm: Bool) {
    guard !wanted.isEmpty else { return }
    let effect = wanted.remove(at: isCalm ? 0 : Int.random(in: 0..<wanted.count, using: &random))
    let isLost = !isCalm && random.chance(3)
    if isLost, random.chance(50) {
      // It never got there.
      if let event = Self.failure(of: effect) { handle(event) }
      return
    }
    let event = perform(effect)
    // It was done, and nobody heard of it.
    if let event = isLost ? Self.failure(of: effect) : event { handle(event) }
  }

  private static func failure(of effect: SignerEffect) -> SignerEvent? {
    switch effect {
    case .readFile: .fileRead(.damaged("it cannot be read"))
    case .readLease: .leaseRead(nil)
    case .makeState: .stateMade(nil)
    case .takeLease(_, _, let sentAt): .leaseTaken(nil, sentAt: sentAt)
    case .renewLease(_, let sentAt): .leaseRenewed(nil, sentAt: sentAt)
    case .readRequests: .requestsRead(nil)
    case .readTips, .readPage: .tipsRead(nil)
    case .readRows: .rowsRead(nil)
    case .note: .noted(false)
    case .sign: .stored(nil)
    case .endLease, .forget, .halt, .tell, .ended: nil
    }
  }

  private mutating func perform(_ effect: SignerEffect) -> SignerEvent? {
    let time = Self.start.adding(now)
    switch effect {
    case .readFile: return .fileRead(disk.map { .found($0) } ?? .missing)
    case .readLease:
      var lease = tables.lease
      lease?.now = time
      return .leaseRead(LeaseLook(lease: lease, hasHeads: tables.hasHeads))
    case .makeState:
      disk = SignerState(id: SignerStateID(bits: instance))
      return .stateMade(disk)
    case .takeLease(let state, let term, let sentAt):
      return .leaseTaken(take(state, after: term), sentAt: sentAt)
    case .renewLease(let term, let sentAt):
      let isOurs = tables.lease?.term == term && tables.lease?.holder == InstanceID(bits: instance)
      if isOurs { tables.lease?.leaseUntil = time.adding(Self.settings.lease) }
      return .leaseRenewed(isOurs, sentAt: sentAt)
    case .endLease:
      if tables.lease?.holder == InstanceID(bits: instance) { tables.lease?.leaseUntil = time }
      return nil
    case .readRequests(let limit):
      let found = tables.requests.sorted { $0.key < $1.key }.prefix(limit)
      return .requestsRead(found.map { HeadRequest(team: $0.key, wantedSize: $0.value) })
    case .readTips(let teams): return .tipsRead(teams.compactMap { tables.logs[$0]?.tip })
    case .readPage(let team, let limit): return .tipsRead(tables.page(after: team, limit: limit))
    case .readRows(let wanted):
      return .rowsRead(Dictionary(uniqueKeysWithValues: wanted.map { ($0, tables.logs[$0]?.rows($1) ?? TreeRows()) }))
    case .note(let heads):
      note(heads)
      return .noted(true)
    case .sign(let heads, let term):
      return .stored(store(sign(heads), term: term, instance: InstanceID(bits: instance)))
    case .forget(let requests):
      for request in requests where tables.requests[request.team, default: .max] <= request.wantedSize {
        tables.requests[request.team] = nil
      }
      return nil
    case .halt(let team, _, _, _):
      tables.logs[team]?.isHalted = true
      return nil
    case .ended:
      begin()
      return nil
    case .tell: return nil
    }
  }

  private mutating func take(_ state: SignerStateID, after term: Int64?) -> LeaseAnswer {
    let time = Self.start.adding(now)
    let holder = InstanceID(bits: instance)
    let end = time.adding(Self.settings.lease)
    guard let lease = tables.lease else {
      guard term == nil else { return .refused }
      tables.lease = SignerLease(state: state, holder: holder, term: 1, leaseUntil: end, now: time)
      return .taken(term: 1)
    }
    guard lease.state == state, lease.term == term, lease.leaseUntil <= time || lease.holder == holder else {
      return .refused
    }
    tables.lease = SignerLease(state: state, holder: holder, term: lease.term + 1, leaseUntil: end, now: time)
    return .taken(term: lease.term + 1)
  }

  private mutating func note(_ heads: [NewHead]) {
    for head in heads { disk?.heads[head.origin] = head.signed }
  }

  /// Signs, and compares with everything that was ever signed of the log.
  private mutating func sign(_ heads: [(team: TeamID, head: NewHead)]) -> [LogHead] {
    heads.compactMap { team, head in
      signatureCount += 1
      let leaves = history[head.signed.root] ?? []
      let before = signed[head.origin] ?? []
      if leaves.count != Int(head.signed.size) || !zip(leaves, before).allSatisfy(==) {
        contradictions.append("\(head.origin) at \(head.signed.size)")
      }
      if leaves.count > before.count { signed[head.origin] = leaves }
      let note = try? Checkpoint(origin: head.origin, size: head.signed.size, root: head.signed.root)
        .signed(by: Self.keys[0])
      return note.map {
        LogHead(
          team: team, origin: head.origin, size: head.signed.size, root: head.signed.root, note: $0.bytes,
          signedAt: Self.start.adding(now))
      }
    }
  }

  private mutating func store(_ heads: [LogHead], term: Int64, instance: InstanceID) -> Bool {
    guard tables.lease?.term == term, tables.lease?.holder == instance else { return false }
    for head in heads where (tables.logs[head.team]?.head?.size ?? 0) <= head.size {
      tables.logs[head.team]?.head = head
    }
    return true
  }
}
