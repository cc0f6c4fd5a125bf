package import Ledger
import Postgres
import TransparencyLog

/// Decides the commands of one batch in their order, in memory: commands of one batch see each other.
///
/// It is a function of what was loaded and of its environment. The rules are the ledger's; here they meet the log (index,
/// leaf, peaks) and the rows to be written.
package struct BatchDecider {
  let environment: LaneEnvironment
  let prices: PriceBook
  /// The database's clock; a history moves it from command to command.
  var clock: Timestamp
  var teams: [TeamID: LoadedTeam]
  var loadedBudgets: [TeamID: BudgetTable]
  /// What is to be written and was not taken yet.
  var writes = LaneWrites()

  /// A decider for one loaded batch.
  package init(loaded: LoadedBatch, prices: PriceBook, environment: LaneEnvironment) {
    self.environment = environment
    self.prices = prices
    clock = loaded.clock
    teams = loaded.teams
    loadedBudgets = loaded.teams.mapValues(\.book.budgets)
  }

  /// The answer to the next command.
  mutating func decide(_ command: LaneCommand) throws(StoreError) -> LaneAnswer {
    var team = try takeTeam(for: command)
    let before = team.book.logSize
    do {
      let answer = try decide(command, in: &team)
      teams[command.team] = team
      return answer
    } catch {
      // A team that is not there yet comes to be with its first line only.
      if before > 0 { teams[command.team] = team }
      throw error
    }
  }

  private mutating func decide(
    _ command: LaneCommand, in team: inout LoadedTeam
  ) throws(StoreError) -> LaneAnswer {
    if case .hold(let request) = command, let repeated = try team.repetition(of: request) { return .repeated(repeated) }
    if case .note(let request) = command, let index = team.noted[request.id] { return .noted(index: index) }
    if case .note(let request) = command, team.alreadyHas(request.note) { return .done }
    if case .setPrice(let request, _) = command, let index = team.noted[request.id] { return .noted(index: index) }
    if case .changeAlert(let request, _) = command {
      if let index = team.noted[request.id] { return .noted(index: index) }
      guard try request.decide(among: team.alerts).event != nil else { return .done }
    }
    if case .recoverLog(let request, _) = command {
      guard request.oldLog == team.book.origin else { return .noted(index: 0) }
      var recovered = team
      writes.recoveries.append(try recovered.takePlace(of: request, at: clock))
      do {
        let answer = try decideLedger(command, in: &recovered)
        team = recovered
        return answer
      } catch {
        writes.recoveries.removeLast()
        throw error
      }
    }
    return try decideLedger(command, in: &team)
  }

  private mutating func decideLedger(
    _ command: LaneCommand, in team: inout LoadedTeam
  ) throws(StoreError) -> LaneAnswer {
    let zone = team.book.team.timeZone
    let at = max(team.book.lastAt, clock)
    let ledgerCommand: Command? =
      switch command {
      case .setPrice(let request, _): .note(.priceChanged(change(request, at: at)))
      case .note(let request): .note(team.completed(request.note))
      case .changeAlert(let request, _): try request.command(among: team.alerts)
      default: command.ledgerCommand(instance: environment.instance) { environment.month($0, zone) }
      }
    guard let ledgerCommand else { return try note(command, in: team) }
    if case .closePeriod = command { try team.requireWholeBook() }
    if case .note(let request) = command { try team.allowNote(request.note) }
    let isErased = command.record.map { team.erased.contains($0) } ?? false
    let secret = secret(of: command, isErased: isErased)
    let context = DecisionContext(
      at: at, month: environment.month(at, zone), prices: prices, actor: command.actor,
      commitment: secret.commitment)
    do {
      let decision = try team.book.decide(ledgerCommand, context)
      // What changes nothing may be the same command run again, after it took effect.
      if !decision.events.isEmpty { try TeamAdministration.check(command, in: team.book, at: at) }
      for event in decision.events {
        let header = LineHeader(nextOf: team.book, context)
        if case .periodClosed(let closed) = event {
          // Before the line, since that is the book that it names.
          writes.closings.append(LaneWrites.NewClosing(closed, of: team))
        }
        try team.book.apply(event, header)
        log(event, header, secret, in: &team)
        write(event, of: command, in: &team, at: at)
      }
      return try answer(decision.outcome, to: command, in: team, at: at)
    } catch let error as LedgerError {
      if case .unknownHold = error, case .settle = command, !team.mayHaveRemoved(command.record) { halt(&team) }
      throw StoreError(rule: error)
    } catch {
      throw (error as? StoreError) ?? StoreError(.database)
    }
  }

  /// Halts a team whose hold is not there although the upstream worked for it: a failover lost it, or somebody changed
  /// the tables. Nothing is invented; an operator must look (docs/ledger.md, "A lane's batch").
  private mutating func halt(_ team: inout LoadedTeam) {
    team.book.team.isHalted = true
    writes.haltedTeams.insert(team.book.team.id)
  }

  /// What is written beside the ledger and needs its lock all the same.
  private mutating func note(_ command: LaneCommand, in team: LoadedTeam) throws(StoreError) -> LaneAnswer {
    guard case .attach(let request) = command else { return .done }
    guard team.book.records[request.record] != nil else { throw StoreError(.unknownHold(request.record)) }
    writes.attachments.append(request)
    return .done
  }

  /// Takes the team out of the table, so that its book is changed in place: a book that the table still held would be
  /// copied with all its records for each command.
  private mutating func takeTeam(for command: LaneCommand) throws(StoreError) -> LoadedTeam {
    if let team = teams.removeValue(forKey: command.team) { return team }
    guard case .createTeam(let team, _) = command else { throw StoreError(.notFound("the team")) }
    return .unmade(team.id, logName: environment.logName)
  }

  /// Adds the teams and budgets as they stand now to what is to be written.
  mutating func collectTeamsAndBudgets() {
    for (id, team) in teams {
      writes.teams[id] = LaneWrites.Team(book: team.book, peaks: team.peaks, logBase: team.logBase)
      let before = loadedBudgets[id] ?? BudgetTable()
      for budget in team.book.budgets.values.sorted(by: { $0.id < $1.id }) where before[budget.id] != budget {
        if before[budget.id] == nil {
          writes.newBudgets.append((id, budget))
        } else {
          writes.changedBudgets.append((id, budget))
        }
      }
    }
  }
}

