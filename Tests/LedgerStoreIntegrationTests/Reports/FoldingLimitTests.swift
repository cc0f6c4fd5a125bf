import Ledger
import LedgerStore
import TallyTesting
import Testing

/// What a report reads of the log itself is bounded.
@Suite struct FoldingLimitTests {
  /// As many lines as a report may fold are folded, and one more is refused: those of minutes, and those behind a page's
  /// head.
  @Test func moreLinesThanAReportMayFoldAreRefused() async throws {
    try await UsageHistory.with(seed: 13) { history in
      // All of it lies in one quarter of an hour, which has just begun.
      let start = UsageKey.end(ofBucketAt: history.clock.now)
      let wait = (start.microseconds - history.clock.now.microseconds) / Timestamp.microsecondsPerSecond + 1
      try await history.clock.advance(seconds: wait, in: history.database)
      for number in 0..<5 as Range<UInt128> { try await history.release(number) }
      let (team, database) = (history.team, history.database)
      func ask(_ maximum: Int64, _ question: UsageRequest) async throws -> UsageReport {
        let store = try await database.openStore { $0.maximumFoldedLines = maximum }
        do {
          let report = try await store.usage(question)
          await store.close(within: .seconds(5))
          return report
        } catch {
          await store.close(within: .seconds(5))
          throw error
        }
      }
      func expectRefused(_ maximum: Int64, _ field: String, _ question: UsageRequest) async {
        let error = await #expect(throws: StoreError.self) { _ = try await ask(maximum, question) }
        guard case .invalid(field, let message)? = error?.reason else {
          Issue.record("not refused as \(field): \(String(describing: error))")
          return
        }
        #expect(message.contains("\(maximum)"), "\(message)")
      }
      // Two lines for each.
      let minutes = UsageRequest(team: team, bounds: [start, start.adding(seconds: 840)])
      let folded = try await ask(10, minutes)
      #expect(folded.buckets[0][UsageGroup()]?.released == 5)
      await expectRefused(9, "start_time", minutes)
      var page = UsageRequest(team: team, bounds: [start, start.adding(seconds: 900)])
      page.asOf = folded.asOf
      for number in 5..<8 as Range<UInt128> { try await history.release(number) }
      #expect(try await ask(6, page).buckets == folded.buckets)
      await expectRefused(5, "page", page)
    }
  }
}
