import Ledger

/// Where the replay of a log begins: at its first line, or where its lines are pruned no more, with the book that was kept
/// there.
struct CheckStart: Sendable {
  /// Index of the first line that is replayed. Of those below it only leaf and nodes are looked at.
  var index: Int64
  /// The book before it; nil: its line makes the team.
  var book: TeamBook?
  /// Whether the log took another's place: of edits from before it no line tells, and what they used stands in the book.
  var isRecovered = false
  /// Records that were resolved or refused before it may have been removed; nil: none may.
  var removedBefore: Timestamp?

  /// The first line.
  static let beginning = CheckStart(index: 0)

  /// Whether there are lines below it.
  var isAfterPruning: Bool { index > 0 }

  /// Whether what was used before it is taken from the book: its records, or the lines of those that were removed, are not
  /// there.
  var sumsFromBook: Bool { isRecovered || isAfterPruning && removedBefore != nil }

  /// Whether a record may be missing that was resolved or refused at this moment.
  func mayLackRecord(of moment: Timestamp) -> Bool {
    removedBefore.map { moment < $0 } ?? false
  }
}

// What a check takes of records whose lines are pruned: the tables' own word.

extension TeamCheck {
  /// Takes in a record that a pruned line opened.
  mutating func takePruned(_ row: CheckedRecord) {
    calls?.take(row, &violations)
    if start.book?.records[row.id] != nil {
      labels[row.id] = EditLabels(row)
      return
    }
    guard row.state != EditState.refused.rawValue else { return }
    guard let resolution = row.resolveIndex, resolution < start.index else {
      return add(.recordMatchesLog, row.subject, "the book that was kept does not have it as open")
    }
    if !start.sumsFromBook {
      sums.addCharge(of: row)
      if row.credited != .zero { noteEarlierCredits(of: row.id) }
    }
    if let evidence = row.evidenceIndex, evidence >= start.index { awaitedEvidence[row.id] = evidence }
  }

  /// An edit that was held by a pruned line and resolved by one that is there, as its row tells.
  func heldState(of row: CheckedRecord, resolvedAt resolution: Int64) -> RecordState {
    let table = log.book?.budgets ?? BudgetTable()
    let budgets = row.budgets(of: team).compactMap { place in
      table.rows(of: place.subject).first { $0.id.start == place.start }?.id
    }
    return RecordState(
      id: row.id, member: row.member, key: row.key, instance: row.instance, state: .released, held: row.held,
      credited: .zero, n: row.n, unitPrice: row.unitPrice, priceVersion: row.priceVersion, budgets: budgets,
      openedIndex: row.holdIndex, resolvedIndex: resolution, heldAt: row.createdAt)
  }
}

extension EditLabels {
  /// What the row of an edit says.
  init(_ row: CheckedRecord) {
    self.init(
      member: row.member, key: row.key,
      options: EditOptions(model: row.model, quality: row.quality, size: row.size))
  }
}

extension UpstreamCalls {
  /// Takes in an edit whose lines are pruned.
  mutating func take(_ row: CheckedRecord, _ violations: inout ViolationList) {
    note(row.id)
    let hasWorked = hasWorked(row.id)
    switch row.state {
    case EditState.refused.rawValue where isKnown(row.id):
      violations.add(
        .refusedEditWasNeverSent, row.subject, "the edit was refused, and the upstream was called for it")
    case EditState.released.rawValue where hasWorked && row.evidenceIndex == nil:
      noteRelease(row.id, row.cause.flatMap { ReleaseCause(rawValue: $0) } ?? .administrator)
    case EditState.settled.rawValue where row.cause == SettleCause.delivered.rawValue && !hasWorked:
      violations.add(
        .settledEditWasWorked, row.subject, "the edit was charged, and the upstream did no work for it")
    default: return
    }
  }
}
