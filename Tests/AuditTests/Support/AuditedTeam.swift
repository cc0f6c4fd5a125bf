import Audit
import Crypto
import Ledger
import TallyTesting

/// A team's whole log, made by random commands through the ledger itself, with what is personal in each line.
struct AuditedTeam {
  private(set) var book: TeamBook
  private(set) var lines: [[UInt8]] = []
  private(set) var secrets: [LineSecret?] = []
  private var generator: SeededGenerator
  private var now = Timestamp(canonical: "2026-10-23T11:59:50.123456Z")!
  private var nextID: UInt128 = 1
  private var members: [MemberID] = []
  private var keys: [KeyID] = []
  private var open: [RecordID] = []
  private var over: [RecordID] = []
  private let prices: PriceBook
  /// The longest time from one command to the next.
  private let longestPause: Int64

  static let logName = "tally.example"

  /// A team without a line. `longestPause` is in microseconds.
  init(
    seed: UInt64, team: TeamID = TeamID(bits: 0x7ea0_0000_0000_4000_8000_0000_0000_0001),
    longestPause: Int64 = 2_000_000_000
  ) {
    generator = SeededGenerator(seed: seed)
    self.longestPause = longestPause
    book = .empty(teamID: team, origin: "\(AuditedTeam.logName)/\(team)")
    // Names that a spreadsheet would take for formulas, and that need quotes in a table.
    let products = [("=m,1", "+q"), ("m", "medium"), ("@sum(1)", "'q")]
    prices = PriceBook(
      products.enumerated().map { version, product in
        PriceEntry(
          version: Int64(version + 1), model: product.0, quality: product.1, size: "1024x1024",
          credits: Credits(11_000 * Int64(version + 1)), effectiveFrom: .epoch)
      })
  }

  /// The operator's log without a line.
  static func operators(seed: UInt64) -> AuditedTeam {
    var log = AuditedTeam(seed: seed, team: .operatorLog)
    log.book.origin = "\(logName)/operator"
    return log
  }

  /// Goes on in a log that takes this one's place, and answers the text of the book that it begins with. What was resolved
  /// is still known, as a store knows it, and may be credited.
  mutating func recover(knownSize: Int64? = nil, knownRoot: Digest32? = nil) throws -> [UInt8] {
    let old = book
    book = old.recovered(as: "\(old.origin)/2026-12-01T00:00:00.000000Z")
    let opening = BookText.write(book)
    for (id, record) in old.records where !record.state.isOpen { book.records[id] = record }
    (lines, secrets) = ([], [])
    try run(.recoverLog(RecoverLogCommand(oldLog: old.origin, knownSize: knownSize, knownRoot: knownRoot)))
    return opening
  }

  /// A team of `count` lines or a few more.
  init(seed: UInt64, lines count: Int, team: TeamID = TeamID(bits: 0x7ea0_0000_0000_4000_8000_0000_0000_0001)) throws {
    self.init(seed: seed, team: team)
    try grow(to: count)
  }

  /// Goes on until it has `count` lines or a few more.
  mutating func grow(to count: Int) throws {
    while lines.count < count {
      if AuditedTeam.closings.contains(size) { try closePeriod() } else { try step() }
    }
  }

  /// Indexes of the lines that close a period, where a range may begin.
  static let closings: [Int64] = [10, 20, 30, 40, 45, 50]

  /// Closes what has passed since the period that was closed last.
  mutating func closePeriod() throws {
    let start = book.team.closedThrough ?? .epoch
    try run(.closePeriod(ClosePeriodCommand(month: "2026-09", bounds: PeriodBounds(start: start, end: book.lastAt))))
  }

  /// Gives back one credit of each of the newest edits that are over, where it was charged.
  mutating func creditNewest(_ count: Int) throws {
    for record in over.suffix(count) {
      try run(.credit(CreditCommand(record: record, amount: Credits(1), creditedBefore: nil)))
    }
  }

  /// Raises all limits of members without a line that tells of it, and answers the text of the book.
  mutating func raiseLimitsSilently() -> [UInt8] {
    for id in book.members.keys { book.members[id]?.limit = Credits(90_000_000) }
    for id in book.budgets.keys where id.scope == .member { book.budgets[id]?.limit = Credits(90_000_000) }
    return BookText.write(book)
  }

  var size: Int64 { Int64(lines.count) }

  /// Goes on to a later moment.
  mutating func pass(to moment: Timestamp) {
    now = max(now, moment)
  }

  /// An id as a gateway makes them (RFC 9562, version 7).
  static func record(_ number: UInt128, at moment: Timestamp) -> RecordID {
    RecordID(bits: UInt128(moment.microseconds / 1_000) << 80 | 7 << 76 | 2 << 62 | number)
  }

