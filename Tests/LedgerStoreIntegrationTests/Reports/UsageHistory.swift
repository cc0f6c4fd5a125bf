import Ledger
import LedgerStore
import TallyTesting

/// A team's history of random edits at random moments of some months, made through the lanes: settled, refused, released,
/// charged by assumption, proven late, credited back. The database's clock is moved forward between them.
struct UsageHistory {
  static let zones = ["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia"]

  let store: LedgerStore
  let database: LedgerDatabase
  let clock: ShiftedClock
  let team = TeamID(bits: 0xA0)
  let members = (1...3).map { MemberID(bits: 0xB0 + UInt128($0)) }
  /// The first member has two.
  let keys = (0...3).map { KeyID(bits: 0xC0 + UInt128($0)) }
  var random: SeededGenerator

  private var open: [HoldRequest] = []
  private var assumed: [HoldRequest] = []
  private var charged: [RecordID] = []
  private var count: UInt128 = 0

  private init(store: LedgerStore, database: LedgerDatabase, clock: ShiftedClock, seed: UInt64) {
    self.store = store
    self.database = database
    self.clock = clock
    random = SeededGenerator(seed: seed)
  }

  /// Runs a test on a team without edits.
  /// - Parameters:
  ///   - rows: stored rows up to which a report adds them up itself; nil: as usual.
  ///   - zone: the team's time zone; nil: any.
  ///   - start: when it begins; nil: now.
  static func with(
    seed: UInt64, rows: Int? = nil, zone: String? = nil, from start: Timestamp? = nil,
    _ body: (inout UsageHistory) async throws -> Void
  ) async throws {
    try await withLedgerDatabase { database in
      let clock = ShiftedClock()
      try await clock.install(in: database)
      if let start {
        let step = (start.microseconds - clock.now.microseconds) / Timestamp.microsecondsPerSecond
        try await clock.advance(seconds: step, in: database)
      }
      let store = try await database.openStore { settings in
        settings.now = { clock.now }
        if let rows { settings.maximumUsageRows = rows }
      }
      do {
        var history = UsageHistory(store: store, database: database, clock: clock, seed: seed)
        try await history.makePeople(in: zone)
        try await body(&history)
      } catch {
        await store.close(within: .seconds(5))
        throw error
      }
      await store.close(within: .seconds(5))
    }
  }

  private mutating func makePeople(in given: String?) async throws {
    let by = SmallLedger.administrator
    let any = Self.zones[Int.random(in: 0..<Self.zones.count, using: &random)]
    _ = try await store.createTeam(NewTeam(id: team, name: "History", timeZone: given ?? any), by: by)
    for (number, member) in members.enumerated() {
      _ = try await store.addMember(
        NewMember(
          team: team, id: member, userID: "user-\(number)", userName: "John Doe",
          limit: number == 0 ? Credits(600_000) : nil), by: by)
    }
    for (number, key) in keys.enumerated() {
      _ = try await store.issueKey(
        NewKey(
          team: team, id: key, member: owner(of: number), hash: try SmallLedger.hash(UInt8(number)), hint: "aaaa",
          scopes: [.edit]), by: by)
    }
  }

  private func owner(of key: Int) -> MemberID { members[max(0, key - 1)] }

  /// Makes so many random steps.
  mutating func live(steps: Int) async throws {
    for _ in 0..<steps {
      try await pass()
      try await act()
    }
  }

  /// Makes a random step at each half hour of some days.
  mutating func live(days: Int) async throws {
    for _ in 0..<48 * days {
      try await clock.advance(seconds: 1_800, in: database)
      try await act()
    }
  }

