import Ledger
import TransparencyLog

extension LoadedTeam {
  /// Begins a new log in the place of the halted one, with the whole book. Its lines are placed behind the old ones, which
  /// stay as they are.
  /// - Returns: what is kept of the old log.
  /// - Throws: `conflict` where the team is not halted, and as `requireWholeBook`.
  mutating func takePlace(
    of request: RecoverLogRequest, at moment: Timestamp
  ) throws(StoreError) -> LaneWrites.NewRecovery {
    guard book.team.isHalted else {
      throw StoreError(.conflict("the log \(book.origin) is not halted: there is nothing to recover"))
    }
    try requireWholeBook()
    let at = max(book.lastAt, moment)
    var recovery = LaneWrites.NewRecovery(
      team: book.team.id, oldLog: book.origin, base: logBase, size: book.logSize, peaks: peaks, lastAt: book.lastAt,
      replacedAt: at, book: [])
    let resolved = book.records.filter { !$0.value.state.isOpen }
    book = book.recovered(as: LogName.origin(replacing: book.origin, at: at))
    recovery.book = BookText.write(book)
    // Commands of the same batch may ask for them.
    for (id, record) in resolved {
      book.records[id] = record.withPlaces(from: positions[id] == nil ? 0 : recovery.base)
    }
    logBase += recovery.size
    peaks = Peaks()
    // None of what was found of the old log's lines stands in the new one.
    noted = [:]
    positions = [:]
    return recovery
  }
}

/// How logs are named.
enum LogName {
  /// The origin of a log that takes the place of `old`: the team's first one, and when it was opened. A number would be
  /// given twice where a database is restored to before an earlier recovery.
  static func origin(replacing old: String, at moment: Timestamp) -> String {
    let name = old.split(separator: "/", omittingEmptySubsequences: false).prefix(2).joined(separator: "/")
    return "\(name)/\(moment.rfc3339)"
  }
}

extension RecordState {
  /// The record with places for the indexes of its lines in a log that begins at `base`.
  func withPlaces(from base: Int64) -> RecordState {
    var record = self
    record.openedIndex += base
    record.resolvedIndex = resolvedIndex.map { $0 + base }
    record.evidenceIndex = evidenceIndex.map { $0 + base }
    return record
  }

  /// Turns the places of its lines into indexes of the log that begins at the place `base`: an edit that was held in a log
  /// before and not resolved there is held by its first line. One that was resolved or refused there keeps its places.
  /// - Returns: whether it was resolved or refused there.
  mutating func countLines(from base: Int64) -> Bool {
    guard base > 0 else { return false }
    evidenceIndex = evidenceIndex.map { $0 < base ? $0 : $0 - base }
    if (resolvedIndex ?? (state == .refused ? openedIndex : base)) < base { return true }
    openedIndex = max(0, openedIndex - base)
    resolvedIndex = resolvedIndex.map { $0 - base }
    return false
  }
}
