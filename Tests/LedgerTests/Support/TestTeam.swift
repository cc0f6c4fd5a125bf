import Ledger

/// A whole book with the lines that built it, driven as a store drives it: decide, write lines, apply.
struct TestTeam {
  var book: TeamBook
  var lines: [[UInt8]] = []
  var now: Timestamp
  var prices = PriceBook(PriceBook.defaultEntries)
  /// The zone's offset from UTC in seconds, for the month's bounds.
  var zoneOffset: Int64 = 0

  static let teamID = TeamID(bits: 0x7ea0_0000_0000_4000_8000_0000_0000_0001)
  static let origin = "tally.local/\(teamID)"
  static let start = Timestamp(canonical: "2026-11-23T11:59:50.123456Z")!

  /// A team that does not exist yet.
  static let uncreated = TestTeam(book: .empty(teamID: teamID, origin: origin), now: start)

  /// The operator's log before its first line.
  static let operators = TestTeam(
    book: .empty(teamID: .operatorLog, origin: "tally.local/operator"), now: start)

  private init(book: TeamBook, now: Timestamp) {
    self.book = book
    self.now = now
  }

  /// A team with one member, who has one key.
  init(
    teamLimit: Int64? = nil, teamPeriod: Period = .month, memberLimit: Int64? = nil, memberPeriod: Period = .month,
    keyLimit: Int64? = nil, keyPeriod: Period = .total
  ) throws {
    self = .uncreated
    try run(.createTeam(CreateTeamCommand(limit: teamLimit.map(Credits.init), period: teamPeriod)))
    try run(
      .addMember(AddMemberCommand(member: .ada, limit: memberLimit.map(Credits.init), period: memberPeriod)))
    try run(
      .issueKey(
        IssueKeyCommand(key: .first, member: .ada, limit: keyLimit.map(Credits.init), period: keyPeriod)))
  }

  var month: PeriodBounds {
    let local = PeriodBounds.utcMonth(containing: now.adding(seconds: zoneOffset))
    return PeriodBounds(
      start: local.start.adding(seconds: -zoneOffset), end: local.end?.adding(seconds: -zoneOffset))
  }

  func context(_ actor: Actor = .operator) -> DecisionContext {
    DecisionContext(at: now, month: month, prices: prices, actor: actor, commitment: .zero)
  }

  @discardableResult
  mutating func run(_ command: Command) throws -> Outcome {
    let context = context()
    let decision = try book.decide(command, context)
    for event in decision.events {
      let header = LineHeader(nextOf: book, context)
      lines.append(Line.write(event, header))
      try book.apply(event, header)
    }
    return decision.outcome
  }

  /// Runs a hold of `n` medium square results: 33,000 credits each.
  @discardableResult
  mutating func hold(
    _ record: RecordID, member: MemberID = .ada, key: KeyID = .first, quality: String = "medium",
    size: String = "1024x1024", n: Int = 1
  ) throws -> Outcome {
    try run(.hold(.of(record, member: member, key: key, quality: quality, size: size, n: n)))
  }

  @discardableResult
  mutating func settle(_ record: RecordID, delivered: Int = 1, told: Int64? = nil) throws -> Outcome {
    try run(
      .settle(
        SettleCommand(record: record, deliveredResults: delivered, upstreamCredit: told.map(Credits.init))))
  }

  mutating func go(to text: String) {
    now = Timestamp(rfc3339: text)!
  }

  func newest(_ subject: BudgetSubject) -> Budget {
    book.budgets.newest(of: subject)!
  }

  var teamBudget: Budget { newest(.team(book.team.id)) }
  var memberBudget: Budget { newest(.member(.ada)) }
  var keyBudget: Budget { newest(.key(.first)) }
}

extension MemberID {
  static let ada = MemberID(bits: 0xada)
  static let bob = MemberID(bits: 0xb0b)
}

extension KeyID {
  static let first = KeyID(bits: 0x1)
  static let second = KeyID(bits: 0x2)
  static let third = KeyID(bits: 0x3)
}

extension RecordID {
  static let one = RecordID(bits: 0xe1)
  static let two = RecordID(bits: 0xe2)
  static let three = RecordID(bits: 0xe3)
}

extension HoldCommand {
  static func of(
    _ record: RecordID, member: MemberID = .ada, key: KeyID = .first, model: String = "gpt-image-1-mini",
    quality: String = "medium", size: String = "1024x1024", n: Int = 1
  ) -> HoldCommand {
    HoldCommand(
      record: record, member: member, key: key, model: model, quality: quality, size: size, n: n,
      instance: InstanceID(bits: 0x9a7e))
  }
}

extension Outcome {
  var isHeld: Bool {
    if case .held = self { true } else { false }
  }

  var refusal: Refusal? {
    if case .refused(let refusal) = self { refusal } else { nil }
  }

  var record: RecordState? {
    switch self {
    case .held(let record), .settled(let record, _), .released(let record), .inDoubt(let record),
      .credited(let record), .evidence(let record, _), .alreadyResolved(let record):
      record
    default: nil
    }
  }
}
