package import Ledger
package import Postgres
import TransparencyLog

/// The first round trip of a batch: lock the teams in id order, then read the clock, then load what the commands need.
///
/// Each statement is a batch of index look-ups: `unnest` names the keys, a lateral sub-select that ends in OFFSET 0 keeps
/// the planner on the index (docs/benchmarks.md). `SELECT … FOR NO KEY UPDATE` comes first and the clock is read in a
/// statement of its own, so that it is read after the wait for the lock.
package struct LaneLoad {
  /// The statements in their order.
  package private(set) var pipeline = Pipeline()
  private let teams: Pipeline.Slot<(TeamID, LoadedTeam)>
  private let clock: Pipeline.Slot<Timestamp>
  private let prices: Pipeline.Slot<PriceEntry>
  private var members: Pipeline.Slot<(TeamID, MemberState)>?
  private var administrators: Pipeline.Slot<(TeamID, MemberState)>?
  private var keys: Pipeline.Slot<(TeamID, KeyState)>?
  private var budgets: [Pipeline.Slot<(TeamID, Budget)>] = []
  private var records: [Pipeline.Slot<LoadedRecord>] = []
  private var claims: Pipeline.Slot<(ClaimID, ClaimedKey)>?
  private var noted: Pipeline.Slot<(TeamNote, Int64)>?
  private var alerts: Pipeline.Slot<Alert>?
  private var erasedSubjects: Pipeline.Slot<(TeamID, BudgetSubject)>?
  private var whole: WholeBookLoad?

  /// The round trip for `commands`; prices newer than `knownPriceVersion` come with it.
  package init(_ commands: [LaneCommand], knownPriceVersion: Int64) {
    let needs = LaneNeeds(commands)
    pipeline.append(.begin)
    teams = pipeline.append(Self.lockTeams, needs.teams.map(\.uuid))
    clock = pipeline.append(Self.readClock)
    prices = pipeline.append(Self.loadPrices, knownPriceVersion)
    if !needs.members.isEmpty {
      members = pipeline.append(
        Self.loadMembers, needs.members.map(\.team.uuid), needs.members.map(\.id.uuid))
    }
    if !needs.administrators.isEmpty {
      administrators = pipeline.append(Self.loadAdministrators, needs.administrators.map(\.uuid))
    }
    if !needs.keys.isEmpty {
      let (ofTeam, ids) = (needs.keys.map(\.team.uuid), needs.keys.map(\.id.uuid))
      keys = pipeline.append(Self.loadKeys, ofTeam, ids)
      budgets.append(pipeline.append(Self.loadKeyBudgets, ofTeam, ids))
    }
    if !needs.budgets.isEmpty {
      budgets.append(
        pipeline.append(
          Self.loadNewestBudgets, needs.budgets.map(\.team.uuid), needs.budgets.map(\.subject.scope.rawValue),
          needs.budgets.map { PostgresUUID(bits: $0.subject.bits) }))
    }
    if !needs.records.isEmpty {
      records.append(
        pipeline.append(Self.loadRecords, needs.records.map(\.team.uuid), needs.records.map(\.id.uuid)))
    }
    if !needs.claims.isEmpty {
      let (ofTeam, members) = (needs.claims.map(\.team.uuid), needs.claims.map(\.member.uuid))
      let digests = needs.claims.map { PostgresBytes($0.keyDigest.bytes) }
      claims = pipeline.append(Self.loadClaims, ofTeam, members, digests)
      records.append(pipeline.append(Self.loadClaimedRecords, ofTeam, members, digests))
    }
    if !needs.resolved.isEmpty {
      budgets.append(
        pipeline.append(
          Self.loadRecordBudgets, needs.resolved.map(\.team.uuid), needs.resolved.map(\.id.uuid)))
    }
    if !needs.noted.isEmpty {
      noted = pipeline.append(Self.loadNoted, needs.noted.map(\.team.uuid), needs.noted.map(\.id.uuid))
    }
    if !needs.alerts.isEmpty { alerts = pipeline.append(Self.loadAlerts, needs.alerts.map(\.uuid)) }
    if !needs.alerted.isEmpty {
      erasedSubjects = pipeline.append(
        Self.loadErasedSubjects, needs.alerted.map(\.team.uuid), needs.alerted.map(\.subject.scope.rawValue),
        needs.alerted.map { PostgresUUID(bits: $0.subject.bits) })
    }
    if !needs.whole.isEmpty { whole = WholeBookLoad(needs.whole, to: &pipeline) }
  }

  /// The rows as one book a team.
  /// - Throws: `PostgresError` for a row that cannot be read, or a round trip that failed.
  package func read(_ results: PipelineResults) throws(PostgresError) -> LoadedBatch {
    guard let now = try results.rows(clock).first else {
      throw PostgresError(.decoding, outcome: .unknown, reason: "no clock")
    }
    var loaded = LoadedBatch(clock: now, teams: [:], newPrices: try results.rows(prices))
    for (id, team) in try results.rows(teams) { loaded.teams[id] = team }
    for slot in [members, administrators].compactMap(\.self) {
      for (team, member) in try results.rows(slot) { loaded.teams[team]?.book.members[member.id] = member }
    }
    if let keys {
      for (team, key) in try results.rows(keys) { loaded.teams[team]?.book.keys[key.id] = key }
    }
    for slot in budgets {
      for (team, budget) in try results.rows(slot) { loaded.teams[team]?.book.budgets[budget.id] = budget }
    }
    try whole?.read(results, into: &loaded)
    for slot in records {
      for record in try results.rows(slot) { try record.enter(&loaded) }
    }
    if let claims {
      for (id, key) in try results.rows(claims) { loaded.teams[id.team]?.claims[id] = key }
    }
    if let noted {
      for (note, place) in try results.rows(noted) {
        // What a log says that was replaced, the new one has not said yet.
        guard let base = loaded.teams[note.team]?.logBase, place >= base else { continue }
        loaded.teams[note.team]?.noted[note.id] = place - base
      }
    }
    if let alerts {
      for alert in try results.rows(alerts) { loaded.teams[alert.team]?.alerts[alert.id] = alert }
    }
    if let erasedSubjects {
      for (team, subject) in try results.rows(erasedSubjects) { loaded.teams[team]?.erasedSubjects.insert(subject) }
    }
    try whole?.readRecords(results, into: &loaded)
    return loaded
  }
}

