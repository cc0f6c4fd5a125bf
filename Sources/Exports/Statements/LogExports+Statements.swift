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
    var log = try await store.log(of: team)
    var closed = try await store.closedPeriods(of: team, after: month.middle, limit: 1).first
    // A month's statement is of the lines of the log that it was closed in.
    if let period = closed { (log, closed) = try await home(of: period, log) }
    if let closed, let pruned = try await pruned(closed, in: log) {
      throw StoreError(.invalid(field: "period", message: "\(month.text) \(pruned)"))
    }
    if let closed, try await !isClosed(closed, in: log) {
      throw ExportFailure.damaged("line \(closed.index) is not the one that closed \(month.text)")
    }
    let end = closed?.index ?? log.size
    let key = StatementCache.Key(team: team, log: log.origin, end: end)
    if closed != nil, let statement = statements.statement(key) { return statement }
    var before = try await store.closedPeriod(of: team, endingBefore: closed?.end)
    if let last = before { before = try await opening(last, of: view, in: log) }
    let replay: RangeReplay
    do {
      replay = try await self.replay(of: log, from: before?.index ?? 0, to: end)
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

  /// The log in which a month was closed, with the month as that log counts its lines.
  private func home(of period: ClosedPeriod, _ current: TeamLog) async throws -> (TeamLog, ClosedPeriod) {
    guard period.index < 0 else { return (current, period) }
    let place = current.base + period.index
    guard let log = try await store.logs(of: current.team).first(where: { $0.holds(place: place) }) else {
      throw StoreError(.database)
    }
    var period = period
    period.index = place - log.base
    return (log, period)
  }

  /// Why there is no statement of a closed month whose lines were pruned, all or some, as the end of a sentence that begins
  /// with the month; nil: they are there.
  private func pruned(_ closed: ClosedPeriod, in log: TeamLog) async throws -> String? {
    let kept = log.firstKept
    // A statement is of the lines up to the month's own, and what is left begins at the line of a closed month.
    guard kept > 0, (0...kept).contains(closed.index) else { return nil }
    let last = try await store.closedBook(of: log.team, upTo: kept, base: log.base) ?? closed
    let next = CalendarMonth(last.month)?.next.map { "; the first month that has a statement is \($0.text)" }
    return "was pruned: of its log the lines below \(kept) were taken away\(next ?? "")"
  }

  /// The closed month, where its line is where the next statement begins. One that was over before the team was made has no
  /// statement of its own, so what stands in front of its line belongs to the next: gateways of before let it be closed.
  private func opening(_ period: ClosedPeriod, of team: TeamView, in log: TeamLog) async throws -> ClosedPeriod? {
    let current = log.isReplaced ? try await store.log(of: team.id) : log
    let (home, period) = try await home(of: period, current)
    // The statement begins with its log, where the month before was closed in an older one.
    guard home.origin == log.origin, try await isClosed(period, in: log) else { return nil }
    if period.end > team.createdAt { return period }
    // What was pruned is in no statement any more.
    return log.firstKept > 0 ? period : nil
  }

  /// The replayed lines from `from` up to `to`, whose books balance and which lead to the log's head. Where no book was kept
  /// at `from`, it is made of the lines before.
  private func replay(of log: TeamLog, from: Int64, to: Int64) async throws -> RangeReplay {
    var (index, state) = try await opening(of: log, at: from)
    let earlier = GivenLines()
    if index < from {
      let before = try RangeReplay(
        log: log.origin, team: log.team, peaks: try await peaks(of: log, at: index), state: state, earlier: earlier)
      try await replay(before, earlier, log, from: index, to: from) { _ in }
      try requireSound(before)
      (index, state) = (from, before.bookText)
    }
    let range = try RangeReplay(
      log: log.origin, team: log.team, peaks: try await peaks(of: log, at: index), state: state, earlier: earlier)
    try await replay(range, earlier, log, from: index, to: to) { _ in }
    try requireSound(range)
    try await requireTied(range.root, at: to, of: log, from: index)
    return range
  }
}
