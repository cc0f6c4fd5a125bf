import Gateway
import HTTPTypes
import Hummingbird
import Ledger
import LedgerStore
import NIOCore
import Testing

/// The JSON of a report's page, written in pieces.
@Suite struct ReportTextTests {
  private static let start = Timestamp(rfc3339: "2026-11-20T00:00:00Z") ?? .epoch

  /// A page of three days, the second without usage, of so many members, each with numbers of its own.
  private static func page(_ kind: ReportKind, members: Int) throws -> ReportPage {
    let query = try ReportQuery(kind, "start_time=1795132800&group_by=user_id&group_by=quality", team: Fixtures.team)
    var random = SeededGenerator(seed: UInt64(members))
    let buckets = [0, 1, 2].map { day -> [UsageGroup: UsageCounts] in
      var groups: [UsageGroup: UsageCounts] = [:]
      for member in 0..<(day == 1 ? 0 : members) {
        let group = UsageGroup(member: MemberID(bits: UInt128(member + 1)), quality: member % 2 == 0 ? "high" : "lo\"w")
        let digits = Int64(1) << Int64.random(in: 0..<50, using: &random)
        groups[group] = UsageCounts(
          settled: Int64.random(in: 0..<digits, using: &random), released: Int64(member % 11), refused: Int64(day),
          images: Int64.random(in: 0..<digits, using: &random), charged: Int64.random(in: 0..<digits, using: &random),
          credited: Int64.random(in: 0..<digits, using: &random))
      }
      return groups
    }
    let asOf = UsagePosition(origin: "tally.local/1", size: 20, root: .zero, at: start)
    let names = Dictionary((0..<members).map { (MemberID(bits: UInt128($0 + 1)), "user-\($0)") }) { first, _ in first }
    return ReportPage(
      query: query, team: Fixtures.team, bounds: (0..<4).map { start.adding(seconds: $0 * 86_400) },
      usage: OrderedUsage(UsageReport(asOf: asOf, buckets: buckets), names: names), asOf: asOf, next: nil)
  }

  @Test(arguments: [ReportKind.usage, .costs], [0, 1, 5, 700, 2_000])
  func piecesAreOneTextOfTheLengthThatWasSaid(kind: ReportKind, members: Int) throws {
    let page = try Self.page(kind, members: members)
    let text = ReportText(page)
    let pieces = text.map { Array($0.readableBytesView) }
    let bytes = pieces.flatMap(\.self)
    #expect(bytes.count == text.count)
    #expect(pieces.allSatisfy { !$0.isEmpty && $0.count <= ReportText.pieceBytes })
    #expect((pieces.count > 1) == (text.count > ReportText.pieceBytes))
    let json = try JSONReader.parse(bytes)
    guard case .array(let buckets) = json.at("data") else { throw JSONMissing() }
    #expect(buckets.count == 3)
    for (bucket, cells) in zip(buckets, page.usage.buckets) {
      guard case .array(let results) = bucket.at("results") else { throw JSONMissing() }
      #expect(results.count == cells.count)
      for (result, cell) in zip(results, cells) {
        let label = page.usage.labels[cell.group]
        #expect(result.at("user_id")?.text == label.user && result.at("quality")?.text == label.group.quality)
        #expect(result.at("credits")?.integer == cell.counts.charged - cell.counts.credited)
        #expect(result.at("model") == .null)
        guard kind == .usage else {
          guard case .number(let amount) = result.at("amount")?.at("value") else { throw JSONMissing() }
          #expect(amount.text == CostAmount.text(cell.counts.charged - cell.counts.credited))
          continue
        }
        #expect(result.at("images")?.integer == cell.counts.images)
        #expect(result.at("num_model_requests")?.integer == cell.counts.settled)
        #expect(result.at("num_refused")?.integer == cell.counts.refused)
        #expect(result.at("num_failed")?.integer == cell.counts.released)
      }
    }
  }

  /// The order of a bucket is that of the user ids as texts, whatever the ids of the members are.
  @Test func resultsStandInTheOrderOfTheirUserIds() throws {
    let page = try Self.page(.usage, members: 120)
    for cells in page.usage.buckets {
      let users = cells.map { page.usage.labels[$0.group].user ?? "" }
      #expect(users == users.sorted())
      #expect(Set(users).count == users.count)
    }
  }

  private struct JSONMissing: Error {}

  /// A reader that takes the first pieces of a page, and then nothing until its connection is closed.
  private struct StuckReader: ResponseBodyWriter {
    var left: Int
    let closed: Promise<Void>

    mutating func write(_ buffer: ByteBuffer) async throws {
      left -= 1
      guard left < 0 else { return }
      _ = await closed.value(within: .seconds(50))
      throw ChannelError.ioOnClosedChannel
    }

    consuming func finish(_ trailers: HTTPFields?) async throws {}
  }

  @Test(.timeLimit(.minutes(1))) func aReaderThatTakesNoMoreOfALargePageIsCutOff() async throws {
    let (clock, closed) = (ManualClock(), Promise<Void>())
    let tick: @Sendable () async throws -> Void = {
      // Each look is an hour after the one before: whatever waits by then waits too long.
      try Task.checkCancellation()
      await Task.yield()
      clock.advance(by: .seconds(3_600))
    }
    let text = ReportText(try Self.page(.usage, members: 2_000))
    let answer = Response.json(text, clock: clock.clock, tick: tick) { closed.fulfil(()) }
    await #expect(throws: ChannelError.self) {
      try await answer.body.write(StuckReader(left: 2, closed: closed))
    }
    #expect(await closed.value(within: .zero) != nil, "the connection stays open")
  }
}
