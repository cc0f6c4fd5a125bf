import Ledger
import LedgerStore
import TallyTesting
import Testing

@Suite struct BudgetHistoryTests {
  @Test func earlierPeriodsAreToldNewestFirstWithWhatWasUsed() async throws {
    try await withAgedTeam { store, database, team in
      let found = try await store.principal(keyHash: try SmallLedger.hash(1))
      let principal = try #require(found)
      let history = try await store.budgetHistory(of: principal, periods: 12)
      let ofTeam = history.filter { $0.scope == .team }
      let ofMember = history.filter { $0.scope == .member }
      // The team's two months; the member edited in the first one only. The key's budget is one total.
      #expect(ofTeam.count == 2)
      #expect(ofTeam.map(\.start) == ofTeam.map(\.start).sorted(by: >))
      #expect(ofMember.map(\.end) == [team.closed.end])
      #expect(ofMember.map(\.limit) == [Credits(200_000)])
      #expect(history.filter { $0.scope == .key }.isEmpty)
      let used = try await database.texts(
        "SELECT used::text FROM tally.budget WHERE scope = 'team' ORDER BY period_start DESC")
      #expect(ofTeam.map { "\($0.used)" } == used)
      #expect(try await store.budgetHistory(of: principal, periods: 1).filter { $0.scope == .team } == [ofTeam[0]])
      for periods in [0, 121, -1] {
        await #expect(throws: StoreError.self) { try await store.budgetHistory(of: principal, periods: periods) }
      }
    }
  }
}
