package import Ledger
import LedgerStore
import TransparencyLog

extension LogExports {
  /// Decides what an export will hold.
  /// - Parameter now: the time, so that what has not been yet is an error and no empty range.
  /// - Throws: `StoreError` with `invalid` that names `from` or `to`, `notFound`, `unavailable`; `ExportFailure`.
  package func plan(_ request: ExportRequest, now: Timestamp) async throws -> ExportPlan {
    let log = try await store.logState(of: request.team)
    let kept = try await store.firstKeptLine(of: request.team)
    var to = try await index(of: request.to, "to", log, now, request.team)
    let asked = try await index(of: request.from, "from", log, now, request.team)
    if let asked, asked < kept { throw try await pruned(before: kept, request) }
    let from: Int64
    if let asked { from = asked } else { from = try await firstStart(kept, request) }
    if let to, to < from {
      throw StoreError(.invalid(field: "to", message: "the range ends before it starts, which is line \(from)"))
    }
    let wanted = to ?? log.size
    let head = try await head(request, covering: wanted, isWanted: request.content.needsHead || to == nil)
    if let head, request.content.needsHead || to == nil { to = min(to ?? head.size, head.size) }
    let end = to ?? log.size
    guard from <= end else { throw ExportFailure.shortHead(size: end) }
    if request.content.needsHead, let head { _ = try signed(head) }
    if let most = request.maximumLines, end - from > most { throw ExportFailure.tooLong(maximum: most) }
    var plan = ExportPlan(
      request: request, log: log.origin, from: from, to: end, start: from, head: head, logSize: log.size)
    plan.isHeadShort = end < wanted
    if request.content.needsBook {
      let opening = try await opening(of: request.team, log.origin, at: from, kept: kept)
      (plan.start, plan.state) = (opening.index, opening.state)
    }
    return plan
  }

  /// The index that a bound names; nil for none.
  private func index(
    of bound: ExportRequest.Bound?, _ field: String, _ log: LogState, _ now: Timestamp, _ team: TeamID
  ) async throws -> Int64? {
    switch bound {
    case nil: return nil
    case .index(let index):
      guard (0...log.size).contains(index) else {
        throw StoreError(
          .invalid(field: field, message: "lies in the future: the log has \(log.size) lines, from 0 on"))
      }
      return index
    case .moment(let moment):
      guard moment <= now else {
        throw StoreError(.invalid(field: field, message: "lies in the future: it is \(now.rfc3339)"))
      }
      do {
        return try await store.firstLine(of: team, notBefore: moment)
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
  private func firstStart(_ kept: Int64, _ request: ExportRequest) async throws -> Int64 {
    guard kept > 0, request.content.needsBook else { return kept }
    guard let period = try await store.closedBook(of: request.team, from: kept) else {
      throw try await pruned(before: kept, request)
    }
    return period.index
  }

  private func pruned(before kept: Int64, _ request: ExportRequest) async throws -> StoreError {
    let period = request.content.needsBook ? try await store.closedBook(of: request.team, from: kept) : nil
    let first = period?.index ?? kept
    return StoreError(
      .invalid(
        field: "from", message: "lines below \(kept) were pruned; the first index that can be had is \(first)"))
  }

  /// The line at `from` or below it where a book is known, with the book's text; none is needed at the line that makes a
  /// team.
  /// - Parameter kept: the first line that was not pruned.
  func opening(
    of team: TeamID, _ log: String, at from: Int64, kept: Int64
  ) async throws -> (index: Int64, state: [UInt8]?) {
    var limit = from
    while limit > 0, let period = try await store.closedBook(of: team, upTo: limit), period.index >= kept {
      if try await isClosed(period, of: team, log) {
        return (period.index, try await store.bookText(of: period, team: team))
      }
      // A month that was closed in the log that this one took the place of.
      limit = period.index - 1
    }
    guard kept == 0 else {
      let first = try await store.closedBook(of: team, from: kept)?.index ?? kept
      throw StoreError(
        .invalid(field: "from", message: "no book is kept for it; the first index that can be had is \(first)"))
    }
    // A log that took another's place has one at its first line.
    return (0, try await store.openingBook(of: team))
  }

  /// Whether the month's line is where it should be in this log.
  func isClosed(_ period: ClosedPeriod, of team: TeamID, _ log: String) async throws -> Bool {
    guard let line = try await store.loggedLine(of: team, at: period.index),
      let (header, event) = try? Line.parse(line.line), case .periodClosed(let closed) = event
    else { return false }
    return closed.book == period.book && header.log.utf8.elementsEqual(log.utf8)
  }
}
