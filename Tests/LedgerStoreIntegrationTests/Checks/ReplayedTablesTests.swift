import Ledger
import LedgerStore
import TallyTesting
import Testing

/// Replaying a team's whole log rebuilds its tables exactly: read here by SQL of the test's own, not by what
/// `tally ledger check` compares.
@Suite struct ReplayedTablesTests {
  @Test("A replayed log is the tables, row for row: settings, members, keys, budgets of all periods, holds, doubts")
  func replayedLogIsTheTables() async throws {
    try await withLedgerDatabase { database in
      let clock = ShiftedClock()
      try await clock.install(in: database)
      let store = try await database.openStore { $0.now = { clock.now } }
      do {
        let ledger = try await SmallLedger.make(in: store)
        try await Self.live(ledger, in: store, clock, database)
        try await Self.compare(ledger.team, database)
        // What is open now must be in the tables of a log that goes on, too.
        try await clock.advance(days: 40, in: database)
        _ = try await store.settle(ledger.settlement(of: ledger.held))
        _ = try await store.release(
          ReleaseRequest(team: ledger.team, record: ledger.inDoubt, cause: .upstreamRefused))
        try await Self.compare(ledger.team, database)
        // An edit may be open for the months that this test jumps over.
        let violations = try await store.check(heldAtMost: .seconds(200 * 86_400)).violations
        #expect(violations == [])
      } catch {
        await store.close(within: .seconds(5))
        throw error
      }
      await store.close(within: .seconds(5))
    }
  }

  /// Two months and something of every kind in them.
  private static func live(
    _ ledger: SmallLedger, in store: LedgerStore, _ clock: ShiftedClock, _ database: LedgerDatabase
  ) async throws {
    let by = SmallLedger.administrator
    try await clock.advance(days: 40, in: database)
    let open = RecordID(bits: 0xE1)
    let doubted = RecordID(bits: 0xE2)
    let charged = RecordID(bits: 0xE3)
    for record in [open, doubted, charged] {
      _ = try await store.hold(ledger.request(record, member: ledger.second, key: ledger.rotatedKey, user: "user-2"))
    }
    _ = try await store.markInDoubt(InDoubtRequest(team: ledger.team, record: doubted, cause: .leaseEnded))
    _ = try await store.settle(ledger.settlement(of: charged))
    // A late credit goes to the month that was charged.
    _ = try await store.credit(
      CreditRequest(team: ledger.team, record: ledger.credited, amount: Credits(500), creditedBefore: Credits(6_000)),
      by: by)
    _ = try await store.changeTeam(
      ledger.team, TeamChange(limit: .set(Credits(50_000)), timeZone: .set("Asia/Kathmandu")), by: by)
    _ = try await store.changeTeam(
      ledger.team, TeamChange(period: .set(.total), inDoubtChargeSeconds: .set(nil)), by: by)
    _ = try await store.changeMember(
      team: ledger.team, userID: "user-1",
      MemberChange(role: .set(.finance), status: .set(.suspended), limit: .set(Credits(1)), period: .set(.total)),
      by: by)
    _ = try await store.changeRetention(of: ledger.team, keepDays: 400, by: by)
    _ = try await store.revokeKey(team: ledger.team, key: ledger.firstKey, by: by)
  }

  private static func compare(_ team: TeamID, _ database: LedgerDatabase) async throws {
    let book = try await ReplayedTable.compare(team, database)
    let budgets = book.budgets.values
    #expect(Set(budgets.map(\.id.owner)).count < budgets.count, "no subject has rows of two periods")
    #expect(Set(budgets.map(\.id.period)) == Set(Period.allCases))
    #expect(book.team.isHalted == false)
  }
}
