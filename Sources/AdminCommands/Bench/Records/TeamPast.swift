import Gateway
import Ledger
import LedgerStore
import Sandbox

/// The past of one team: what its members and its administrator did, decided by the ledger in the order of time.
struct TeamPast: Sendable {
  /// What became of its edits.
  struct Counts: Sendable, Hashable {
    var settled = 0
    var released = 0
    var refused = 0
    var credited = 0
    var closedMonths = 0
  }

  /// What comes later without anybody sending it.
  private enum Event: Sendable {
    case settle(RecordID, kind: Int)
    case release(RecordID)
    case credit(RecordID, Credits)
    case close(CalendarMonth)
  }

  /// Commands of one piece: some megabytes of rows.
  private static let pieceCommands = 4_096
  /// Of a thousand edits so many are refused by the upstream, and of a thousand settled ones so many are given back in part.
  private static let releasedPerThousand = 20
  private static let creditedPerThousand = 3
  /// Of a hundred edits so many come with an Idempotency-Key.
  private static let keysPerHundred = 20

  let share: RecordsPlan.Share
  let team: TeamID
  /// The administrator's key, with every scope.
  let key: APIKey
  private(set) var counts = Counts()

  private let plan: RecordsPlan
  private let choices: EditChoices
  private var generator: SplitMix64
  private var schedule: TeamSchedule
  private var history: TeamHistory
  private var members: [BenchTeam.Member] = []
  /// The edits of the day, the next one last.
  private var drafts: [TeamSchedule.Draft] = []
  /// The next one last.
  private var events: [(at: Timestamp, event: Event)] = []
  /// Settled edits of which some will be given back.
  private var kept: Set<RecordID> = []

  /// The past of the team of a share: it is made, and so are its members with their keys.
  ///
  /// Throws `StoreError`.
  init(
    _ share: RecordsPlan.Share, of plan: RecordsPlan, _ choices: EditChoices, prices: PriceBook, in store: LedgerStore
  ) throws {
    self.share = share
    self.plan = plan
    self.choices = choices
    generator = SplitMix64(seed: plan.seed &+ UInt64(share.rank) &* 0x1_0000_0001)
    key = GatewayIDs.system.apiKey()
    schedule = TeamSchedule(share, of: plan)
    history = store.history(prices: prices)
    team = Self.id(&generator)
    try found(
      monthlyCredits: choices.averagePrice(in: prices, at: plan.start) * Double(share.edits) / Double(plan.months))
    var moment = plan.start
    while let month = store.month(at: moment, timeZone: share.timeZone), let end = month.end,
      let name = CalendarMonth(month), end.adding(seconds: 300) < plan.end
    {
      events.insert((end.adding(seconds: 300), .close(name)), at: 0)
      moment = end
    }
  }

  /// Makes the team, its members and their keys. Some have limits that they reach at the end of a month.
  private mutating func found(monthlyCredits: Double) throws {
    let by = BenchTeam.administrator
    let limit = share.rank % 7 == 3 ? Credits(Int64(monthlyCredits * 0.9)) : nil
    _ = try history.decide(
      .createTeam(
        NewTeam(
          id: team, name: "\(BenchTeam.namePrefix)\(share.rank)-\(team)", limit: limit, timeZone: share.timeZone), by),
      at: plan.start)
    for number in 0..<share.members {
      let member = BenchTeam.Member(id: Self.id(&generator), userID: "bench-user-\(number)", key: Self.id(&generator))
      let isAdministrator = number == 0
      let credits = monthlyCredits * schedule.share(ofMember: number)
      _ = try history.decide(
        .addMember(
          NewMember(
            team: team, id: member.id, userID: member.userID, userName: "Bench user \(number)",
            role: isAdministrator ? .admin : .member,
            limit: number % 5 == 4 ? Credits(Int64(credits * 0.8)) : nil), by),
        at: plan.start)
      let secret = isAdministrator ? key : GatewayIDs.system.apiKey()
      _ = try history.decide(
        .issueKey(
          NewKey(
            team: team, id: member.key, member: member.id, hash: secret.hash, hint: secret.hint,
            scopes: isAdministrator ? [.admin, .audit, .edit, .reports] : [.edit], ratePerMinute: 0), by),
        at: plan.start)
      members.append(member)
    }
  }

