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
      try team.allowAlert(request)
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
    var secret = secret(of: command, isErased: isErased)
    var context = DecisionContext(
      at: at, month: environment.month(at, zone), prices: prices, actor: command.actor,
      commitment: secret.commitment)
    do {
      let decision = try team.book.decide(ledgerCommand, context)
      // What changes nothing may be the same command run again, after it took effect.
      if !decision.events.isEmpty { try TeamAdministration.check(command, in: team.book, at: at) }
      for (position, event) in decision.events.enumerated() {
        if position > 0 {
          secret = salted(secret)
          context.commitment = secret.commitment
        }
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
