import Ledger
import LedgerStore

/// Random commands on few teams, with ids that collide often: repeated, contradictory and impossible ones among them.
struct RandomHistory {
  var random: SeededRandom
  private(set) var teams: [TeamID] = []
  private var members: [MemberID] = []
  private var keys: [KeyID] = []
  private var records: [(team: TeamID, id: RecordID, request: HoldRequest)] = []
  private let administrator = Administrator(name: "test", reason: "a test")
  private static let qualities = ["low", "medium", "high", "none"]

  init(seed: UInt64) {
    random = SeededRandom(seed: seed)
  }

  /// The commands of the next batch.
  mutating func nextBatch() -> [LaneCommand] {
    (0..<random.int(1...5)).map { _ in next() }
  }

  private mutating func next() -> LaneCommand {
    if teams.isEmpty || teams.count < 3 && random.chance(40) { return makeTeam() }
    if members.count < 2 || random.chance(25) { return addMember() }
    if keys.count < 2 || random.chance(30) { return issueKey() }
    switch random.below(100) {
    case 0..<45: return hold()
    case 45..<62: return settle()
    case 62..<70: return release()
    case 70..<78: return doubt()
    case 78..<83: return resolve()
    case 83..<87: return credit()
    case 87..<91: return changeTeam()
    case 91..<96: return changeMember()
    case 96..<98: return rotate()
    default: return .revokeKey(random.pick(teams), random.pick(keys), administrator)
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
    members.append(id)
    // Few user ids, so that some are taken.
    return .addMember(
      NewMember(
        team: random.pick(teams), id: id, userID: "user-\(random.below(40))", userName: "User", limit: limit(),
        period: random.pick(Period.allCases)), administrator)
  }

  private mutating func issueKey() -> LaneCommand {
    let id = KeyID(bits: random.bits())
    keys.append(id)
    return .issueKey(
      NewKey(
        team: random.pick(teams), id: id, member: random.pick(members), hash: hash(), hint: "hint", scopes: [.edit],
        limit: limit(), period: random.pick(Period.allCases)), administrator)
  }

  private mutating func rotate() -> LaneCommand {
    let id = KeyID(bits: random.bits())
    keys.append(id)
    return .rotateKey(
      KeyRotation(
        team: random.pick(teams), key: random.pick(keys), newKey: id, hash: hash(), hint: "hint",
        overlapSeconds: Int64(random.below(100_000))), administrator)
  }

  private mutating func hold() -> LaneCommand {
    if !records.isEmpty, random.chance(120) { return .hold(random.pick(records).request) }
    let record = RecordID(bits: random.bits())
    let request = HoldRequest(
      team: random.pick(teams), record: record, member: random.pick(members), key: random.pick(keys),
      model: "gpt-image-1-mini", quality: random.pick(Self.qualities), size: "1024x1024", n: random.int(1...4),
      promptObject: "{}", userID: "user", idempotency: claim())
    records.append((request.team, record, request))
    return .hold(request)
  }

  private mutating func edit() -> (team: TeamID, id: RecordID) {
    guard !records.isEmpty, !random.chance(20) else { return (random.pick(teams), RecordID(bits: random.bits())) }
    // Mostly young ones: those are open.
    let record = random.chance(700) ? random.pick(records.suffix(12)) : random.pick(records)
    return (record.team, record.id)
  }

  private mutating func settle() -> LaneCommand {
    let (team, id) = edit()
    let credit: Credits? = random.chance(700) ? nil : Credits(Int64(random.below(400_000)))
    return .settle(
      SettleRequest(
        team: team, record: id, upstreamUUID: random.chance(500) ? "up-\(id)" : nil,
        resultKeys: (0..<random.below(4)).map { "images/\(id)_\($0 / 2).png" }, temporaryURL: nil,
        upstreamCredit: credit))
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
    return .changeMember(random.pick(teams), random.pick(members), change, administrator)
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
