import Ledger
import LedgerStore
import TallyTesting
import Testing

@Suite struct BudgetReadTests {
  @Test func principalSeesEveryBudgetThatItsEditsMustFit() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let first = try await store.principal(keyHash: try SmallLedger.hash(1))
      let budgets = try await store.budgets(of: #require(first))
      #expect(budgets.map(\.scope) == [.team, .member, .key])
      #expect(budgets.map(\.subject) == ["\(ledger.team)", "user-1", "\(ledger.firstKey)"])
      #expect(budgets.map(\.limit) == [Credits(10_000_000), Credits(200_000), Credits(150_000)])
      #expect(budgets.map(\.held) == [66_000, 66_000, 66_000].map { Credits($0) })
      #expect(budgets.map(\.period) == [.month, .month, .total])
      // A key without a limit has no budget.
      let second = try await store.principal(keyHash: try SmallLedger.hash(3))
      #expect(try await store.budgets(of: #require(second)).map(\.scope) == [.team, .member])
    }
  }

  /// Before the first hold there is no row; the view is that of the row that it will open.
  @Test func budgetWithoutARowShowsItsWholeLimitAndItsEnd() async throws {
    try await withLedgerStore { store, database in
      let team = TeamID(bits: 0xA1)
      _ = try await store.createTeam(
        NewTeam(id: team, name: "T", limit: Credits(5), timeZone: "Asia/Kathmandu"), by: SmallLedger.administrator)
      let budget = try await store.team(team).budget
      #expect(budget.limit == Credits(5))
      #expect(budget.available == Credits(5))
      #expect(budget.used == .zero)
      let ends = try await database.texts(
        """
        SELECT (extract(epoch FROM (date_trunc('month', now() AT TIME ZONE 'Asia/Kathmandu') + interval '1 month')
                                   AT TIME ZONE 'Asia/Kathmandu') * 1000000)::bigint::text
        """)
      #expect(ends == [budget.resetsAt.map { "\($0.microseconds)" }])
    }
  }

  /// Last month's row is not this month's: what was used then does not count.
  @Test func rowOfAPeriodThatHasEndedIsNotShown() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      try await database.execute(
        """
        UPDATE tally.budget SET period_start = period_start - interval '1 year', period_end = period_end - interval '1 year'
         WHERE scope = 'member'
        """)
      let budget = try await store.memberBudget(team: ledger.team, member: ledger.first)
      #expect(budget.used == .zero)
      #expect(budget.held == .zero)
      #expect(budget.available == Credits(200_000))
    }
  }

  @Test func estimateSaysWhatTheHoldWouldAndWritesNothing() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let before = try await database.texts("SELECT log_size::text FROM tally.team")
      let fitting = try await store.estimate(ledger.request(RecordID(bits: 0xE1)))
      #expect(fitting == Estimate(credits: Credits(SmallLedger.price), refusedBy: nil))
      let large = try await store.estimate(ledger.request(RecordID(bits: 0xE1), n: 2))
      #expect(large.credits == Credits(2 * SmallLedger.price))
      // 150,000 of the key less 33,000 used and 66,000 held.
      #expect(large.refusedBy?.scope == .key)
      #expect(large.refusedBy?.available == Credits(51_000))
      #expect(large.refusedBy?.subject == "\(ledger.firstKey)")
      guard case .refused(let refused) = try await store.hold(ledger.request(RecordID(bits: 0xE2), n: 2)) else {
        Issue.record("the hold did not agree with its estimate")
        return
      }
      #expect(refused.refusal.available == large.refusedBy?.available)
      #expect(refused.refusal.scope == large.refusedBy?.scope)
      #expect(before == [String(refused.index)])
    }
  }

  @Test func estimateFailsAsTheHoldWould() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let unpriced = await #expect(throws: StoreError.self) {
        try await store.estimate(ledger.request(RecordID(bits: 0xE1), model: "gpt-image-9"))
      }
      #expect(unpriced?.reason == .unpriced(model: "gpt-image-9", quality: "medium", size: "1024x1024"))
      let stranger = await #expect(throws: StoreError.self) {
        try await store.estimate(ledger.request(RecordID(bits: 0xE1), member: MemberID(bits: 1)))
      }
      #expect(stranger?.reason == .notFound("the key"))
      _ = try await store.changeMember(
        team: ledger.team, userID: "user-1", MemberChange(status: .set(.suspended)), by: SmallLedger.administrator)
      let suspended = await #expect(throws: StoreError.self) {
        try await store.estimate(ledger.request(RecordID(bits: 0xE1)))
      }
      #expect(suspended?.reason == .notAllowed(.memberSuspended))
    }
  }
}
