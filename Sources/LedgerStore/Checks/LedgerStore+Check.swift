package import Ledger
import Postgres

/// How far a check is.
package struct CheckProgress: Sendable, Hashable {
  /// The team that is being checked.
  package var team: TeamID
  /// Lines of its log that were checked.
  package var lines: Int64
  /// Lines that its log has.
  package var linesInAll: Int64
}

extension Violation {
  /// What halted a log, and what is to be done.
  init(_ halt: LogHalt) {
    let name = halt.team == .operatorLog ? OperatorLog.name : "\(halt.team)"
    self.init(
      .logIsNotHalted, team: halt.team, subject: "log \(halt.origin)",
      message: "it is halted: \(halt); see `tally audit recover \(name) --dry-run`")
  }
}

extension LedgerStore {
  /// How long a hold may be open before it must be in doubt: the upstream's longest time and a margin, by their defaults
  /// (docs/command-line.md).
  package static let heldAtMostByDefault: Duration = .seconds(360)

  /// Lines of a log that a check reads at once: some megabytes, some tens of milliseconds.
  package static let windowLinesByDefault: Int64 = 5_000

  /// How often the end of a log is run after that grows faster than it is read. Each time a whole window is read, so
  /// this is a team that makes millions of edits meanwhile.
  private static let endAttempts = 100

  /// How often a log is begun again that is pruned meanwhile: once for each pruning, and nobody prunes one month after
  /// the other that fast.
  private static let pruningAttempts = 5

  /// Proves the invariants of docs/ledger.md, or names the rows that break them.
  ///
  /// Each team's log is replayed in windows of `windowLines` lines, each read in transactions of its own: a
  /// check of any length holds no snapshot. While that goes on only what never changes again is compared. At the end the
  /// last lines and the team's tables are read in one snapshot and compared. Edits may go on meanwhile.
  /// - Parameters:
  ///   - team: whose ledger; nil: all of them.
  ///   - truthLog: the upstream's own list of all its calls since the ledger began; nil: not compared. Calls without a
  ///     record are looked for only when all teams are checked.
  ///   - heldAtMost: how long a hold may be open without being in doubt.
  ///   - keysKept: how long an Idempotency-Key is kept at least, and stands for one edit.
  ///   - windowLines: lines that are read at once.
  ///   - progress: is told after each window.
  /// - Returns: what does not hold, and what work nobody was charged for.
  /// - Throws: `notFound` for an unknown team; `unavailable`.
  package func check(
    team: TeamID? = nil, truthLog: [TruthLogEntry]? = nil, heldAtMost: Duration = heldAtMostByDefault,
    keysKept: Duration = idempotencyKeptAtLeast, windowLines: Int64 = windowLinesByDefault,
    progress: @Sendable (CheckProgress) -> Void = { _ in }
  ) async throws(StoreError) -> CheckReport {
    var calls = truthLog.map { UpstreamCalls($0) }
    let claims = ClaimCheck(keptSeconds: keysKept.components.seconds)
    var report = CheckReport()
    let teams = if let team { [team] } else { try await teams().map(\.id) }
    for id in teams {
      var reader = CheckReader(team: id, pool: lanePool, windowLines: max(1, windowLines))
      let check = try await check(
        id, with: &reader, calls, claims, heldAtMost.components.seconds, progress)
      calls = check.calls
      if let unknown = calls?.unknown { calls?.know(try await reader.recordsInOldLogs(unknown)) }
      report.violations += check.violations.violations
      if let halt = try await logHalt(of: id) { report.violations.append(Violation(halt)) }
      report.variances += check.variances
    }
    if team == nil, let halt = try await logHalt(of: .operatorLog) { report.violations.append(Violation(halt)) }
    report.violations += try await strayDirectoryEntries(of: team)
    if team == nil, let calls {
      var unknown = ViolationList(team: nil)
      calls.findUnknown(&unknown)
      report.violations += unknown.violations
    }
    return report
  }

  /// Checks one team; again from the beginning where its log was pruned or replaced, or its records removed meanwhile.
  private func check(
    _ team: TeamID, with reader: inout CheckReader, _ calls: UpstreamCalls?, _ claims: ClaimCheck,
    _ heldAtMostSeconds: Int64, _ progress: @Sendable (CheckProgress) -> Void
  ) async throws(StoreError) -> TeamCheck {
    for _ in 0..<Self.pruningAttempts {
      guard let head = try await reader.head() else { throw StoreError(.notFound("the team")) }
      reader.logBase = head.logBase
      var beginning = CheckStart(
        index: head.prunedBefore, isRecovered: head.logBase > 0, removedBefore: head.removedBefore)
      if beginning.isRecovered, !beginning.isAfterPruning {
        guard let text = try await reader.openingBook(), let book = try? BookText.read(text) else {
          var check = TeamCheck(team: team, calls: calls, claims: claims)
          check.add(.teamMatchesLog, "replaced_log", "the book that the log begins with is not there")
          return check
        }
        beginning.book = book
      }
      if beginning.isAfterPruning {
        guard let book = try await prunedBook(of: team, at: head.prunedBefore) else {
          var check = TeamCheck(team: team, calls: calls, claims: claims)
          check.add(
            .teamMatchesLog, "closed_period at \(head.prunedBefore)",
            "the lines before it were pruned, and the book is not there that it names")
          return check
        }
        beginning.book = book
      }
      let check = TeamCheck(team: team, start: beginning, calls: calls, claims: claims)
      if let done = try await self.check(check, with: reader, heldAtMostSeconds, progress) { return done }
    }
    throw StoreError(.unavailable(mayBeHeld: false))
  }

