import Ledger

/// A team that random commands fall upon: few members and keys, small limits, so that everything collides often.
struct RandomTeam {
  private(set) var team = TestTeam.uncreated
  var generator: SeededGenerator
  private var nextID: UInt128 = 1
  private var members: [MemberID] = []
  private var keys: [KeyID] = []
  private var records: [RecordID] = []

  private static let zones: [(name: String, offset: Int64)] = [
    ("UTC", 0), ("Asia/Kathmandu", 20_700), ("Pacific/Apia", 46_800), ("America/Los_Angeles", -28_800),
  ]

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    let prices = (1...4).map { version in
      PriceEntry(
        version: Int64(version), model: "m", quality: "medium", size: "s", credits: Credits(Int64(version) * 3),
        effectiveFrom: TestTeam.start.adding(seconds: Int64(version) * 400_000 - 800_000))
    }
    team.prices = PriceBook(prices)
  }

  /// The command that comes next, and its time.
  mutating func nextCommand() -> Command {
    passTime()
    guard team.book.logSize > 0 else {
      return .createTeam(CreateTeamCommand(limit: limit(), period: period()))
    }
    if members.isEmpty || generator.chance(2) { return addMember() }
    if generator.chance(8) { return keepTheLog() }
    if keys.isEmpty || generator.chance(3) { return issueKey() }
    return switch Int.random(in: 0..<100, using: &generator) {
    case 0..<46: hold()
    case 46..<64: settle()
    case 64..<71: .release(ReleaseCommand(record: anyRecord(), cause: random(ReleaseCause.allCases)))
    case 71..<75: .markInDoubt(MarkInDoubtCommand(record: anyRecord(), cause: random(InDoubtCause.allCases)))
    case 75..<81: credit()
    case 81..<91: changeMember()
    case 91..<96: changeTeam()
    case 96..<99: rotate()
    default: .revokeKey(RevokeKeyCommand(key: random(keys)))
    }
  }

  /// Runs a command on the whole book and keeps its lines.
  mutating func run(_ decision: Decision, _ context: DecisionContext) throws {
    for event in decision.events {
      let header = LineHeader(nextOf: team.book, context)
      team.lines.append(Line.write(event, header))
      try team.book.apply(event, header)
    }
  }

  private mutating func passTime() {
    switch Int.random(in: 0..<20, using: &generator) {
    case 0: team.now = (team.month.end ?? team.now).adding(seconds: Int64.random(in: -1...1, using: &generator))
    case 1..<6: team.now = team.now.adding(seconds: Int64.random(in: 0...400_000, using: &generator))
    case 6..<12: team.now = Timestamp(microseconds: team.now.microseconds + 1)
    default: break
    }
    team.now = max(team.now, team.book.lastAt)
  }

  private mutating func hold() -> Command {
    let isRepeated = !records.isEmpty && generator.chance(8)
    let record = isRepeated ? random(records) : RecordID(bits: newID())
    if !isRepeated { records.append(record) }
    let known = team.book.records[record]
    let key = known?.key ?? random(keys)
    let owner = known?.member ?? team.book.keys[key]?.member ?? random(members)
    let member = generator.chance(2) ? random(members) : owner
    let n = generator.chance(1) ? 11 : Int.random(in: 1...4, using: &generator)
    let quality = generator.chance(1) ? "none" : "medium"
    return .hold(.of(record, member: member, key: key, model: "m", quality: quality, size: "s", n: n))
  }

  private mutating func settle() -> Command {
    var command = SettleCommand(record: anyRecord(), deliveredResults: Int.random(in: 0...5, using: &generator))
    switch Int.random(in: 0..<10, using: &generator) {
    case 0..<2: command.upstreamCredit = Credits(Int64.random(in: 0...60, using: &generator))
    case 2: command.assumed = true
    case 3: command.administratorCharge = Credits(Int64.random(in: 0...20, using: &generator))
    default: break
    }
    return .settle(command)
  }

  private mutating func credit() -> Command {
    let record = anyRecord()
    let amount = Credits(Int64.random(in: 0...12, using: &generator))
    let before = generator.chance(50) ? team.book.records[record]?.credited : nil
    return .credit(CreditCommand(record: record, amount: amount, creditedBefore: before))
  }

  private mutating func addMember() -> Command {
    let member = MemberID(bits: newID())
    members.append(member)
    return .addMember(
      AddMemberCommand(member: member, role: random(MemberRole.allCases), limit: limit(), period: period()))
  }

  private mutating func issueKey() -> Command {
    let key = KeyID(bits: newID())
    keys.append(key)
    let expiry =
      generator.chance(20) ? team.now.adding(seconds: Int64.random(in: 1...2_000_000, using: &generator)) : nil
    return .issueKey(
      IssueKeyCommand(key: key, member: random(members), limit: limit(), period: period(), expiresAt: expiry))
  }

  private mutating func rotate() -> Command {
    let key = KeyID(bits: newID())
    let command = RotateKeyCommand(
      key: random(keys), newKey: key, overlapSeconds: Int64.random(in: 0...500_000, using: &generator))
    keys.append(key)
    return .rotateKey(command)
  }

  private mutating func changeMember() -> Command {
    var command = ChangeMemberCommand(member: random(members))
    switch Int.random(in: 0..<6, using: &generator) {
    case 0..<2: command.limit = .set(limit())
    case 2: command.period = .set(period())
    case 3: command.status = .set(.suspended)
    case 4: command.status = .set(.active)
    default:
      command.limit = .set(limit())
      command.period = .set(period())
      command.role = .set(random(MemberRole.allCases))
      command.status = .set(random(AccountStatus.allCases))
    }
    return .changeMember(command)
  }

  private mutating func changeTeam() -> Command {
    var command = ChangeTeamCommand()
    switch Int.random(in: 0..<6, using: &generator) {
    case 0..<2: command.limit = .set(limit())
    case 2: command.period = .set(period())
    case 3:
      let zone = random(Self.zones)
      command.timeZone = .set(zone.name)
      team.zoneOffset = zone.offset
    default: command.status = .set(generator.chance(20) ? .suspended : .active)
    }
    return .changeTeam(command)
  }

  private mutating func keepTheLog() -> Command {
    switch Int.random(in: 0..<15, using: &generator) {
    case 0...1:
      // Mostly the month before, at times the running one, which is not over.
      let moment = generator.chance(10) ? team.now : Timestamp(microseconds: team.month.start.microseconds - 1)
      let local = PeriodBounds.utcMonth(containing: moment.adding(seconds: team.zoneOffset))
      let bounds = PeriodBounds(
        start: local.start.adding(seconds: -team.zoneOffset), end: local.end?.adding(seconds: -team.zoneOffset))
      return .closePeriod(ClosePeriodCommand(month: "2026-11", bounds: bounds))
    case 2...4:
      let isOn = team.book.team.isOnLegalHold
      return .changeLegalHold(ChangeLegalHoldCommand(isOn: generator.chance(10) ? isOn : !isOn))
    case 5:
      let target = random([
        PrivateErased.Target.member(random(members)), .records([RecordID(bits: 1), RecordID(bits: 2)]),
        .lines(before: team.book.logSize),
      ])
      return .note(.erased(PrivateErased(erasure: NoteID(bits: newID()), target: target, counted: 7)))
    case 6:
      return .note(
        .exported(
          ExportCreated(
            export: NoteID(bits: newID()), from: 0, to: team.book.logSize, filters: nil, withPrivate: false)))
    case 7:
      let hour = team.now.microseconds / 3_600_000_000 * 3_600_000_000
      return .note(.reportRead(ReportRead(report: "usage", hour: Timestamp(microseconds: hour))))
    case 8: return .note(.keyAnnounced(LogKeyAnnounced(use: random(LogKeyUse.allCases), vkey: "v\(newID())")))
    case 9: return .note(.keyRotated(LogKeyRotated(use: .receipt, old: "v\(newID())", new: "v\(newID())")))
    default: return .note(tellOfReports())
    }
  }

  private mutating func anyRecord() -> RecordID {
    records.isEmpty || generator.chance(2) ? RecordID(bits: newID()) : random(records)
  }

  private mutating func limit() -> Credits? {
    generator.chance(25) ? nil : Credits(Int64.random(in: 0...120, using: &generator))
  }

  private mutating func period() -> Period {
    random(Period.allCases)
  }

  mutating func newID() -> UInt128 {
    nextID += 1
    return nextID
  }

  private mutating func random<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: elements.indices, using: &generator)]
  }
}