/// What the commands of a batch need, each thing once.
package struct LaneNeeds {
  /// Teams to lock, in the order in which they are locked.
  package private(set) var teams: [TeamID]
  /// Members.
  package private(set) var members: [(team: TeamID, id: MemberID)]
  /// Teams whose active administrators are needed.
  package private(set) var administrators: [TeamID]
  /// Keys, and the newest rows of their budgets where they have one.
  package private(set) var keys: [(team: TeamID, id: KeyID)]
  /// Subjects whose newest budget rows are needed.
  package private(set) var budgets: [(team: TeamID, subject: BudgetSubject)]
  /// Records, in whatever state they are.
  package private(set) var records: [(team: TeamID, id: RecordID)]
  /// Records whose own budget rows are needed: those that are to be resolved or credited.
  package private(set) var resolved: [(team: TeamID, id: RecordID)]
  /// Idempotency-Keys; looked up only for commands that carry one, since that costs as much as the record itself.
  package private(set) var claims: [ClaimID]
  /// Notes that may stand in their logs already.
  package private(set) var noted: [TeamNote]
  /// Teams whose alerts are needed.
  package private(set) var alerts: [TeamID]
  /// Subjects on whose budgets an alert is to be set.
  package private(set) var alerted: [(team: TeamID, subject: BudgetSubject)]
  /// Teams whose whole books are needed, each with the index from which on its open edits are looked for; those of before
  /// are among the records.
  package private(set) var whole: [(team: TeamID, since: Int64)]

  private struct Of<ID: Hashable>: Hashable {
    var team: TeamID
    var id: ID
  }

  /// Collects what `commands` need.
  package init(_ commands: [LaneCommand]) {
    var members: Set<Of<MemberID>> = []
    var keys: Set<Of<KeyID>> = []
    var budgets: Set<Of<BudgetSubject>> = []
    var records: Set<Of<RecordID>> = []
    var resolved: Set<Of<RecordID>> = []
    var claims: Set<ClaimID> = []
    var noted: Set<TeamNote> = []
    var whole: [TeamID: Int64] = [:]
    var administrators: Set<TeamID> = []
    var alerts: Set<TeamID> = []
    var alerted: Set<Of<BudgetSubject>> = []
    for command in commands {
      let team = command.team
      if let administrator = command.teamAdministrator {
        if let member = administrator.member { members.insert(Of(team: team, id: member)) }
        if let key = administrator.key { keys.insert(Of(team: team, id: key)) }
        if command.needsAdministrators { administrators.insert(team) }
      }
      if let record = command.record { records.insert(Of(team: team, id: record)) }
      switch command {
      case .hold(let request):
        members.insert(Of(team: team, id: request.member))
        keys.insert(Of(team: team, id: request.key))
        budgets.insert(Of(team: team, id: .team(team)))
        budgets.insert(Of(team: team, id: .member(request.member)))
        if let claim = request.idempotency { claims.insert(request.claimID(claim)) }
      case .settle, .release, .markInDoubt, .resolve, .credit:
        if let record = command.record { resolved.insert(Of(team: team, id: record)) }
      case .attach: break
      case .createTeam, .changeTeam:
        budgets.insert(Of(team: team, id: .team(team)))
      case .addMember(let member, _):
        members.insert(Of(team: team, id: member.id))
      case .changeMember(_, let member, _, _):
        members.insert(Of(team: team, id: member))
        budgets.insert(Of(team: team, id: .member(member)))
      case .issueKey(let key, _):
        members.insert(Of(team: team, id: key.member))
        keys.insert(Of(team: team, id: key.id))
      case .rotateKey(let rotation, _):
        keys.insert(Of(team: team, id: rotation.key))
        keys.insert(Of(team: team, id: rotation.newKey))
      case .revokeKey(_, let key, _):
        keys.insert(Of(team: team, id: key))
      case .changeLegalHold: break
      case .note(let request):
        noted.insert(TeamNote(team: team, id: request.id))
        if case .erased(let event) = request.note, case .member(let member) = event.target {
          members.insert(Of(team: team, id: member))
        }
      case .closePeriod(let request, _):
        for record in request.open.records { records.insert(Of(team: team, id: record)) }
        whole[team] = min(whole[team] ?? .max, request.open.since)
      case .recoverLog(let request, _):
        for record in request.open.records { records.insert(Of(team: team, id: record)) }
        whole[team] = min(whole[team] ?? .max, request.open.since)
      case .setPrice(let request, _):
        noted.insert(TeamNote(team: team, id: request.id))
      case .changeAlert(let request, _):
        noted.insert(TeamNote(team: team, id: request.id))
        alerts.insert(team)
        if let subject = request.subjectOfMember { alerted.insert(Of(team: team, id: subject)) }
      }
    }
    teams = Set(commands.map(\.team)).sorted()
    self.members = members.map { ($0.team, $0.id) }
    self.administrators = Array(administrators)
    self.keys = keys.map { ($0.team, $0.id) }
    self.budgets = budgets.map { ($0.team, $0.id) }
    self.records = records.map { ($0.team, $0.id) }
    self.resolved = resolved.map { ($0.team, $0.id) }
    self.claims = Array(claims)
    self.noted = Array(noted)
    self.alerts = Array(alerts)
    self.alerted = alerted.map { ($0.team, $0.id) }
    self.whole = whole.map { ($0, $1) }
  }
}