  /// The book that was kept where a log was pruned to; nil: it is not there, or not the one that the month's line names.
  private func prunedBook(of team: TeamID, at index: Int64) async throws(StoreError) -> TeamBook? {
    guard let period = try await closedBook(of: team, upTo: index), period.index == index else { return nil }
    do throws(StoreError) {
      let text = try await bookText(of: period, team: team)
      guard let book = try? BookText.read(text), book.logSize == index, book.team.id == team else { return nil }
      return book
    } catch {
      if case .database = error.reason { return nil }
      throw error
    }
  }

  /// - Returns: nil: lines that were to be replayed have been pruned, or records have begun to be removed.
  private func check(
    _ start: TeamCheck, with reader: CheckReader, _ heldAtMostSeconds: Int64,
    _ progress: @Sendable (CheckProgress) -> Void
  ) async throws(StoreError) -> TeamCheck? {
    var check = start
    for _ in 0..<Self.endAttempts {
      guard let head = try await reader.head() else { throw StoreError(.notFound("the team")) }
      if head.logBase != reader.logBase { return nil }
      while check.canGoOn, head.logSize - check.log.nextIndex > reader.windowLines {
        let first = check.log.nextIndex
        let window = try await reader.window(from: first, to: first + reader.windowLines, for: check)
        // What is blank and not said to be pruned is damage, which the replay finds.
        if check.isOvertakenByPruning(window), try await reader.head()?.prunedBefore != check.start.index { return nil }
        check.take(window)
        check.endOfWindow(first + reader.windowLines)
        guard check.canGoOn else { break }
        if check.usage.hasClosed {
          let running = check.usage.running
          check.compareUsage(try await reader.usage(from: check.usage.comparedUpTo, to: running), upTo: running)
        }
        progress(CheckProgress(team: check.team, lines: check.log.nextIndex, linesInAll: head.logSize))
      }
      guard check.canGoOn else { return try await isOvertaken(check, reader) ? nil : check }
      guard let end = try await reader.end(for: check) else { continue }
      if end.tables.team.prunedBefore != check.start.index { return nil }
      if end.tables.team.removedBefore != check.start.removedBefore { return nil }
      check.take(end.window)
      check.endOfWindow(end.tables.team.logSize)
      guard check.canGoOn else { return check }
      check.compareUsage(end.usage, upTo: .maximum)
      check.finish(end.tables, heldAtMostSeconds: heldAtMostSeconds)
      try await compareClaims(of: &check, with: reader)
      try await compareRollups(of: &check, closedUpTo: UsageKey.bucketStart(of: end.tables.team.lastAt))
      if try await isOvertaken(check, reader) { return nil }
      progress(CheckProgress(team: check.team, lines: check.log.nextIndex, linesInAll: end.tables.team.logSize))
      return check
    }
    throw StoreError(.unavailable(mayBeHeld: false))
  }

  /// Whether records began to be removed that this check still takes for missing: it has to begin again.
  private func isOvertaken(_ check: TeamCheck, _ reader: CheckReader) async throws(StoreError) -> Bool {
    try await reader.head()?.removedBefore != check.start.removedBefore
  }

  /// Goes through the team's Idempotency-Keys. A row and its record are written in one commit, so each statement sees both.
  private func compareClaims(of check: inout TeamCheck, with reader: CheckReader) async throws(StoreError) {
    var last: CheckedClaim?
    while check.canGoOn {
      let rows = try await reader.claims(after: last)
      check.compareClaims(rows)
      guard rows.count == CheckReader.claimsPerStatement else { return }
      last = rows.last
    }
  }

  private func strayDirectoryEntries(of team: TeamID?) async throws(StoreError) -> [Violation] {
    let strays = try await operatorRows(
      .checkStrayDirectoryEntries, team?.uuid, Int64(ViolationList.maximum))
    return strays.map { entry in
      Violation(
        .keyDirectoryMatchesKeys, team: entry.team, subject: "key_directory of \(entry.key)",
        message: "the team has no such key")
    }
  }
}
