import Ledger
import LedgerStore

/// Random commands on few teams, with ids that collide often: repeated, contradictory and impossible ones among them.
struct RandomHistory {
  var random: SeededRandom
  private(set) var teams: [TeamID] = []
  private var members: [(team: TeamID, id: MemberID)] = []
  private var keys: [(team: TeamID, member: MemberID, id: KeyID)] = []
  private var requests: [HoldRequest] = []
  /// Edits that have a record.
  private var records: [(team: TeamID, id: RecordID)] = []
  private let administrator = Administrator(name: "test", reason: "a test")
  private static let qualities = ["low", "medium", "high"]

  /// Whether periods are closed, legal holds placed and notes taken too.
  private let keepsTheLog: Bool

  init(seed: UInt64, keepsTheLog: Bool) {
    random = SeededRandom(seed: seed)
    self.keepsTheLog = keepsTheLog
  }

  /// The commands of the next batch.
  mutating func nextBatch() -> [LaneCommand] {
    (0..<random.int(1...5)).map { _ in next() }
  }

  /// Learns which edits of the last batch have a record: what is said of others comes to nothing.
  mutating func learn(from tables: SimulatedTables) {
    for request in requests.suffix(5)
    where tables.teams[request.team]?.book.records[request.record] != nil
      && !records.contains(where: { $0.id == request.record })
    {
      records.append((request.team, request.record))
    }
  }

  private mutating func next() -> LaneCommand {
    if teams.isEmpty || teams.count < 3 && random.chance(40) { return makeTeam() }
    if members.count < 2 || random.chance(25) { return addMember() }
    if keys.count < 2 || random.chance(30) { return issueKey() }
    if keepsTheLog, random.chance(60) { return keepTheLog() }
    switch random.below(100) {
    case 0..<45: return hold()
    case 45..<62: return settle()
    case 62..<70: return release()
    case 70..<76: return doubt()
    case 76..<78: return attach()
    case 78..<83: return resolve()
    case 83..<87: return credit()
    case 87..<91: return changeTeam()
    case 91..<96: return changeMember()
    case 96..<98: return rotate()
    case 98: return .changeMember(random.pick(teams), random.pick(members).id, MemberChange(), administrator)
    default:
      let key = random.pick(keys)
      return .revokeKey(key.team, key.id, administrator)
    }
  }

  private mutating func makeTeam() -> LaneCommand {
    let isRepeated = !teams.isEmpty && random.chance(200)
    let id = isRepeated ? random.pick(teams) : TeamID(bits: random.bits())
    if !isRepeated { teams.append(id) }
    return .createTeam(
      NewTeam(id: id, name: "team", limit: limit(), period: random.pick(Period.allCases)), administrator)
  }

  private mutating func addMember() -> LaneCommand {
    let id = MemberID(bits: random.bits())
    let team = random.pick(teams)
    members.append((team, id))
    // Few user ids, so that some are taken.
    return .addMember(
      NewMember(
        team: team, id: id, userID: "user-\(random.below(40))", userName: "User", limit: limit(),
        period: random.pick(Period.allCases)), administrator)
  }

  private mutating func issueKey() -> LaneCommand {
    let id = KeyID(bits: random.bits())
    let member = random.pick(members)
    let team = isStray() ? random.pick(teams) : member.team
    keys.append((team, member.id, id))
    return .issueKey(
      NewKey(
        team: team, id: id, member: member.id, hash: hash(), hint: "hint", scopes: [.edit],
        limit: limit(), period: random.pick(Period.allCases)), administrator)
  }

  private mutating func keepTheLog() -> LaneCommand {
    let team = random.pick(teams)
    switch random.below(4) {
    case 0: return .changeLegalHold(team, isOn: random.chance(500), administrator)
    case 1:
      let export = ExportCreated(
        export: NoteID(bits: UInt128(random.below(20))), from: 0, to: Int64(random.below(30)), filters: nil,
        withPrivate: false)
      return .note(NoteRequest(team: team, id: export.export, note: .exported(export), by: nil))
    case 2:
      let erasure = PrivateErased(
        erasure: NoteID(bits: random.bits()), target: .member(random.pick(members).id), counted: 1)
      return .note(NoteRequest(team: team, id: erasure.erasure, note: .erased(erasure), by: administrator))
    default:
      // Mostly with all edits named that may be open; else the books do not balance.
      let months = ["2023-10", "2023-11", "2023-12", "2024-01", "2024-02", "2024-03"].compactMap { CalendarMonth($0) }
      let known = random.chance(900) ? records.filter { $0.team == team }.map(\.id) : []
      let since = random.chance(300) ? Int64(random.below(40)) : 0
      return .closePeriod(
        ClosePeriodRequest(team: team, month: random.pick(months), open: OpenEdits(records: known, since: since)),
        administrator)
    }
  }

  private mutating func rotate() -> LaneCommand {
    let id = KeyID(bits: random.bits())
    let key = random.pick(keys)
    keys.append((key.team, key.member, id))
    return .rotateKey(
      KeyRotation(
        team: isStray() ? random.pick(teams) : key.team, key: key.id, newKey: id, hash: hash(), hint: "hint",
        overlapSeconds: Int64(random.below(10_000_000))), administrator)
  }

