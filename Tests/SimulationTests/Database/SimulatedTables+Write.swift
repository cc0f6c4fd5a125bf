import Ledger
import LedgerStore
import TransparencyLog

extension SimulatedTables {
  /// What the second round trip writes, with the constraints of migrations/0001_ledger.up.sql that it could break. On an
  /// error the tables are as they were half way: the caller throws them away, as a transaction is rolled back.
  mutating func write(_ writes: LaneWrites) throws(RowRefusal) {
    for (new, _) in writes.newTeams { try makeTeam(new, writes) }
    for id in writes.changedTeams {
      guard let state = writes.teams[id]?.book.team else { continue }
      // These have statements of their own.
      guard let old = teams[id]?.book.team else { continue }
      teams[id]?.book.team = state
      teams[id]?.book.team.isHalted = old.isHalted
      teams[id]?.book.team.isOnLegalHold = old.isOnLegalHold
      teams[id]?.book.team.closedThrough = old.closedThrough
    }
    for id in writes.legalHolds {
      teams[id]?.book.team.isOnLegalHold = writes.teams[id]?.book.team.isOnLegalHold ?? true
    }
    for closing in writes.closings {
      guard teams[closing.team]?.closings[closing.event.end] == nil else {
        throw RowRefusal(.unique, "closed_period_pkey")
      }
      teams[closing.team]?.closings[closing.event.end] = closing.index
      teams[closing.team]?.book.team.closedThrough = closing.event.end
    }
    for note in writes.notes {
      guard teams[note.id.team]?.noted[note.id.id] == nil else { throw RowRefusal(.unique, "noted_pkey") }
      teams[note.id.team]?.noted[note.id.id] = note.index
    }
    for id in writes.haltedTeams { teams[id]?.book.team.isHalted = true }
    for (id, written) in writes.teams {
      teams[id]?.book.logSize = written.book.logSize
      teams[id]?.book.lastAt = written.book.lastAt
      teams[id]?.peaks = written.peaks
    }
    for member in writes.members { try write(member) }
    for key in writes.keys { try write(key) }
    for (id, budget) in writes.newBudgets { try insert(budget, of: id) }
    for (id, budget) in writes.changedBudgets { try update(budget, of: id) }
    for record in writes.newRecords { try insert(record) }
    for change in writes.changedRecords { try update(change) }
    for attachment in writes.attachments { attach(attachment) }
    for doubt in writes.doubts { enter(doubt) }
    for line in writes.lines { try append(line) }
    for (id, claim) in writes.claims { teams[id.team]?.claims[id] = claim.key }
    for (key, counts) in writes.usage { teams[key.team]?.usage[key, default: UsageCounts()].add(counts) }
    for asset in writes.assets where teams[asset.team]?.assets[asset.storageKey] == nil {
      teams[asset.team]?.assets[asset.storageKey] = asset.record
    }
  }

  private mutating func makeTeam(_ new: NewTeam, _ writes: LaneWrites) throws(RowRefusal) {
    guard let written = writes.teams[new.id] else { return }
    guard teams[new.id] == nil else { throw RowRefusal(.unique, "team_pkey") }
    let book = TeamBook(
      team: written.book.team, origin: written.book.origin, logSize: written.book.logSize, lastAt: written.book.lastAt)
    teams[new.id] = SimulatedTeam(name: new.name, book: book, peaks: written.peaks)
  }

  private mutating func write(_ member: LaneWrites.WrittenMember) throws(RowRefusal) {
    let state = member.state
    if let new = member.new {
      guard teams[member.team]?.book.members[state.id] == nil else { throw RowRefusal(.unique, "member_pkey") }
      guard teams[member.team]?.userIDs[new.userID] == nil else {
        throw RowRefusal(.unique, "member_user_id_unique")
      }
      teams[member.team]?.userIDs[new.userID] = state.id
      teams[member.team]?.book.members[state.id] = state
    } else if teams[member.team]?.book.members[state.id] != nil {
      teams[member.team]?.book.members[state.id] = state
    }
  }

  private mutating func write(_ key: LaneWrites.WrittenKey) throws(RowRefusal) {
    let state = key.state
    if let secret = key.secret {
      guard teams[key.team]?.book.keys[state.id] == nil else { throw RowRefusal(.unique, "api_key_pkey") }
      guard teams[key.team]?.book.members[state.member] != nil else {
        throw RowRefusal(.foreignKey, "api_key_member_fkey")
      }
      guard keyHashes[secret.hash] == nil else { throw RowRefusal(.unique, "key_directory_pkey") }
      keyHashes[secret.hash] = state.id
      teams[key.team]?.book.keys[state.id] = state
    } else {
      teams[key.team]?.book.keys[state.id]?.expiresAt = state.expiresAt
      teams[key.team]?.book.keys[state.id]?.revokedAt = state.revokedAt
    }
  }

  private mutating func insert(_ budget: Budget, of team: TeamID) throws(RowRefusal) {
    let rows = teams[team]?.book.budgets.rows(of: budget.id.owner) ?? []
    guard !rows.contains(where: { $0.id.start == budget.id.start }) else { throw RowRefusal(.unique, "budget_pkey") }
    try check(budget)
    teams[team]?.book.budgets[budget.id] = budget
  }

