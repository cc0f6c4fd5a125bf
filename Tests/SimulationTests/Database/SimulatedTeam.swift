import Ledger
import LedgerStore
import TransparencyLog

/// Every row of one team. The ledger's part is kept as one whole book; beside it stands what only the tables know.
struct SimulatedTeam {
  /// What the row of a record holds beside its state.
  struct Record {
    var options: EditOptions
    var resolvedAt: Timestamp?
    var variance = Credits.zero
    var cause: String?
    var upstreamUUID: String?
    var hasResults = false
  }

  var name: String
  var book: TeamBook
  var peaks: Peaks
  var lines: [[UInt8]] = []
  var leaves: [Digest] = []
  var records: [RecordID: Record] = [:]
  var userIDs: [String: MemberID] = [:]
  var usage: [UsageKey: UsageCounts] = [:]
  var assets: [String: RecordID] = [:]
  var claims: [ClaimID: ClaimedKey] = [:]
  var noted: [NoteID: Int64] = [:]
  /// The index of the line that closed a month, by the month's end.
  var closings: [Timestamp: Int64] = [:]
}

// MARK: - Loading

extension SimulatedTeam {
  /// The row that is locked: the book without members, keys, budgets and records.
  var locked: LoadedTeam {
    var team = book.team
    team.closedThrough = nil
    return LoadedTeam(
      book: TeamBook(team: team, origin: book.origin, logSize: book.logSize, lastAt: book.lastAt), peaks: peaks)
  }

  /// Enters the whole book but the open edits whose holds stand before an index.
  func loadWholeBook(since: Int64, into loaded: inout LoadedTeam) {
    loaded.book.team.closedThrough = book.team.closedThrough
    loaded.book.members = book.members
    loaded.book.keys = book.keys
    loaded.book.budgets = book.budgets
    for record in book.records.values where record.state.isOpen && record.openedIndex >= since {
      loadRecord(record.id, into: &loaded)
    }
    loaded.isWhole = true
  }

  /// Enters the newest budget row of a subject.
  func loadNewest(of subject: BudgetSubject, into loaded: inout LoadedTeam) {
    if let row = book.budgets.newest(of: subject) { loaded.book.budgets[row.id] = row }
  }

  /// Enters the rows that a record's hold was taken from, and all younger ones of their subjects.
  func loadBudgets(of record: RecordID, into loaded: inout LoadedTeam) {
    for id in book.records[record]?.budgets ?? [] {
      for row in book.budgets.rows(of: id.owner) where row.id.start >= id.start { loaded.book.budgets[row.id] = row }
    }
  }

  /// Enters what an Idempotency-Key stands for, and its record.
  func loadClaim(_ id: ClaimID, into loaded: inout LoadedTeam) {
    guard let claimed = claims[id] else { return }
    loaded.claims[id] = claimed
    loadRecord(claimed.record, into: &loaded)
  }

  /// Enters a record as it is, with those of its budget rows that are loaded.
  func loadRecord(_ id: RecordID, into loaded: inout LoadedTeam) {
    guard var state = book.records[id], let row = records[id] else { return }
    let table = loaded.book.budgets
    state.budgets = state.budgets.filter { table[$0] != nil }
    loaded.book.records[id] = state
    loaded.options[id] = row.options
    loaded.releaseCauses[id] = state.state == .released ? row.cause.flatMap(ReleaseCause.init) : nil
    if let index = state.resolvedIndex, let at = row.resolvedAt, leaves.indices.contains(Int(index)) {
      loaded.positions[id] = LogPosition(log: book.origin, index: index, leaf: leaves[Int(index)], at: at)
    }
  }
}
