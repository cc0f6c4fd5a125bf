package import Ledger
package import TransparencyLog

/// What the first round trip of a batch brought: everything that its decisions need.
package struct LoadedBatch: Sendable {
  /// The database's clock, read after the teams were locked.
  package var clock: Timestamp
  package var teams: [TeamID: LoadedTeam]
  /// Prices that came since the lane looked last.
  package var newPrices: [PriceEntry]

  /// What a first round trip brought.
  package init(clock: Timestamp, teams: [TeamID: LoadedTeam], newPrices: [PriceEntry] = []) {
    self.clock = clock
    self.teams = teams
    self.newPrices = newPrices
  }
}

/// One locked team.
package struct LoadedTeam: Sendable {
  /// The part of the book that the batch needs.
  package var book: TeamBook
  package var peaks: Peaks
  /// The place of the log's first line among all lines of the team: behind those of the logs that it took the place of.
  package var logBase: Int64
  /// Where the resolving lines of the loaded records stand.
  package var positions: [RecordID: LogPosition] = [:]
  /// What was asked for in the loaded records, for the usage buckets.
  package var options: [RecordID: EditOptions] = [:]
  /// Why those of the loaded records were released that were.
  package var releaseCauses: [RecordID: ReleaseCause] = [:]
  /// Those of the loaded records whose personal text was erased.
  package var erased: Set<RecordID> = []
  /// What the Idempotency-Keys of the batch stand for.
  package var claims: [ClaimID: ClaimedKey] = [:]
  /// Where those of the batch's notes stand that are in the log already.
  package var noted: [NoteID: Int64] = [:]
  /// The team's alerts, where one of them is to change.
  package var alerts: [NoteID: Alert] = [:]
  /// Whose budgets no alert may be set on any more: those of the batch's alerts whose member is erased, or is being.
  package var erasedSubjects: Set<BudgetSubject> = []
  /// Whether the whole book was loaded, for closing a period.
  package var isWhole = false
  /// For how many days its records and usage are kept; nil: for ever.
  package var keepDays: Int64?
  /// What was resolved before it was removed, or is being; nil: nothing was.
  package var removedBefore: Timestamp?

  /// A locked team with the part of its book that was loaded.
  package init(book: TeamBook, peaks: Peaks, logBase: Int64 = 0) {
    self.book = book
    self.peaks = peaks
    self.logBase = logBase
  }

  /// The place of a line of the log: the number by which its row is found, and by which other rows name it.
  func place(of index: Int64) -> Int64 { logBase + index }

  /// The place of the log's last line.
  var lastPlace: Int64 { place(of: book.logSize - 1) }

  /// The row of a team that is to be made.
  package static func unmade(_ id: TeamID, logName: String) -> LoadedTeam {
    let log = id == .operatorLog ? "operator" : "\(id)"
    return LoadedTeam(book: .empty(teamID: id, origin: "\(logName)/\(log)"), peaks: Peaks())
  }
}

/// What an edit asked for, as usage is counted by it.
package struct EditOptions: Hashable, Sendable {
  package var model: String
  package var quality: String
  package var size: String

  /// What an edit asked for.
  package init(model: String, quality: String, size: String) {
    self.model = model
    self.quality = quality
    self.size = size
  }
}
