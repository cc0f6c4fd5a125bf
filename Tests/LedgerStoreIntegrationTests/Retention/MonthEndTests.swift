import Ledger
import LedgerStore
import Postgres
import Synchronization
import TallyTesting
import Testing

@Suite struct MonthEndTests {
  private static let workers = 4
  private static let by = Administrator(name: "test", reason: "kept long enough")

  /// What the workers are told.
  private final class Orders: Sendable {
    private let state = Mutex<(isOver: Bool, number: UInt128)>((false, 0))

    /// Edits that were begun.
    var number: UInt128 { state.withLock { $0.number } }

    /// The number of the next edit; nil: there are to be no more.
    func next() -> UInt128? {
      state.withLock { state in
        state.number += 1
        return state.isOver ? nil : state.number
      }
    }

    /// No edit is to be begun any more.
    func end() {
      state.withLock { $0.isOver = true }
    }
  }

  /// Edits run without a pause before, across and after a month's end, and while the month is closed and then removed. At
  /// the end everything adds up: budgets, usage and records of what is left, and the log.
  @Test func editsOnBothSidesOfAMonthEndAddUpWhileTheMonthIsClosedAndRemoved() async throws {
    try await withLedgerDatabase { database in
      let clock = ShiftedClock()
      try await clock.install(in: database)
      let store = try await database.openStore { $0.now = { clock.now } }
      let ledger = try await SmallLedger.make(in: store)
      _ = try await store.settle(ledger.settlement(of: ledger.held))
      _ = try await store.release(ReleaseRequest(team: ledger.team, record: ledger.inDoubt, cause: .upstreamRefused))
      // A record whose upstream may still be asked is kept for a later month: RemovalTests.
      try await database.execute("DELETE FROM tally.doubt")
      _ = try await store.changeTeam(ledger.team, TeamChange(limit: .set(nil)), by: Self.by)
      _ = try await store.changeMember(team: ledger.team, userID: "user-2", MemberChange(limit: .set(nil)), by: Self.by)
      _ = try await store.changeRetention(of: ledger.team, keepDays: 31, by: Self.by)
      let month = try #require(CalendarMonth(PeriodBounds.utcMonth(containing: clock.now)))
      let orders = Orders()
      let removal = try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<Self.workers {
          group.addTask {
            while let number = orders.next() {
              try await Self.edit(number, ledger, store, clock)
            }
          }
        }
        defer { orders.end() }
        try await Self.passMonth(orders, clock, database)
        let closed = try await store.closePeriod(team: ledger.team, month: month)
        try await Self.passMonth(orders, clock, database)
        let removal = try #require(try await store.removeOld(of: ledger.team, by: Self.by))
        #expect(removal.before == closed.end)
        orders.end()
        try await group.waitForAll()
        return removal
      }
      #expect(try await store.check().violations == [])
      try await Self.expectTotals(ledger, removal, database)
      await store.close(within: .seconds(5))
    }
  }

  /// Waits until some more edits were begun, then moves the clocks on: there are edits on both sides.
  private static func passMonth(
    _ orders: Orders, _ clock: ShiftedClock, _ database: LedgerDatabase
  ) async throws {
    let editsOfAMonth: UInt128 = 60
    let end = orders.number + editsOfAMonth
    while orders.number < end { await Task.yield() }
    try await clock.advance(days: 35, in: database)
    while orders.number < end + editsOfAMonth { await Task.yield() }
  }

  /// One edit; tried again as the same one while the two clocks are apart.
  private static func edit(
    _ number: UInt128, _ ledger: SmallLedger, _ store: LedgerStore, _ clock: ShiftedClock
  ) async throws {
    let record = AgedTeam.record(0x1_0000 + number, at: clock.now)
    let request = ledger.request(record, member: ledger.second, key: ledger.rotatedKey, user: "user-2")
    while true {
      do throws(StoreError) {
        _ = try await store.hold(request)
        break
      } catch {
        guard case .unavailable = error.reason else { throw error }
      }
    }
    while true {
      do throws(StoreError) {
        if number.isMultiple(of: 5) {
          _ = try await store.release(ReleaseRequest(team: ledger.team, record: record, cause: .notSent))
        } else {
          _ = try await store.settle(ledger.settlement(of: record))
        }
        return
      } catch {
        guard case .unavailable = error.reason else { throw error }
      }
    }
  }

  private static func expectTotals(
    _ ledger: SmallLedger, _ removal: Removal, _ database: LedgerDatabase
  ) async throws {
    var charged: Int64 = 0
    var chargedLater: Int64 = 0
    var resolvedBefore: Int64 = 0
    var resolvedLater: Int64 = 0
    for text in try await database.texts("SELECT convert_from(line, 'UTF8') FROM tally.log_line ORDER BY index") {
      let (header, event) = try Line.parse(Array((text ?? "").utf8))
      let isOld = header.at < removal.before
      switch event {
      case .settled(let settled):
        charged += settled.charge.value
        if !isOld { chargedLater += settled.charge.value }
        if isOld { resolvedBefore += 1 } else { resolvedLater += 1 }
      case .released, .refused: if isOld { resolvedBefore += 1 } else { resolvedLater += 1 }
      case .credited(let credited): charged -= credited.amount.value
      default: break
      }
    }
    #expect(resolvedBefore > 60 && resolvedLater > 60)
    #expect(removal.records == resolvedBefore)
    #expect(try await database.texts("SELECT count(*)::text FROM tally.record") == ["\(resolvedLater)"])
    #expect(
      try await database.texts("SELECT sum(charged - credited)::text FROM tally.usage_bucket") == ["\(chargedLater)"])
    #expect(
      try await database.texts("SELECT sum(charged - credited)::text FROM tally.record") == ["\(chargedLater)"])
    #expect(
      try await database.texts("SELECT sum(used)::text FROM tally.budget WHERE scope = 'team'") == ["\(charged)"])
  }
}