// MARK: - What an event writes besides its line

extension BatchDecider {
  private mutating func write(_ event: Event, of command: LaneCommand, in team: inout LoadedTeam, at: Timestamp) {
    let id = team.book.team.id
    switch event {
    case .held, .refused:
      guard case .hold(let request) = command, let state = team.book.records[request.record] else { return }
      team.options[state.id] = EditOptions(model: request.model, quality: request.quality, size: request.size)
      writes.newRecords.append(
        LaneWrites.NewRecord(request: request, state: state, position: team.place(of: state.openedIndex), at: at))
      if let claim = request.idempotency {
        // Written in the commit of the hold or the refusal, or taken over from a record whose answer is not sticky.
        let key = ClaimedKey(bodyHash: claim.bodyHash, record: state.id)
        team.claims[request.claimID(claim)] = key
        writes.claims[request.claimID(claim)] = LaneWrites.Claim(key: key, at: at)
      }
      if case .refused = event { count(state, in: team, at: at) { $0.refused += 1 } }
    case .settled(let settled):
      guard let state = team.book.records[settled.record] else { return }
      writeSettled(settled, state, of: command, in: team, at: at)
      count(state, in: team, at: at) {
        $0.settled += 1
        $0.images += Int64(settled.results)
        $0.charged += settled.charge.value
      }
    case .released(let released):
      guard let state = team.book.records[released.record] else { return }
      var change = LaneWrites.ChangedRecord(
        team: id, state: state, logBase: team.logBase, variance: .zero, at: at, cause: released.cause.rawValue)
      if case .release(let request) = command {
        change.errorCode = request.errorCode?.storable
        change.errorMessage = request.errorMessage?.storable
        change.errorStatus = request.errorStatus.flatMap { (400...599).contains($0) ? Int16($0) : nil }
        change.errorDetails = request.errorDetails?.storable
      }
      team.releaseCauses[released.record] = released.cause
      writes.changedRecords.append(change)
      count(state, in: team, at: at) { $0.released += 1 }
    case .inDoubt(let doubted):
      guard let state = team.book.records[doubted.record] else { return }
      var change = LaneWrites.ChangedRecord(
        team: id, state: state, logBase: team.logBase, variance: .zero, at: at, inDoubtAt: at,
        cause: doubted.cause.rawValue)
      if case .markInDoubt(let request) = command { change.upstreamUUID = request.upstreamUUID?.storable }
      writes.changedRecords.append(change)
      writes.doubts.append(
        LaneWrites.NewDoubt(team: id, record: state.id, at: at, upstreamUUID: change.upstreamUUID))
    case .credited(let credited):
      guard let state = team.book.records[credited.record] else { return }
      writes.changedRecords.append(
        LaneWrites.ChangedRecord(team: id, state: state, logBase: team.logBase, variance: .zero, at: at))
      count(state, in: team, at: at) { $0.credited += credited.amount.value }
    case .evidence(let evidence):
      guard let state = team.book.records[evidence.record] else { return }
      var change = LaneWrites.ChangedRecord(
        team: id, state: state, logBase: team.logBase, variance: evidence.variance, at: at)
      if case .settle(let request) = command { take(request, into: &change, state, in: team, at: at) }
      writes.changedRecords.append(change)
      if evidence.credited > .zero { count(state, in: team, at: at) { $0.credited += evidence.credited.value } }
    case .periodClosed:
      return
    case .legalHoldPlaced, .legalHoldLifted:
      writes.legalHolds.insert(id)
    case .privateErased, .exportCreated, .reportRead, .logKeyAnnounced, .logKeyRotated, .retentionChanged,
      .usageRemoved, .usageRebuilt:
      guard case .note(let request) = command else { return }
      writeNote(request.id, in: &team, at: at)
      writeTold(event, in: &team)
    case .alertChanged, .alertDelivered:
      writeAlert(event, of: command, in: &team, at: at)
    case .headsCovered(let covered):
      guard case .note(let request) = command else { return }
      writeNote(request.id, in: &team, at: at)
      writes.coverings.append(LaneWrites.NewCovering(event: covered, index: team.lastPlace, at: at))
    case .priceChanged(let changed):
      guard case .setPrice(let request, let administrator) = command else { return }
      writeNote(request.id, in: &team, at: at)
      writes.prices.append(LaneWrites.NewPrice(event: changed, at: at, by: administrator.name))
    default:
      writeAdministration(event, of: command, in: team, at: at)
    }
  }