  private mutating func update(_ budget: Budget, of team: TeamID) throws(RowRefusal) {
    try check(budget)
    guard teams[team]?.book.budgets[budget.id] != nil else { return }
    teams[team]?.book.budgets[budget.id] = budget
  }

  private func check(_ budget: Budget) throws(RowRefusal) {
    if let end = budget.end, end <= budget.id.start { throw RowRefusal(.check, "budget_period_order") }
    guard budget.used >= .zero else { throw RowRefusal(.check, "budget_used_not_negative") }
    guard budget.held >= .zero else { throw RowRefusal(.check, "budget_held_not_negative") }
    if let limit = budget.limit, budget.used.value + budget.held.value > limit.value, !budget.isOverLimit {
      throw RowRefusal(.check, "budget_within_limit")
    }
  }

  private mutating func append(_ line: LaneWrites.NewLine) throws(RowRefusal) {
    guard let team = teams[line.team] else { return }
    guard line.index >= Int64(team.lines.count) else { throw RowRefusal(.unique, "log_line_pkey") }
    teams[line.team]?.lines.append(line.line)
    teams[line.team]?.leaves.append(line.leaf)
  }
}

// MARK: - Records

extension SimulatedTables {
  private mutating func insert(_ new: LaneWrites.NewRecord) throws(RowRefusal) {
    let request = new.request
    guard let team = teams[request.team] else { return }
    guard team.book.records[request.record] == nil else { throw RowRefusal(.unique, "record_pkey") }
    guard !team.book.records.values.contains(where: { $0.openedIndex == new.position }) else {
      throw RowRefusal(.unique, "record_hold_index_unique")
    }
    guard (1...10).contains(new.state.n) else { throw RowRefusal(.check, "record_n_range") }
    teams[request.team]?.book.records[request.record] = new.state
    teams[request.team]?.records[request.record] = SimulatedTeam.Record(
      options: EditOptions(model: request.model, quality: request.quality, size: request.size),
      cause: new.state.refusal?.scope.rawValue)
  }

  private mutating func update(_ change: LaneWrites.ChangedRecord) throws(RowRefusal) {
    let id = change.state.id
    guard var state = teams[change.team]?.book.records[id], var row = teams[change.team]?.records[id] else { return }
    state.state = change.state.state
    state.assumed = change.state.assumed
    state.charged = change.state.charged
    state.credited = change.state.credited
    state.resolvedIndex = change.state.resolvedIndex
    state.evidenceIndex = change.state.evidenceIndex
    try check(state)
    row.variance = max(row.variance, change.variance)
    row.resolvedAt = state.state == .inDoubt ? nil : row.resolvedAt ?? change.at
    row.cause = change.cause ?? row.cause
    state.settleCause = state.state == .settled ? row.cause.flatMap(SettleCause.init) : nil
    row.upstreamUUID = change.upstreamUUID ?? row.upstreamUUID
    row.hasResults = row.hasResults || change.resultObject != nil
    teams[change.team]?.book.records[id] = state
    teams[change.team]?.records[id] = row
  }

  /// The upstream's id of an edit; the first one stays.
  private mutating func attach(_ request: AttachRequest) {
    let name = EditName(team: request.team, record: request.record)
    if let row = teams[name.team]?.records[name.record], row.upstreamUUID == nil {
      teams[name.team]?.records[name.record]?.upstreamUUID = request.upstreamUUID
    }
    if let row = doubts[name], row.upstreamUUID == nil {
      doubts[name]?.upstreamUUID = request.upstreamUUID
      doubts[name]?.askAt = row.inDoubtAt
    }
  }

  private mutating func enter(_ new: LaneWrites.NewDoubt) {
    let name = EditName(team: new.team, record: new.record)
    guard let row = teams[new.team]?.records[new.record], doubts[name] == nil else { return }
    doubts[name] = DoubtRow(
      inDoubtAt: new.at, upstreamUUID: new.upstreamUUID ?? row.upstreamUUID, askAt: new.at)
  }

  private func check(_ state: RecordState) throws(RowRefusal) {
    guard state.charged <= state.held else { throw RowRefusal(.check, "record_charge_within_hold") }
    guard state.credited <= state.charged else { throw RowRefusal(.check, "record_credit_within_charge") }
    guard state.charged == .zero || state.state == .settled else {
      throw RowRefusal(.check, "record_charged_when_settled")
    }
    guard (state.resolvedIndex != nil) == (state.state == .settled || state.state == .released) else {
      throw RowRefusal(.check, "record_resolved_when_indexed")
    }
    if let evidence = state.evidenceIndex, let resolution = state.resolvedIndex, evidence <= resolution {
      throw RowRefusal(.check, "record_evidence_after_resolution")
    }
  }
}

extension UsageCounts {
  /// Adds what another batch counted in the same bucket.
  mutating func add(_ other: UsageCounts) {
    settled += other.settled
    released += other.released
    refused += other.refused
    images += other.images
    charged += other.charged
    credited += other.credited
  }
}
