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

extension LedgerStore {
  /// How long a hold may be open before it must be in doubt: the upstream's longest time and a margin, by their defaults
  /// (docs/command-line.md).
  package static let heldAtMostByDefault: Duration = .seconds(360)

  /// Lines of a log that a check reads at once: some megabytes, some tens of milliseconds.
  package static let windowLinesByDefault: Int64 = 5_000

  /// How often the end of a log is run after that grows faster than it is read. Each time a whole window is read, so
  /// this is a team that makes millions of edits meanwhile.
  private static let endAttempts = 100

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
      let reader = CheckReader(team: id, pool: lanePool, windowLines: max(1, windowLines))
      let check = try await check(
        TeamCheck(team: id, calls: calls, claims: claims), with: reader, heldAtMost.components.seconds, progress)
      calls = check.calls
      report.violations += check.violations.violations
      report.variances += check.variances
    }
    report.violations += try await strayDirectoryEntries(of: team)
    if team == nil, let calls {
      var unknown = ViolationList(team: nil)
      calls.findUnknown(&unknown)
      report.violations += unknown.violations
    }
    return report
  }

  private func check(
    _ start: TeamCheck, with reader: CheckReader, _ heldAtMostSeconds: Int64,
    _ progress: @Sendable (CheckProgress) -> Void
  ) async throws(StoreError) -> TeamCheck {
    var check = start
    for _ in 0..<Self.endAttempts {
      guard let head = try await reader.head() else { throw StoreError(.notFound("the team")) }
      while check.canGoOn, head.logSize - check.log.nextIndex > reader.windowLines {
        let first = check.log.nextIndex
        let window = try await reader.window(from: first, to: first + reader.windowLines, for: check)
        check.take(window)
        check.endOfWindow(first + reader.windowLines)
        guard check.canGoOn else { break }
        if check.usage.hasClosed {
          let running = check.usage.running
          check.compareUsage(try await reader.usage(from: check.usage.comparedUpTo, to: running), upTo: running)
        }
        progress(CheckProgress(team: check.team, lines: check.log.nextIndex, linesInAll: head.logSize))
      }
      guard check.canGoOn else { return check }
      guard let end = try await reader.end(for: check) else { continue }
      check.take(end.window)
      check.endOfWindow(end.tables.team.logSize)
      guard check.canGoOn else { return check }
      check.compareUsage(end.usage, upTo: .maximum)
      check.finish(end.tables, heldAtMostSeconds: heldAtMostSeconds)
      try await compareClaims(of: &check, with: reader)
      progress(CheckProgress(team: check.team, lines: check.log.nextIndex, linesInAll: end.tables.team.logSize))
      return check
    }
    throw StoreError(.unavailable(mayBeHeld: false))
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