  /// The rows of the next commands; nil: all that happened is written.
  ///
  /// Throws `StoreError`, and `CommandFailure` where the ledger answers what cannot be.
  mutating func nextPiece() throws -> LaneWrites? {
    var decided = 0
    while decided < Self.pieceCommands, try step() { decided += 1 }
    guard decided > 0 else { return nil }
    let oldestKey = plan.end.adding(seconds: -LedgerStore.idempotencyKeptAtLeast.components.seconds)
    return history.takePiece(keeping: kept, keysSince: oldestKey)
  }

  private mutating func step() throws -> Bool {
    while drafts.isEmpty, let day = schedule.nextDay(choices, using: &generator) { drafts = day }
    if let next = events.last, drafts.last.map({ next.at <= $0.at }) ?? true {
      events.removeLast()
      try perform(next.event, at: next.at)
      return true
    }
    guard let draft = drafts.popLast() else { return false }
    try send(draft)
    return true
  }

  private mutating func send(_ draft: TeamSchedule.Draft) throws {
    let bits: UInt128 = Self.bits(&generator)
    let record = GatewayIDs(randomBits: { bits }).record(at: draft.at)
    let hasKey = Int.random(in: 0..<100, using: &generator) < Self.keysPerHundred
    let request = choices.kinds[draft.kind].edit.hold(
      record, team: team, member: members[draft.member], idempotencyKey: hasKey ? "bench-\(record)" : nil)
    switch try history.decide(.hold(request), at: draft.at) {
    case .held:
      let isReleased = Int.random(in: 0..<1_000, using: &generator) < Self.releasedPerThousand
      let microseconds = draft.at.microseconds + .random(in: 6_000_000..<40_000_000, using: &generator)
      schedule(
        isReleased ? .release(record) : .settle(record, kind: draft.kind), at: Timestamp(microseconds: microseconds))
    case .refused:
      counts.refused += 1
    case let answer:
      throw Self.unexpected(answer)
    }
  }

  private mutating func perform(_ event: Event, at moment: Timestamp) throws {
    switch event {
    case .settle(let record, let kind):
      let request = choices.kinds[kind].edit.settlement(record, team: team, hasAddress: false)
      guard case .resolved(let edit) = try history.decide(.settle(request), at: moment) else {
        throw Self.unexpected(event)
      }
      counts.settled += 1
      let later = moment.adding(seconds: .random(in: 600..<72_000, using: &generator))
      guard Int.random(in: 0..<1_000, using: &generator) < Self.creditedPerThousand, later < plan.end else { return }
      kept.insert(record)
      schedule(.credit(record, Credits(max(1, edit.charged.value / 2))), at: later)
    case .release(let record):
      _ = try history.decide(
        .release(
          ReleaseRequest(
            team: team, record: record, cause: .upstreamRefused, errorCode: "CONTENT_POLICY",
            errorMessage: "The request was refused.", errorStatus: 400)),
        at: moment)
      counts.released += 1
    case .credit(let record, let amount):
      kept.remove(record)
      let request = CreditRequest(team: team, record: record, amount: amount, creditedBefore: .zero)
      _ = try history.decide(.credit(request, BenchTeam.administrator), at: moment)
      counts.credited += 1
    case .close(let month):
      let request = ClosePeriodRequest(team: team, month: month, open: OpenEdits(records: [], since: 0))
      _ = try history.decide(.closePeriod(request, nil), at: moment)
      counts.closedMonths += 1
    }
  }

  /// Puts an event in its place: near the end, since most come within seconds.
  private mutating func schedule(_ event: Event, at moment: Timestamp) {
    let position = events.lastIndex { $0.at > moment }.map { $0 + 1 } ?? 0
    events.insert((moment, event), at: position)
  }

  private static func bits(_ generator: inout SplitMix64) -> UInt128 {
    UInt128(generator.next()) << 64 | UInt128(generator.next())
  }

  private static func id<Kind>(_ generator: inout SplitMix64) -> Identifier<Kind> {
    let bits = bits(&generator)
    return GatewayIDs(randomBits: { bits }).id()
  }

  private static func unexpected(_ answer: some Any) -> CommandFailure {
    CommandFailure(.failed, "the ledger gave an answer that a benchmark does not expect: \(answer)")
  }
}