  /// What changes in the commit of a note's line.
  private mutating func writeTold(_ event: Event, in team: inout LoadedTeam) {
    let id = team.book.team.id
    switch event {
    case .privateErased(let erased):
      writes.erasures.append(LaneWrites.ToldErasure(team: id, event: erased, index: team.lastPlace))
    case .retentionChanged(let changed):
      team.keepDays = changed.new
      writes.retentions.append(LaneWrites.NewRetention(team: id, keepDays: changed.new))
    case .usageRemoved(let removed):
      writes.removals.append(LaneWrites.ToldRemoval(team: id, event: removed, index: team.lastPlace))
    default: return
    }
  }

  mutating func writeNote(_ id: NoteID, in team: inout LoadedTeam, at: Timestamp) {
    team.noted[id] = team.book.logSize - 1
    let note = TeamNote(team: team.book.team.id, id: id)
    writes.notes.append(LaneWrites.NewNote(id: note, index: team.lastPlace, at: at))
  }

  private mutating func writeSettled(
    _ settled: EditSettled, _ state: RecordState, of command: LaneCommand, in team: LoadedTeam, at: Timestamp
  ) {
    let id = team.book.team.id
    var change = LaneWrites.ChangedRecord(
      team: id, state: state, logBase: team.logBase, variance: settled.variance, at: at, cause: settled.cause.rawValue)
    if case .settle(let request) = command { take(request, into: &change, state, in: team, at: at) }
    writes.changedRecords.append(change)
  }

  /// Keeps what the upstream delivered, with the record and as assets; not with one that was erased.
  private mutating func take(
    _ request: SettleRequest, into change: inout LaneWrites.ChangedRecord, _ state: RecordState, in team: LoadedTeam,
    at: Timestamp
  ) {
    change.upstreamUUID = request.upstreamUUID?.storable
    guard !team.erased.contains(state.id) else { return }
    change.resultObject = JSONText.array(request.resultKeys)
    change.responseObject = request.responseObject?.storable
    change.temporaryURL = request.temporaryURL?.storable
    for key in request.resultKeys where LaneWrites.NewAsset.canName(key) {
      writes.assets.append(
        LaneWrites.NewAsset(team: team.book.team.id, storageKey: key, member: state.member, record: state.id, at: at))
    }
  }

  private mutating func count(
    _ state: RecordState, in team: LoadedTeam, at: Timestamp, _ add: (inout UsageCounts) -> Void
  ) {
    guard let options = team.options[state.id] else { return }
    let key = UsageKey(
      team: team.book.team.id, bucketStart: UsageKey.bucketStart(of: at), member: state.member, key: state.key,
      model: options.model, quality: options.quality, size: options.size)
    add(&writes.usage[key, default: UsageCounts()])
  }

