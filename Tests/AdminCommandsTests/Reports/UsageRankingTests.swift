import AdminCommands
import Gateway
import Ledger
import LedgerStore
import Testing

@Suite("Rankings")
struct UsageRankingTests {
  private static func row(_ user: String, _ credits: Int64) -> ReportRow {
    ReportRow(
      start: .epoch, end: .epoch.adding(seconds: 1), user: user, group: UsageGroup(),
      counts: credits < 0
        ? UsageCounts(credited: -credits) : UsageCounts(settled: 1, images: 1, charged: credits))
  }

  @Test("Shares add up to the whole, whatever is rounded and left out", arguments: [1, 2, 3, 4, 10])
  func sharesAddUp(limit: Int) {
    let rows = [("d", 48), ("a", 893), ("c", 48), ("b", 57), ("e", 0)].map { Self.row($0.0, $0.1) }
    let ranking = UsageRanking(rows, limit: limit)
    #expect(ranking.places.compactMap { $0.row?.user } == Array(["a", "b", "d", "c", "e"].prefix(limit)))
    let shown = ranking.places + [ranking.others].compactMap(\.self)
    #expect(shown.reduce(0) { $0 + ($1.permille ?? 0) } == 1_000)
    #expect(shown.reduce(0) { $0 + $1.counts.credits } == 1_046 && ranking.total.counts.credits == 1_046)
    #expect((ranking.others == nil) == (limit >= 5))
    #expect(ranking.total.permille == 1_000)
  }

  @Test("What is rounded goes to those that lose most by it")
  func largestRemaindersAreRoundedUp() {
    #expect(UsageRanking.permille([1, 1, 1]) == [334, 333, 333])
    #expect(UsageRanking.permille([8_931, 581, 488]) == [893, 58, 49])
    #expect(UsageRanking.permille([.max, .max]) == [500, 500])
    #expect(UsageRanking.permille([]) == [])
  }

  @Test("Where nothing was charged, or more given back than charged, there is no share")
  func noShareOfNothing() {
    #expect(UsageRanking.permille([0, 0]) == [nil, nil])
    #expect(UsageRanking.permille([5, -9]) == [nil, nil])
    #expect(UsageRanking.permille([10, -5]) == [2_000, nil])
    let ranking = UsageRanking([Self.row("a", 5), Self.row("b", -9)], limit: 5)
    #expect(ranking.total.permille == nil && ranking.total.counts.credits == -4)
  }
}
