package import Ledger
import LedgerStore
import TransparencyLog

extension LogExports {
  /// Decides what an export will hold.
  /// - Parameter now: the time, so that what has not been yet is an error and no empty range.
  /// - Throws: `StoreError` with `invalid` that names `from` or `to`, `notFound`, `unavailable`; `ExportFailure`.
  package func plan(_ request: ExportRequest, now: Timestamp) async throws -> ExportPlan {
    let log = try await store.log(of: request.team, named: request.log)
    var to = try await index(of: request.to, "to", log, now)
    let asked = try await index(of: request.from, "from", log, now)
    if let asked, asked < log.firstKept { throw try await pruned(log, request) }
    let from: Int64
    if let asked { from = asked } else { from = try await firstStart(log, request) }
    if let to, to < from {
      throw StoreError(.invalid(field: "to", message: "the range ends before it starts, which is line \(from)"))
    }
    let wanted = to ?? log.size
    // The lines alone of a log that was replaced end where it ends: no head is going to cover the last of them.
    let reachesToHead = request.content.needsHead || (to == nil && !log.isReplaced)
    let head: LogHead?
    if let kept = request.listHead {
      head = try await listHead(kept, of: log)
    } else if log.isReplaced {
      head = try await usableHead(of: log, request, reaching: to)
    } else {
      head = try await self.head(request, covering: wanted, isWanted: reachesToHead)
    }
    if let head, reachesToHead { to = min(to ?? head.size, head.size) }
    let end = to ?? log.size
    guard from <= end else {
      throw log.isReplaced ? .unprovenBehind(size: end, log: log.origin) : ExportFailure.shortHead(size: end)
    }
    if let known = request.knownSize, !(0...log.size).contains(known) {
      throw StoreError(.invalid(field: "known", message: "is no size of this log, which has \(log.size) lines"))
    }
    if request.content.needsHead, let head { _ = try signed(head) }
    if let most = request.maximumLines, end - from > most { throw ExportFailure.tooLong(maximum: most) }
    var plan = ExportPlan(
      request: request, source: log, from: from, to: end, start: from, head: head)
    plan.isHeadShort = end < wanted
    if request.content.needsBook {
      let opening = try await opening(of: log, at: from)
      (plan.start, plan.state) = (opening.index, opening.state)
    }
    return plan
  }

  /// The index that a bound names; nil for none.
  private func index(
    of bound: ExportRequest.Bound?, _ field: String, _ log: TeamLog, _ now: Timestamp
  ) async throws -> Int64? {
    switch bound {
    case nil: return nil
    case .index(let index):
      guard (0...log.size).contains(index) else {
        let place = log.isReplaced ? "lies behind the log, which has" : "lies in the future: the log has"
        throw StoreError(.invalid(field: field, message: "\(place) \(log.size) lines, from 0 on"))
      }
      return index
    case .moment(let moment):
      guard moment <= now else {
        throw StoreError(.invalid(field: field, message: "lies in the future: it is \(now.rfc3339)"))
      }
      do {
        return try await store.firstLine(of: log, notBefore: moment)
      } catch let error {
        guard case .invalid(_, let message) = error.reason else { throw error }
        throw StoreError(.invalid(field: field, message: message))
      }
    }
  }

  private func head(
    _ request: ExportRequest, covering size: Int64, isWanted: Bool
  ) async throws -> LogHead? {
    guard isWanted else { return nil }
    if let head = try await store.signedHead(of: request.team, covering: size, within: Self.headPatience) {
      return head
    }
    let newest = try await store.newestHead(of: request.team)
    guard request.content.needsHead else { return newest }
    guard let newest else { throw ExportFailure.noHead }
    guard request.takesShortHead else { throw ExportFailure.shortHead(size: newest.size) }
    return newest
  }

  /// Where an export begins that names no beginning.
  private func firstStart(_ log: TeamLog, _ request: ExportRequest) async throws -> Int64 {
    guard log.firstKept > 0, request.content.needsBook else { return log.firstKept }
    guard let first = try await firstBook(of: log) else { throw try await pruned(log, request) }
    return first
  }

  /// The first line of those that were not pruned at which a book was kept; nil where there is none.
  private func firstBook(of log: TeamLog) async throws -> Int64? {
    let period = try await store.closedBook(of: log.team, from: log.firstKept, base: log.base)
    return period.flatMap { log.holds(place: log.base + $0.index) ? $0.index : nil }
  }

  private func pruned(_ log: TeamLog, _ request: ExportRequest) async throws -> StoreError {
    let kept = log.firstKept
    let first = (request.content.needsBook ? try await firstBook(of: log) : nil) ?? kept
    return StoreError(
      .invalid(
        field: "from", message: "lines below \(kept) were pruned; the first index that can be had is \(first)"))
  }

  /// The line at `from` or below it where a book is known, with the book's text; none is needed at the line that makes a
  /// team.
  func opening(of log: TeamLog, at from: Int64) async throws -> (index: Int64, state: [UInt8]?) {
    let kept = log.firstKept
    var limit = from
    while limit > 0, let period = try await store.closedBook(of: log.team, upTo: limit, base: log.base),
      period.index >= kept
    {
      if try await isClosed(period, in: log) {
        return (period.index, try await store.bookText(of: period, team: log.team))
      }
      // A row that does not fit the line where it should be.
      limit = period.index - 1
    }
    guard kept == 0 else {
      let first = try await firstBook(of: log) ?? kept
      throw StoreError(
        .invalid(field: "from", message: "no book is kept for it; the first index that can be had is \(first)"))
    }
    // A log that took another's place has one at its first line.
    return (0, try await store.openingBook(of: log.team, base: log.base))
  }

  /// Whether the month's line is where it should be in this log.
  func isClosed(_ period: ClosedPeriod, in log: TeamLog) async throws -> Bool {
    guard let line = try await store.loggedLine(of: log, at: period.index),
      let (header, event) = try? Line.parse(line.line), case .periodClosed(let closed) = event
    else { return false }
    return closed.book == period.book && header.log.utf8.elementsEqual(log.origin.utf8)
  }
}