  /// Lets some time pass: none, minutes, hours or days.
  mutating func pass() async throws {
    let seconds: Int64
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<55: return
    case 55..<75: seconds = Int64.random(in: 1...1_000, using: &random)
    case 75..<92: seconds = Int64.random(in: 1_000...20_000, using: &random)
    default: seconds = Int64.random(in: 20_000...400_000, using: &random)
    }
    try await clock.advance(seconds: seconds, in: database)
  }

  private mutating func act() async throws {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<45: try await submit()
    case 45..<70: try await settle()
    case 70..<77:
      guard let edit = taken(from: \.open) else { return try await submit() }
      _ = try await store.release(ReleaseRequest(team: team, record: edit.record, cause: .upstreamRefused))
    case 77..<85: try await assume()
    case 85..<91: try await prove()
    default: try await credit()
    }
  }

  private mutating func submit() async throws {
    count += 1
    let number = Int.random(in: 0..<keys.count, using: &random)
    let sizes = ["1024x1024", "1024x1536", "1536x1024"]
    let edit = HoldRequest(
      team: team, record: RecordID(bits: 0x1_0000 + count), member: owner(of: number), key: keys[number],
      model: "gpt-image-1-mini", quality: ["low", "medium", "high"][Int.random(in: 0..<3, using: &random)],
      size: sizes[Int.random(in: 0..<3, using: &random)], n: Int.random(in: 1...3, using: &random),
      promptObject: "{}", userID: "user-0")
    if case .held = try await store.hold(edit) { open.append(edit) }
  }

  /// Books something now: one edit that the upstream refused, in two lines.
  func release(_ number: UInt128 = 0) async throws {
    let edit = HoldRequest(
      team: team, record: RecordID(bits: 0x9_0000 + number), member: members[1], key: keys[2],
      model: "gpt-image-1-mini", quality: "low", size: "1024x1024", n: 1, promptObject: "{}", userID: "user-1")
    _ = try await store.hold(edit)
    _ = try await store.release(ReleaseRequest(team: team, record: edit.record, cause: .upstreamRefused))
  }

  private mutating func settle() async throws {
    guard let edit = taken(from: \.open) else { return try await submit() }
    let results = Int.random(in: 1...edit.n, using: &random)
    _ = try await store.settle(settlement(of: edit, results))
    charged.append(edit.record)
  }

  private mutating func assume() async throws {
    guard let edit = taken(from: \.open) else { return try await submit() }
    _ = try await store.markInDoubt(InDoubtRequest(team: team, record: edit.record, cause: .timedOut))
    _ = try await store.settle(
      SettleRequest(
        team: team, record: edit.record, upstreamUUID: nil, resultKeys: [], temporaryURL: nil, assumed: true))
    assumed.append(edit)
  }

  private mutating func prove() async throws {
    guard let edit = taken(from: \.assumed) else { return try await submit() }
    if random.chance(50) {
      var proof = settlement(of: edit, edit.n)
      proof.upstreamCredit = Credits(Int64.random(in: 1...20_000, using: &random))
      _ = try await store.settle(proof)
    } else {
      _ = try await store.release(ReleaseRequest(team: team, record: edit.record, cause: .upstreamRefused))
    }
  }

  private mutating func credit() async throws {
    guard let record = charged.randomElement(using: &random) else { return try await submit() }
    guard let kept = try await store.record(record, of: team), kept.credits > .zero else { return }
    _ = try await store.credit(
      CreditRequest(
        team: team, record: record, amount: Credits(Int64.random(in: 1...kept.credits.value, using: &random)),
        creditedBefore: Credits(kept.charged.value - kept.credits.value)), by: SmallLedger.administrator)
  }

  private func settlement(of edit: HoldRequest, _ results: Int) -> SettleRequest {
    SettleRequest(
      team: team, record: edit.record, upstreamUUID: "upstream-\(edit.record)",
      resultKeys: (0..<results).map { "images/\(edit.record)_\($0).png" }, temporaryURL: nil)
  }

  private mutating func taken(from path: WritableKeyPath<UsageHistory, [HoldRequest]>) -> HoldRequest? {
    guard !self[keyPath: path].isEmpty else { return nil }
    return self[keyPath: path].remove(at: Int.random(in: 0..<self[keyPath: path].count, using: &random))
  }

  /// Sums up whatever is over.
  func makeSpans() async throws {
    while try await store.makeSpans(of: team) > 0 {}
  }

  /// A question with random bounds, grouping and filters about what lies between two moments.
  mutating func question(from start: Timestamp, to end: Timestamp, isWhole: Bool) -> UsageRequest {
    var moments: Set<Timestamp> = []
    while moments.count < 2 || random.chance(85) {
      let moment = Timestamp(
        microseconds: Int64.random(in: start.microseconds...end.microseconds, using: &random))
      moments.insert(isWhole ? UsageKey.bucketStart(of: moment) : moment)
    }
    // A third of the questions is of people alone, and one of products: what is summed up by those is read for them.
    let asked =
      [UsageDimension.allCases, [.member, .key], [.model, .quality, .size]].randomElement(using: &random) ?? []
    var filters = UsageFilters()
    if random.chance(40) {
      if asked.contains(.member), random.chance(50) { filters.members = [members[0], members[2]] }
      if asked.contains(.key), random.chance(30) { filters.keys = [keys[1]] }
      if asked.contains(.quality), random.chance(30) { filters.qualities = ["low", "high"] }
      if asked.contains(.size), random.chance(20) { filters.sizes = [] }
    }
    return UsageRequest(
      team: team, bounds: moments.sorted(), filters: filters,
      grouping: Set(asked.filter { _ in random.chance(50) }))
  }
}
