import Audit
package import Ledger
package import LedgerStore
import TransparencyLog

extension LogExports {
  /// The statement of a month: of the lines from the closing of the month before up to its own closing, so that it opens
  /// as the one before it closed. A month that is not closed has one up to now, which is not complete.
  /// - Returns: nil for a month that was over before the team was made.
  /// - Throws: `StoreError` with `invalid` that names `period` for a month that has not begun, or whose lines were pruned;
  ///   `notFound`; `unavailable`; `ExportFailure.damaged` where the books do not balance or the lines are not those that
  ///   the log's tree was made of: such a statement would add up to what nobody was charged.
  package func statement(of team: TeamID, _ month: CalendarMonth, now: Timestamp) async throws -> MonthStatement? {
    let view = try await store.team(team)
    let bounds = store.bounds(of: month, timeZone: view.timeZone)
    guard bounds.start <= now else {
      throw StoreError(.invalid(field: "period", message: "\(month.text) lies in the future"))
    }
    if let end = bounds.end, end <= view.createdAt { return nil }
    let log = try await store.logState(of: team)
    let closed = try await store.closedPeriods(of: team, after: month.middle, limit: 1).first
    if let closed, try await !isClosed(closed, of: team, log.origin) {
      throw StoreError(
        .invalid(field: "period", message: "\(month.text) was closed in a log that this one took the place of"))
    }
    let end = closed?.index ?? log.size
    let key = StatementCache.Key(team: team, log: log.origin, end: end)
    if closed != nil, let statement = statements.statement(key) { return statement }
    var before = try await store.closedPeriod(of: team, endingBefore: closed?.end)
    if let last = before, try await !isOpening(last, of: view, log.origin) { before = nil }
    let replay: RangeReplay
    do {
      replay = try await self.replay(of: team, log.origin, from: before?.index ?? 0, to: end)
    } catch let error as StoreError {
      guard case .invalid(_, let message) = error.reason else { throw error }
      throw StoreError(.invalid(field: "period", message: message))
    } catch let fault as BundleFault {
      throw ExportFailure.damaged("\(fault)")
    }
    let made = replay.statement
    let statement = MonthStatement(
      period: closed?.month ?? month.text, isComplete: closed != nil, json: made.json, table: made.table)
    if closed != nil { statements.keep(statement, key) }
    return statement
  }

  /// Whether a closed month's line is where the next statement begins. One that was over before the team was made has no
  /// statement of its own, so what stands in front of its line belongs to the next: gateways of before let it be closed.
  private func isOpening(_ period: ClosedPeriod, of team: TeamView, _ log: String) async throws -> Bool {
    guard try await isClosed(period, of: team.id, log) else { return false }
    if period.end > team.createdAt { return true }
    // What was pruned is in no statement any more.
    return try await store.firstKeptLine(of: team.id) > 0
  }

  /// The replayed lines from `from` up to `to`, whose books balance and which lead to the log's head. Where no book was kept
  /// at `from`, it is made of the lines before.
  private func replay(of team: TeamID, _ log: String, from: Int64, to: Int64) async throws -> RangeReplay {
    let kept = try await store.firstKeptLine(of: team)
    var (index, state) = try await opening(of: team, log, at: from, kept: kept)
    let earlier = GivenLines()
    if index < from {
      let before = try RangeReplay(
        log: log, team: team, peaks: try await peaks(of: team, at: index), state: state, earlier: earlier)
      try await replay(before, earlier, team, from: index, to: from) { _ in }
      try requireSound(before)
      (index, state) = (from, before.bookText)
    }
    let range = try RangeReplay(
      log: log, team: team, peaks: try await peaks(of: team, at: index), state: state, earlier: earlier)
    try await replay(range, earlier, team, from: index, to: to) { _ in }
    try requireSound(range)
    try await requireTied(range.root, at: to, of: team)
    return range
  }
}
