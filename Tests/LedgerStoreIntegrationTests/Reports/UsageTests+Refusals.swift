import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing

/// What is no question, and what cannot be told any more.
extension UsageTests {
  @Test func badQuestionsNameTheirField() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      func ask(_ bounds: [Int64], _ filters: UsageFilters = UsageFilters()) -> UsageRequest {
        UsageRequest(team: ledger.team, bounds: bounds.map { Timestamp(microseconds: $0) }, filters: filters)
      }
      await Self.expectInvalid("end_time", ask([]), store)
      await Self.expectInvalid("end_time", ask([5]), store)
      await Self.expectInvalid("end_time", ask([5, 5]), store)
      await Self.expectInvalid("start_time", ask([-1, 5]), store)
      await Self.expectInvalid("limit", ask((0...Int64(UsageRequest.bucketsMaximum) + 1).map { $0 }), store)
      await Self.expectInvalid("models", ask([0, 1], UsageFilters(models: ["\0"])), store)
      let nobody = UsageRequest(team: TeamID(bits: 9), bounds: [.epoch, .maximum])
      let error = await #expect(throws: StoreError.self) { try await store.usage(nobody) }
      #expect(error?.reason == .notFound("the team"))
    }
  }

  /// Where only hashes are left of lines, whole quarters of an hour are still told, from rollups.
  @Test func whatLiesInPrunedLinesIsToldInWholeQuarters() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let bounds = [Timestamp.epoch, Timestamp.maximum]
      let before = try await store.usage(UsageRequest(team: ledger.team, bounds: bounds, grouping: [.member]))
      try await database.execute(
        """
        UPDATE tally.log_line SET line = '' WHERE index < 12;
        UPDATE tally.team SET pruned_before = 12
        """)
      #expect(
        try await store.usage(UsageRequest(team: ledger.team, bounds: bounds, grouping: [.member])) == before)
      let ragged = [before.asOf.at.adding(seconds: -60), before.asOf.at.adding(seconds: 1)]
      await Self.expectInvalid("start_time", UsageRequest(team: ledger.team, bounds: ragged), store)
    }
  }

  /// What retention removed is refused rather than shown as nothing, also while the rows are still being taken away.
  @Test func reportsBeginBehindWhatWasRemoved() async throws {
    try await UsageHistory.with(seed: 9) { history in
      try await history.live(steps: 80)
      try await history.makeSpans()
      let log = try await FoldedLog.read(history.team, history.database)
      let middle = UsageKey.bucketStart(
        of: Timestamp(microseconds: (log.first.microseconds + log.last.microseconds) / 2))
      try await history.database.execute(
        """
        UPDATE tally.team
           SET removed_before = to_timestamp(\(middle.microseconds / Timestamp.microsecondsPerSecond))
         WHERE team_id = '\(history.team)'
        """)
      for start in [Timestamp.epoch, middle.adding(seconds: -60)] {
        let question = UsageRequest(team: history.team, bounds: [start, .maximum], grouping: [.key, .size])
        await Self.expectInvalid("start_time", question, history.store)
      }
      let question = UsageRequest(team: history.team, bounds: [middle, .maximum], grouping: [.key, .size])
      #expect(try await history.store.usage(question).buckets == log.answer(question))
      let (store, team) = (history.store, history.team)
      let error = await #expect(throws: StoreError.self) {
        try await store.rebuildUsage(of: team, from: .epoch, to: middle, by: SmallLedger.administrator)
      }
      guard case .invalid("from", _)? = error?.reason else {
        Issue.record("not refused: \(String(describing: error))")
        return
      }
    }
  }

  static func expectInvalid(_ field: String, _ request: UsageRequest, _ store: LedgerStore) async {
    let error = await #expect(throws: StoreError.self) { try await store.usage(request) }
    guard case .invalid(field, let message)? = error?.reason else {
      Issue.record("not refused as \(field): \(String(describing: error))")
      return
    }
    #expect(!message.isEmpty)
  }
}
