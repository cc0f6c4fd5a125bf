import Ledger
import LedgerStore
import TallyTesting
import Testing

/// Usage is computed anew from the log, beside running edits, and the log tells of it.
@Suite struct RebuildTests {
  private static let by = SmallLedger.administrator

  @Test func damagedRollupsAreWhatTheLogSaysAgain() async throws {
    try await UsageHistory.with(seed: 11) { history in
      try await history.live(steps: 120)
      try await history.makeSpans()
      try await history.database.execute(
        """
        UPDATE tally.usage_bucket SET charged = charged + 5, images = 0
         WHERE ctid IN (SELECT ctid FROM tally.usage_bucket WHERE images > 0 LIMIT 2);
        DELETE FROM tally.usage_bucket WHERE ctid IN (SELECT ctid FROM tally.usage_bucket WHERE images > 0 OFFSET 3 LIMIT 1);
        UPDATE tally.usage_sum_key SET refused = refused + 7
         WHERE ctid IN (SELECT ctid FROM tally.usage_sum_key ORDER BY span_start LIMIT 1);
        UPDATE tally.usage_span SET by_key = ''
         WHERE ctid IN (SELECT ctid FROM tally.usage_span WHERE by_key <> '' ORDER BY span_start LIMIT 1);
        DELETE FROM tally.usage_sum_product
         WHERE ctid IN (SELECT ctid FROM tally.usage_sum_product ORDER BY span_start LIMIT 1);
        INSERT INTO tally.usage_bucket SELECT team_id, bucket_start, member_id, key_id, model, quality, '9x9', 1, 0, 0, 1, 1, 0
          FROM tally.usage_bucket LIMIT 1;
        UPDATE tally.usage_sum SET credited = credited + 1 WHERE ctid IN (SELECT ctid FROM tally.usage_sum LIMIT 1)
        """)
      #expect(try await !history.store.check(heldAtMost: .seconds(400 * 86_400)).violations.isEmpty)
      let log = try await FoldedLog.read(history.team, history.database)
      let start = UsageKey.bucketStart(of: log.first)
      let end = UsageKey.end(ofBucketAt: log.last.adding(seconds: 86_400))
      let rebuilt = try await history.store.rebuildUsage(of: history.team, from: start, to: end, by: Self.by)
      // Four buckets, one sum of each kind, what is packed of one span; and the sums of days and months that damaged buckets did not touch were right.
      #expect(rebuilt.changed == 8)
      #expect(try await history.store.check(heldAtMost: .seconds(400 * 86_400)).violations == [])
      let line = try #require(try await history.store.loggedLine(of: history.team, at: rebuilt.index))
      guard case .usageRebuilt(let event) = try Line.parse(line.line).1 else {
        Issue.record("another line")
        return
      }
      #expect(event.start == start && event.end == end && event.changed == 8)
      let question = UsageRequest(team: history.team, bounds: [start, end], grouping: Set(UsageDimension.allCases))
      #expect(try await history.store.usage(question).buckets == log.answer(question))
      for grouping in [[.key], [.quality]] as [Set<UsageDimension>] {
        let question = UsageRequest(team: history.team, bounds: [start, end], grouping: grouping)
        #expect(try await history.store.usage(question).buckets == log.answer(question))
      }
      #expect(try await history.store.rebuildUsage(of: history.team, from: start, to: end, by: Self.by).changed == 0)
    }
  }

  /// Edits book in the same rows while those are put right.
  @Test func editsGoOnInTheRowsThatAreRebuilt() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let start = UsageKey.bucketStart(of: LedgerStoreSettings.systemClock().adding(seconds: -3_600))
      let end = start.adding(seconds: 3 * 3_600)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<8 {
          group.addTask {
            for step in 0..<15 {
              let record = RecordID(bits: UInt128(0x1000 * (number + 1) + step))
              _ = try await store.hold(
                ledger.request(record, member: ledger.second, key: ledger.rotatedKey, user: "user-2"))
              _ = try await store.release(
                ReleaseRequest(team: ledger.team, record: record, cause: .upstreamRefused))
            }
          }
        }
        group.addTask {
          for round in 0..<10 {
            let change = round.isMultiple(of: 2) ? "released = released + 3" : "images = images + 1"
            try await database.execute("UPDATE tally.usage_bucket SET \(change)")
            #expect(
              try await store.rebuildUsage(of: ledger.team, from: start, to: end, by: Self.by).changed > 0)
          }
        }
        try await group.waitForAll()
      }
      #expect(try await store.check().violations == [])
    }
  }

  @Test func boundsThatCannotBeRebuiltNameTheirField() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let quarter = UsageKey.bucketMicroseconds
      func expect(_ field: String, _ start: Int64, _ end: Int64) async {
        let error = await #expect(throws: StoreError.self) {
          try await store.rebuildUsage(
            of: ledger.team, from: Timestamp(microseconds: start), to: Timestamp(microseconds: end), by: Self.by)
        }
        guard case .invalid(field, _)? = error?.reason else {
          Issue.record("not refused as \(field): \(String(describing: error))")
          return
        }
      }
      await expect("from", 1, quarter)
      await expect("to", 0, quarter + 1)
      await expect("to", quarter, quarter)
      try await database.execute(
        "UPDATE tally.log_line SET line = '' WHERE index < 12; UPDATE tally.team SET pruned_before = 12")
      await expect("from", 0, quarter * 10_000_000)
    }
  }
}
