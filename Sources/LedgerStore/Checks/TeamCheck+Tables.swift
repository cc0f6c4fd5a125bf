import Ledger
import TransparencyLog

/// A team's tables at one moment, in one snapshot with the end of its log.
struct CheckedTables: Sendable {
  var team: CheckedTeam
  var members: [MemberState]
  var keys: [CheckedKey]
  var budgets: [Budget]
  /// Open records, and those that were credited.
  var records: [CheckedRecord]
  /// The months that are closed, the oldest first.
  var closings: [ClosedPeriod]
  var erasures: [Erasure]
  var removals: [Removal]
  var strays: CheckedStrays
}

extension TeamCheck {
  /// Records that the end of the check needs, as far as they are known yet: open ones and credited ones.
  var recordsToCompare: Set<RecordID> {
    Set(credits.keys).union(log.book.map { Array($0.records.keys) } ?? [])
  }

  /// Compares the tables with the book that the log made.
  /// - Parameter heldAtMost: how long a hold may be open before it must be in doubt, in seconds.
  mutating func finish(_ tables: CheckedTables, heldAtMostSeconds: Int64) {
    guard let book = log.book, canGoOn else { return }
    compareHead(tables.team, book)
    compareTeam(tables.team.state, book)
    compareClosings(tables.closings)
    compareErasures(tables.erasures)
    compareRemovals(tables.removals, tables.team, leftUsage: tables.strays.usage)
    compareMembers(tables.members, book)
    compareKeys(tables.keys, book)
    compareBudgets(tables.budgets, book)
    compareRecords(tables.records, book)
    for (record, index) in awaitedEvidence.sorted(by: { $0.key < $1.key }) {
      add(.recordMatchesLog, "record \(record)", "evidence_index is \(index), by the log none")
    }
    if let found = calls?.endOfLog(&violations) {
      variances += found.prefix(ViolationList.maximum - variances.count).map {
        Variance(team: team, record: $0, credits: nil, reason: .releasedByAdministrator)
      }
    }
    sums.compare(tables.budgets, &violations)
    for record in book.records.values.sorted(by: { $0.id < $1.id }) where record.state == .held {
      let latest = record.heldAt.adding(seconds: heldAtMostSeconds)
      if latest < tables.team.now {
        add(
          .nothingIsHeldPastItsTime, "record \(record.id)",
          "held since \(record.heldAt) and not in doubt, at \(tables.team.now)")
      }
    }
    if let stray = tables.strays.line { add(.logHasNoGap, "log_line \(stray)", "it stands behind the end of the log") }
    if let stray = tables.strays.payload {
      add(.privatePayloadMatchesLine, "log_private \(stray)", "there is no such line")
    }
    if let stray = tables.strays.record {
      add(.recordMatchesLog, "record \(stray)", "its hold stands behind the end of the log")
    }
  }

  /// Compares rows of the table of Idempotency-Keys with their records.
  mutating func compareClaims(_ rows: [CheckedClaim]) {
    for row in rows {
      if let message = claims.compare(row) { add(.idempotencyKeyMatchesRecord, row.subject, message) }
    }
  }

  private mutating func compareHead(_ team: CheckedTeam, _ book: TeamBook) {
    var fields = FieldComparison()
    fields.compare("log_origin", team.origin, book.origin)
    fields.compare("log_size", team.logSize, book.logSize)
    fields.compare("log_last_at", team.lastAt, book.lastAt)
    // The first line told it, which may be pruned.
    if !start.isAfterPruning, !start.isRecovered { fields.compare("created_at", team.createdAt, log.createdAt) }
    if log.canJudgePeaks, team.peaks != log.peaks.bytes {
      fields.compare("log_peaks", "others", "those of its lines")
    }
    if let message = fields.message { add(.headMatchesLog, "team \(team.state.id)", message) }
  }

  private mutating func compareTeam(_ row: TeamState, _ book: TeamBook) {
    var fields = FieldComparison()
    fields.compare("status", row.status.rawValue, book.team.status.rawValue)
    fields.compare("credit_limit", row.limit, book.team.limit)
    fields.compare("period", row.period.rawValue, book.team.period.rawValue)
    fields.compare("time_zone", row.timeZone, book.team.timeZone)
    fields.compare("in_doubt_charge_seconds", row.inDoubtChargeAfterSeconds, book.team.inDoubtChargeAfterSeconds)
    fields.compare("legal_hold", row.isOnLegalHold, book.team.isOnLegalHold)
    if let message = fields.message { add(.teamMatchesLog, "team \(row.id)", message) }
  }