  private mutating func writeAdministration(
    _ event: Event, of command: LaneCommand, in team: LoadedTeam, at: Timestamp
  ) {
    let id = team.book.team.id
    switch command {
    case .createTeam(let new, _):
      writes.newTeams.append((new, at))
    case .changeTeam:
      if !writes.changedTeams.contains(id) { writes.changedTeams.append(id) }
    case .addMember(let new, let administrator):
      guard let state = team.book.members[new.id] else { return }
      writes.members.append(
        LaneWrites.WrittenMember(team: id, state: state, at: at, by: administrator.name, new: new))
    case .changeMember(_, let member, _, let administrator):
      guard let state = team.book.members[member] else { return }
      writes.members.append(LaneWrites.WrittenMember(team: id, state: state, at: at, by: administrator.name))
    case .issueKey(let new, _):
      guard let state = team.book.keys[new.id] else { return }
      writes.keys.append(LaneWrites.WrittenKey(team: id, state: state, at: at, secret: (new.hash, new.hint)))
    case .rotateKey(let rotation, _):
      guard let old = team.book.keys[rotation.key], let new = team.book.keys[rotation.newKey] else { return }
      writes.keys.append(LaneWrites.WrittenKey(team: id, state: new, at: at, secret: (rotation.hash, rotation.hint)))
      writes.keys.append(LaneWrites.WrittenKey(team: id, state: old, at: at))
    case .revokeKey(_, let key, _):
      guard let state = team.book.keys[key] else { return }
      writes.keys.append(LaneWrites.WrittenKey(team: id, state: state, at: at))
    case .hold, .settle, .release, .markInDoubt, .attach, .resolve, .credit, .closePeriod, .changeLegalHold, .note,
      .recoverLog, .setPrice, .changeAlert:
      return
    }
  }
}

// MARK: - Answers

extension BatchDecider {
  private func answer(
    _ outcome: Outcome, to command: LaneCommand, in team: LoadedTeam, at: Timestamp
  ) throws(StoreError) -> LaneAnswer {
    switch outcome {
    case .held(let state):
      return .held(HeldEdit(record: state.id, amount: state.held, at: state.heldAt, index: state.openedIndex))
    case .refused(let refusal):
      guard let state = team.book.records[refusal.record] else { throw StoreError(.database) }
      return .refused(
        RefusedEdit(record: state.id, refusal: refusal, at: state.heldAt, index: state.openedIndex))
    case .settled(let state, let variance):
      return .resolved(resolved(state, variance: variance, before: false, in: team, at: at))
    case .released(let state), .inDoubt(let state), .credited(let state):
      return .resolved(resolved(state, variance: .zero, before: false, in: team, at: at))
    case .evidence(let state, let variance):
      return .resolved(resolved(state, variance: variance, before: true, in: team, at: at))
    case .alreadyResolved(let state):
      return .resolved(resolved(state, variance: .zero, before: true, in: team, at: at))
    case .teamCreated, .teamChanged, .memberAdded, .memberChanged, .keyIssued, .keyRotated, .keyRevoked, .periodClosed,
      .unchanged:
      return .done
    case .noted:
      return .noted(index: team.book.logSize - 1)
    }
  }

  private func resolved(
    _ state: RecordState, variance: Credits, before: Bool, in team: LoadedTeam, at: Timestamp
  ) -> ResolvedEdit {
    let position = team.positions[state.id]
    return ResolvedEdit(
      record: state.id, state: state.state, wasResolvedBefore: before, charged: state.charged, variance: variance,
      at: position?.at ?? at, position: position, memberBudget: memberBudget(of: state, in: team, at: at))
  }

  /// The member's budget of the period that `at` lies in. Where that period has no row yet nothing is used in it.
  private func memberBudget(of state: RecordState, in team: LoadedTeam, at: Timestamp) -> BudgetView {
    let subject = BudgetSubject.member(state.member)
    let newest = team.book.budgets.newest(of: subject)
    let member =
      team.book.members[state.member]
      ?? MemberState(id: state.member, limit: newest?.limit, period: newest?.id.period ?? .month)
    let budget = team.book.budget(
      of: subject, limit: member.limit, period: member.period, at: at,
      month: environment.month(at, team.book.team.timeZone))
    return BudgetView(budget, subject: "\(state.member)")
  }
}

extension BudgetView {
  /// The view of a row under the subject's own name.
  package init(_ budget: Budget, subject: String) {
    self.init(
      scope: budget.id.scope, subject: subject, period: budget.id.period, limit: budget.limit, used: budget.used,
      held: budget.held, available: budget.available, resetsAt: budget.end)
  }
}

extension String {
  /// The text without NUL, which PostgreSQL cannot store: what an upstream says must never keep a settlement from being
  /// booked.
  fileprivate var storable: String {
    guard hasNUL else { return self }
    return String(decoding: utf8.map { $0 == 0 ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
  }
}
