import Ledger

/// What the lines of a log tell of records that were removed, and what is needed to judge those that are missing.
struct ToldRemovals: Sendable {
  /// The removals that the lines tell of, with the lines' indexes.
  private(set) var told: [NoteID: (event: UsageRemoved, index: Int64)] = [:]
  /// The last line that changed how long records are kept; nil: none did.
  private(set) var retention: RetentionChanged?
  /// When the lines of the running window, and those that they go back to, resolved edits.
  private var resolvedAt: [Int64: Timestamp] = [:]
  /// Where credits of edits went that lines credited, and by which line those were resolved: as few as credits are.
  private(set) var credited: [RecordID: (resolution: Int64, places: [BudgetPlace])] = [:]

  /// Takes in a line.
  mutating func take(_ event: Event, _ header: LineHeader) {
    switch event {
    case .usageRemoved(let removed): told[removed.removal] = (removed, header.index)
    case .retentionChanged(let changed): retention = changed
    default: noteResolution(event, header, at: header.index)
    }
  }

  /// Notes when a line resolved an edit.
  mutating func noteResolution(_ event: Event, _ header: LineHeader, at index: Int64) {
    switch event {
    case .settled, .released: resolvedAt[index] = header.at
    default: return
    }
  }

  /// When the line at an index resolved an edit; nil: it was not read.
  func resolution(at index: Int64) -> Timestamp? { resolvedAt[index] }

  /// Forgets them at the end of a window.
  mutating func forgetResolutions() {
    resolvedAt = [:]
  }

  /// Notes where a credit went.
  mutating func noteCredit(_ event: EditCredited) {
    credited[event.record] = (event.settlement, event.budgets.map { BudgetPlace(of: $0.id) })
  }

  /// Notes where a credit went that late evidence brought.
  mutating func noteCredit(_ event: EditEvidence) {
    guard event.credited > .zero else { return }
    credited[event.record] = (event.settlement, event.budgets.map { BudgetPlace(of: $0.id) })
  }
}

extension TeamCheck {
  /// Takes in a line that opened an edit whose row is not there.
  /// - Returns: whether it may be missing; whether it was resolved early enough, the line tells that resolves it.
  mutating func lackOpening(_ event: Event, _ header: LineHeader) -> Bool {
    guard start.mayLackRecord(of: header.at) else { return false }
    switch event {
    case .held(let held): labels[held.record] = EditLabels(held)
    case .refused(let refused): labels[refused.record] = EditLabels(refused)
    default: return false
    }
    return true
  }

  /// Takes in a line that changed an edit whose row is not there. What it was charged is taken from the line then.
  /// - Returns: whether it may be missing.
  mutating func lackChange(_ event: Event, _ header: LineHeader) -> Bool {
    switch event {
    case .settled(let settled):
      guard start.mayLackRecord(of: header.at) else { return false }
      sums.add(settled.charge, at: settled.budgets.map { BudgetPlace(of: $0.id) })
    case .released, .inDoubt:
      guard start.mayLackRecord(of: header.at) else { return false }
    case .credited(let credited):
      guard mayLackRecord(resolvedBy: credited.settlement) else { return false }
      removals.noteCredit(credited)
      add(credited.amount, of: credited.record, before: credited.creditedBefore)
    case .evidence(let proof):
      guard mayLackRecord(resolvedBy: proof.settlement) else { return false }
      removals.noteCredit(proof)
      awaitedEvidence[proof.record] = nil
      evidence[proof.record] = header.index
      if proof.credited > .zero { add(proof.credited, of: proof.record, before: proof.creditedBefore) }
    default: return false
    }
    return true
  }

  /// Whether a record may be missing that this line resolved. Of a pruned line nobody knows when that was.
  func mayLackRecord(resolvedBy index: Int64) -> Bool {
    guard start.removedBefore != nil else { return false }
    guard index >= start.index else { return true }
    return removals.resolution(at: index).map { start.mayLackRecord(of: $0) } ?? false
  }

  /// An edit that was held by a pruned line and whose row is not there, as the book has it with which the check begins.
  func removedState(of record: RecordID, resolvedAt resolution: Int64) -> RecordState? {
    guard start.removedBefore != nil, var state = start.book?.records[record] else { return nil }
    state.state = .released
    state.resolvedIndex = resolution
    state.credited = .zero
    return state
  }

  /// Takes off what lines credited of edits whose rows are not there.
  mutating func creditRemoved(besides seen: Set<RecordID>) {
    guard start.removedBefore != nil else { return }
    for (record, credit) in removals.credited where !seen.contains(record) {
      let amount = Int128(credits[record]?.value ?? 0) - Int128(creditedBefore[record]?.value ?? 0)
      sums.takeOff(amount, at: credit.places)
    }
  }

  /// Compares the removals, and how long records are kept, with the lines that tell of it.
  mutating func compareRemovals(_ rows: [Removal], _ team: CheckedTeam, leftUsage: Timestamp?) {
    // What the lines before the first one said is not known.
    if removals.retention != nil || !start.isAfterPruning && !start.isRecovered {
      var fields = FieldComparison()
      fields.compare("keep_days", team.keepDays, removals.retention?.new)
      if let message = fields.message { add(.teamMatchesLog, "team \(team.state.id)", message) }
    }
    if rows.map(\.before).max() != team.removedBefore {
      add(.teamMatchesLog, "team \(team.state.id)", "removed_before is not the end of its newest removal")
    }
    var left = removals.told
    for row in rows {
      guard let index = row.index.map({ $0 - team.logBase }), index >= start.index else { continue }
      let told = left.removeValue(forKey: row.id)
      let event = UsageRemoved(removal: row.id, before: row.before, records: row.records, buckets: row.buckets)
      if told?.index != index || told?.event != event {
        add(.teamMatchesLog, "removal \(row.id)", "line \(index) does not tell of it so")
      }
    }
    for (id, told) in left.sorted(by: { $0.value.index < $1.value.index }) {
      add(.teamMatchesLog, "removal \(id)", "the row of line \(told.index) is missing")
    }
    if let leftUsage {
      add(.usageMatchesLog, "usage_bucket \(leftUsage)", "it was removed and is still there")
    }
  }
}

extension BudgetPlace {
  /// The place of a budget row.
  init(of id: BudgetID) {
    self.init(subject: id.owner, start: id.start)
  }
}