  private mutating func hold() -> LaneCommand {
    if !requests.isEmpty, random.chance(120) { return .hold(random.pick(requests)) }
    let record = RecordID(bits: random.bits())
    // Mostly young keys: those are neither expired nor revoked.
    let key = random.chance(900) ? random.pick(keys.suffix(4)) : random.pick(keys)
    let request = HoldRequest(
      team: isStray() ? random.pick(teams) : key.team, record: record,
      member: isStray() ? random.pick(members).id : key.member, key: key.id,
      model: "gpt-image-1-mini", quality: isStray() ? "none" : random.pick(Self.qualities), size: "1024x1024",
      n: random.int(1...4),
      promptObject: "{}", userID: "user", idempotency: claim())
    requests.append(request)
    return .hold(request)
  }

  private mutating func edit() -> (team: TeamID, id: RecordID) {
    guard !records.isEmpty, !random.chance(20) else { return (random.pick(teams), RecordID(bits: random.bits())) }
    // Mostly young ones: those are open.
    return random.chance(700) ? random.pick(records.suffix(12)) : random.pick(records)
  }

  private mutating func settle() -> LaneCommand {
    // A charge without a record halts its team, which ends the history there.
    guard !records.isEmpty || random.chance(5) else { return hold() }
    let (team, id) = random.chance(5) ? edit() : random.pick(records.suffix(random.chance(700) ? 12 : 60))
    let credit: Credits? = random.chance(700) ? nil : Credits(Int64(random.below(400_000)))
    return .settle(
      SettleRequest(
        team: team, record: id, upstreamUUID: random.chance(500) ? "up-\(id)" : nil,
        resultKeys: (0..<random.below(4)).map { "images/\(id)_\($0 / 2).png" }, temporaryURL: nil,
        upstreamCredit: credit, assumed: random.chance(150)))
  }

  private mutating func release() -> LaneCommand {
    let (team, id) = edit()
    return .release(ReleaseRequest(team: team, record: id, cause: random.pick(ReleaseCause.allCases)))
  }

  private mutating func doubt() -> LaneCommand {
    let (team, id) = edit()
    return .markInDoubt(
      InDoubtRequest(
        team: team, record: id, cause: random.pick(InDoubtCause.allCases),
        upstreamUUID: random.chance(500) ? "up-\(id)" : nil))
  }

  private mutating func attach() -> LaneCommand {
    let (team, id) = edit()
    return .attach(AttachRequest(team: team, record: id, upstreamUUID: "attached-\(random.below(3))"))
  }

  private mutating func resolve() -> LaneCommand {
    let (team, id) = edit()
    let charge: Credits? = random.chance(500) ? nil : Credits(Int64(random.below(40_000)))
    return .resolve(ResolveRequest(team: team, record: id, charge: charge), administrator)
  }

  private mutating func credit() -> LaneCommand {
    let (team, id) = edit()
    return .credit(
      CreditRequest(team: team, record: id, amount: Credits(Int64(random.int(1...9_000))), creditedBefore: .zero),
      administrator)
  }

  private mutating func changeTeam() -> LaneCommand {
    var change = TeamChange()
    switch random.below(4) {
    case 0: change.limit = .set(limit())
    case 1: change.period = .set(random.pick(Period.allCases))
    case 2: change.inDoubtChargeSeconds = .set(random.chance(500) ? nil : Int64(random.below(90_000)))
    default: change.status = .set(random.chance(200) ? .suspended : .active)
    }
    return .changeTeam(random.pick(teams), change, administrator)
  }

  private mutating func changeMember() -> LaneCommand {
    var change = MemberChange()
    switch random.below(4) {
    case 0: change.limit = .set(limit())
    case 1: change.period = .set(random.pick(Period.allCases))
    case 2: change.role = .set(random.pick(MemberRole.allCases))
    default: change.status = .set(random.chance(300) ? .suspended : .active)
    }
    let member = random.pick(members)
    return .changeMember(isStray() ? random.pick(teams) : member.team, member.id, change, administrator)
  }

  /// Whether a command names something of another team, or of another member.
  private mutating func isStray() -> Bool {
    random.chance(50)
  }

  /// Few keys and two bodies, so that keys are used again, with the same body or another.
  private mutating func claim() -> IdempotencyClaim? {
    guard random.chance(500) else { return nil }
    return IdempotencyClaim(key: "key-\(random.below(20))", body: [UInt8(random.chance(150) ? 1 : 0)])
  }

  private mutating func limit() -> Credits? {
    random.chance(300) ? nil : Credits(Int64(random.below(2_000_000)))
  }

  private mutating func hash() -> Digest32 {
    // Few bits, so that two keys share a hash now and then.
    BatchDecider.commitment(salt: [UInt8(random.below(200))], payload: [])
  }
}

extension SeededRandom {
  /// One of the elements, of which there must be one.
  mutating func pick<Element>(_ elements: ArraySlice<Element>) -> Element {
    elements[elements.startIndex + below(elements.count)]
  }
}