  /// Runs one command, which may be refused.
  mutating func step() throws {
    try run(nextCommand())
  }

  /// Runs a command, and keeps its lines; one that the ledger does not admit does nothing.
  mutating func run(_ command: Command) throws {
    now = max(now, book.lastAt)
    let payload = "{\"name\":\"Zoë \\\"\(generator.next())\\\"\\n\"}"
    let secret = LineSecret(salt: generator.bytes(32), payload: Array(payload.utf8))
    let context = DecisionContext(
      at: now, month: .utcMonth(containing: now), prices: prices, actor: .operator,
      commitment: Digest32(bytes: Array(SHA256.hash(data: secret.salt + secret.payload)))!)
    guard let decision = try? book.decide(command, context) else { return }
    for event in decision.events {
      let header = LineHeader(nextOf: book, context)
      lines.append(Line.write(event, header))
      secrets.append(secret)
      try book.apply(event, header)
    }
  }

  /// Erases what is personal in a line.
  mutating func erase(_ index: Int) {
    secrets[index] = nil
  }

  private mutating func nextCommand() -> Command {
    now = Timestamp(microseconds: now.microseconds + Int64.random(in: 0...longestPause, using: &generator))
    guard book.logSize > 0 else {
      return .createTeam(CreateTeamCommand(limit: Credits(9_000_000), period: .month))
    }
    if members.count < 2 || generator.chance(1) { return addMember() }
    if keys.count < 3 || generator.chance(1) { return issueKey() }
    switch Int.random(in: 0..<100, using: &generator) {
    case 0..<45: return hold()
    case 45..<75: return end()
    case 75..<85: return correct()
    case 85..<88:
      guard let record = open.randomElement(using: &generator) else { return hold() }
      return .markInDoubt(MarkInDoubtCommand(record: record, cause: .leaseEnded))
    case 88..<92:
      return .changeMember(
        ChangeMemberCommand(
          member: any(members), limit: .set(Credits(Int64.random(in: 0...600_000, using: &generator)))))
    case 92..<94: return .changeMember(ChangeMemberCommand(member: any(members), period: .set(any(Period.allCases))))
    case 94..<96:
      return .changeTeam(ChangeTeamCommand(limit: .set(generator.chance(50) ? nil : Credits(5_000_000))))
    case 96..<98: return .changeTeam(ChangeTeamCommand(period: .set(any(Period.allCases))))
    default:
      let key = KeyID(bits: newID())
      keys.append(key)
      return .rotateKey(RotateKeyCommand(key: keys[0], newKey: key, overlapSeconds: 86_400))
    }
  }

  private mutating func hold() -> Command {
    let record = AuditedTeam.record(newID(), at: now)
    let key = any(keys)
    open.append(record)
    let product = any([("=m,1", "+q"), ("m", "medium"), ("@sum(1)", "'q")])
    return .hold(
      HoldCommand(
        record: record, member: book.keys[key]?.member ?? any(members), key: key, model: product.0, quality: product.1,
        size: "1024x1024", n: Int.random(in: 1...3, using: &generator), instance: InstanceID(bits: 0x9a7e)))
  }

  private mutating func end() -> Command {
    guard let place = open.indices.randomElement(using: &generator) else { return hold() }
    let record = open.remove(at: place)
    over.append(record)
    if generator.chance(25) { return .release(ReleaseCommand(record: record, cause: any(ReleaseCause.allCases))) }
    var command = SettleCommand(record: record, deliveredResults: Int.random(in: 0...4, using: &generator))
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: command.upstreamCredit = Credits(Int64.random(in: 0...60_000, using: &generator))
    case 1: command.assumed = true
    default: break
    }
    return .settle(command)
  }

  private mutating func correct() -> Command {
    guard let record = over.randomElement(using: &generator) else { return hold() }
    if generator.chance(40) {
      return .settle(SettleCommand(record: record, deliveredResults: Int.random(in: 0...3, using: &generator)))
    }
    return .credit(
      CreditCommand(
        record: record, amount: Credits(Int64.random(in: 1...30_000, using: &generator)), creditedBefore: nil))
  }

  private mutating func addMember() -> Command {
    let member = MemberID(bits: newID())
    members.append(member)
    return .addMember(AddMemberCommand(member: member, role: .member, limit: Credits(900_000), period: .month))
  }

  private mutating func issueKey() -> Command {
    let key = KeyID(bits: newID())
    keys.append(key)
    return .issueKey(
      IssueKeyCommand(
        key: key, member: any(members), limit: generator.chance(40) ? Credits(400_000) : nil,
        period: any(Period.allCases)))
  }

  private mutating func newID() -> UInt128 {
    nextID += 1
    return nextID
  }

  private mutating func any<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: elements.indices, using: &generator)]
  }
}