  private mutating func compareClosings(_ rows: [ClosedPeriod]) {
    var left = Dictionary(closings.map { ($0.index, $0) }) { first, _ in first }
    for row in rows where row.index >= start.index && left.removeValue(forKey: row.index) != row {
      add(.teamMatchesLog, "closed_period \(row.month)", "line \(row.index) does not tell of it so")
    }
    for missing in left.values.sorted(by: { $0.index < $1.index }) {
      add(.teamMatchesLog, "closed_period \(missing.month)", "the row of line \(missing.index) is missing")
    }
  }

  private mutating func compareMembers(_ rows: [MemberState], _ book: TeamBook) {
    var left = book.members
    for row in rows {
      guard let member = left.removeValue(forKey: row.id) else {
        add(.memberMatchesLog, "member \(row.id)", "no line added it")
        continue
      }
      var fields = FieldComparison()
      fields.compare("role", row.role.rawValue, member.role.rawValue)
      fields.compare("status", row.status.rawValue, member.status.rawValue)
      fields.compare("credit_limit", row.limit, member.limit)
      fields.compare("period", row.period.rawValue, member.period.rawValue)
      if let message = fields.message { add(.memberMatchesLog, "member \(row.id)", message) }
    }
    for id in left.keys.sorted() { add(.memberMatchesLog, "member \(id)", "the row is missing") }
  }

  private mutating func compareKeys(_ rows: [CheckedKey], _ book: TeamBook) {
    var left = book.keys
    for row in rows {
      let state = row.state
      if !row.isInDirectory { add(.keyDirectoryMatchesKeys, "api_key \(state.id)", "its hash does not lead to it") }
      guard let key = left.removeValue(forKey: state.id) else {
        add(.keyMatchesLog, "api_key \(state.id)", "no line issued it")
        continue
      }
      var fields = FieldComparison()
      fields.compare("member_id", state.member, key.member)
      fields.compare("budget_key_id", state.budgetSubject, key.budgetSubject)
      fields.compare("credit_limit", state.limit, key.limit)
      fields.compare("period", state.period.rawValue, key.period.rawValue)
      fields.compare("scopes", state.scopes.names, key.scopes.names)
      fields.compare("expires_at", state.expiresAt, key.expiresAt)
      fields.compare("revoked_at", state.revokedAt, key.revokedAt)
      fields.compare("rate_per_minute", state.ratePerMinute, key.ratePerMinute)
      if let message = fields.message { add(.keyMatchesLog, "api_key \(state.id)", message) }
    }
    for id in left.keys.sorted() { add(.keyMatchesLog, "api_key \(id)", "the row is missing") }
  }

  private mutating func compareBudgets(_ rows: [Budget], _ book: TeamBook) {
    var left = book.budgets
    for row in rows {
      let place = row.id.owner
      guard let budget = left.rows(of: place).first(where: { $0.id.start == row.id.start }) else {
        add(.budgetMatchesLog, row.subject, "no line opened it")
        continue
      }
      left[budget.id] = nil
      var fields = FieldComparison()
      fields.compare("period", row.id.period.rawValue, budget.id.period.rawValue)
      fields.compare("period_end", row.end, budget.end)
      fields.compare("credit_limit", row.limit, budget.limit)
      fields.compare("used", row.used, budget.used)
      fields.compare("held", row.held, budget.held)
      fields.compare("is_over_limit", row.isOverLimit, budget.isOverLimit)
      if let message = fields.message { add(.budgetMatchesLog, row.subject, message) }
    }
    for budget in left.values.sorted(by: { $0.id < $1.id }) {
      add(.budgetMatchesLog, budget.subject, "the row is missing")
    }
  }

  private mutating func compareRecords(_ rows: [CheckedRecord], _ book: TeamBook) {
    var open = book.records
    var seen: Set<RecordID> = []
    // One that a pruned line opened comes twice where later lines tell of it.
    for row in rows where seen.insert(row.id).inserted {
      if let record = open.removeValue(forKey: row.id) {
        if let message = RecordCheck.compare(row, withOpen: record) { add(.recordMatchesLog, row.subject, message) }
        if row.isOpen { sums.addHold(of: row) }
      }
      if let credited = credits[row.id] {
        sums.addCredit(of: row, besides: creditedBefore[row.id] ?? .zero)
        let fits = creditedEarlier.contains(row.id) ? row.credited >= credited : row.credited == credited
        if !fits {
          add(.recordMatchesLog, row.subject, "credited is \(row.credited), by the log \(credited)")
        }
      }
    }
    creditRemoved(besides: seen)
    for id in open.keys.sorted() { add(.recordMatchesLog, "record \(id)", "the row is missing") }
  }
}
