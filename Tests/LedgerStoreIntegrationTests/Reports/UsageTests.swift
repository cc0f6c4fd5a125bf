import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing

/// Reports add up to the ledger, to the credit, however they are cut.
@Suite struct UsageTests {
  /// Whatever range, buckets, groups and filters are asked for: the answer is what the lines say, with and without spans,
  /// and a question that is pinned to a head has the same answer later.
  @Test(arguments: 0..<6)
  func randomReportsEqualTheLogAndTheRecords(number: Int) async throws {
    let seed = RunSeed.value &+ UInt64(number)
    // Rows are added up by the database, by the report, or by one of them as there are more or fewer.
    try await UsageHistory.with(seed: seed, rows: [nil, 0, 12][number % 3]) { history in
      var pinned: [(request: UsageRequest, answer: UsageReport)] = []
      let start = history.clock.now.adding(seconds: -3_600)
      for round in 0..<8 {
        try await history.live(steps: 40)
        if round == 4, number.isMultiple(of: 2) {
          _ = try await history.store.changeTeam(
            history.team, TeamChange(timeZone: .set("Asia/Kathmandu")), by: SmallLedger.administrator)
        }
        if history.random.chance(60) { try await history.makeSpans() }
        let log = try await FoldedLog.read(history.team, history.database)
        for isWhole in [true, false, true, false] {
          let question = history.question(from: start, to: log.last.adding(seconds: 3_600), isWhole: isWhole)
          let answer = try await history.store.usage(question)
          #expect(answer.buckets == log.answer(question), "seed \(seed)")
          #expect(answer.asOf.at == log.last, "seed \(seed)")
          pinned.append((question, answer))
        }
      }
      try await history.makeSpans()
      for (question, answer) in pinned {
        var again = question
        again.asOf = answer.asOf
        #expect(try await history.store.usage(again) == answer, "seed \(seed)")
      }
      try await Self.compareWithRecords(&history, from: start, seed)
      #expect(try await history.store.check(heldAtMost: .seconds(400 * 86_400)).violations == [], "seed \(seed)")
    }
  }

  /// Two groupings and bucketings of one range have one total, which is the records'.
  private static func compareWithRecords(
    _ history: inout UsageHistory, from start: Timestamp, _ seed: UInt64
  ) async throws {
    let end = history.clock.now.adding(seconds: 3_600)
    let sums = try await history.database.texts(
      """
      SELECT concat_ws(' ', count(*) FILTER (WHERE state = 'settled'), count(*) FILTER (WHERE state = 'released'),
                       count(*) FILTER (WHERE state = 'refused'), sum(charged), sum(credited))
        FROM tally.record WHERE team_id = '\(history.team)'
      """)
    for isWhole in [true, false, true, false, true] {
      var question = history.question(from: start, to: end, isWhole: isWhole)
      question.filters = UsageFilters()
      question.bounds = [start] + question.bounds.filter { $0 > start && $0 < end } + [end]
      var total = UsageCounts()
      for groups in try await history.store.usage(question).buckets {
        for counts in groups.values { total += counts }
      }
      let text = "\(total.settled) \(total.released) \(total.refused) \(total.charged) \(total.credited)"
      #expect(text == sums.first, "seed \(seed)")
    }
  }

  @Test func aPageReadWhileEditsGoOnStaysTheSame() async throws {
    try await UsageHistory.with(seed: 7) { history in
      try await history.live(steps: 30)
      let now = history.clock.now
      let running = UsageRequest(
        team: history.team, bounds: [now.adding(seconds: -900), now.adding(seconds: 900)], grouping: [.member])
      let first = try await history.store.usage(running)
      var page = running
      page.asOf = first.asOf
      for _ in 0..<10 {
        try await history.live(steps: 3)
        #expect(try await history.store.usage(page) == first)
      }
      #expect(try await history.store.usage(running).asOf.size > first.asOf.size)
    }
  }

  /// Whatever commits while a report is read: its numbers are those of the head that it names, and stay so.
  @Test func reportBesideRunningEditsIsOfItsHead() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let now = LedgerStoreSettings.systemClock()
      let minutes = (-5...5).map { now.adding(seconds: Int64($0) * 60) }
      let questions = [[Timestamp.epoch, .maximum], minutes].map {
        UsageRequest(team: ledger.team, bounds: $0, grouping: [.member, .key])
      }
      let read = try await withThrowingTaskGroup(of: [(UsageRequest, UsageReport)].self) { group in
        for number in 0..<6 {
          group.addTask {
            for step in 0..<20 {
              let record = RecordID(bits: UInt128(0x1000 * (number + 1) + step))
              _ = try await store.hold(
                ledger.request(record, member: ledger.second, key: ledger.rotatedKey, user: "user-2"))
              _ = try await store.release(
                ReleaseRequest(team: ledger.team, record: record, cause: .upstreamRefused))
            }
            return []
          }
        }
        group.addTask {
          var read: [(UsageRequest, UsageReport)] = []
          for number in 0..<30 {
            let question = questions[number % 2]
            read.append((question, try await store.usage(question)))
          }
          return read
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      let log = try await FoldedLog.read(ledger.team, database)
      #expect(Set(read.map(\.1.asOf.size)).count > 1)
      for (question, answer) in read {
        #expect(answer.buckets == log.answer(question, size: answer.asOf.size))
        var again = question
        again.asOf = answer.asOf
        #expect(try await store.usage(again) == answer)
      }
    }
  }

  /// The mark of what is packed.
  private static let packedUnits: Int64 = 7_001

  /// Every set of dimensions is answered from the sums with the fewest rows that tell them apart, whoever adds them up.
  @Test(arguments: [nil, 0])
  func reportReadsTheSmallestSums(rows: Int?) async throws {
    try await UsageHistory.with(seed: 10, rows: rows) { history in
      try await history.live(steps: 60)
      try await history.clock.advance(days: 40, in: history.database)
      try await history.live(steps: 1)
      try await history.makeSpans()
      // How many of these each row has too much tells where it was read: none is a multiple of another.
      let unit: Int64 = 1_000_000_000_000
      let marks: [(table: String, source: UsageSource, units: Int64)] = [
        ("usage_bucket", .quarters, 1), ("usage_sum", .sums, 1_009), ("usage_sum_key", .sumsByKey, 2_003),
        ("usage_sum_product", .sumsByProduct, 4_001),
      ]
      // What is packed says the same as the table of keys, but for its mark.
      try await history.database.execute(
        """
        UPDATE tally.usage_span AS m
           SET by_key = (SELECT string_agg(uuid_send(member_id) || uuid_send(key_id) || int8send(settled) || int8send(released)
                                           || int8send(refused) || int8send(images)
                                           || int8send(charged + \(Self.packedUnits * unit)) || int8send(credited), ''
                                           ORDER BY key_id DESC)
                           FROM tally.usage_sum_key AS k
                          WHERE k.team_id = m.team_id AND k.span_start = m.span_start AND k.span_end = m.span_end)
        """)
      for (table, _, units) in marks {
        try await history.database.execute("UPDATE tally.\(table) SET charged = charged + \(units * unit)")
      }
      let days = try await history.database.texts(
        """
        SELECT concat_ws(' ', extract(epoch FROM span_start)::bigint, extract(epoch FROM span_end)::bigint)
          FROM tally.usage_span
         WHERE EXISTS (SELECT FROM tally.usage_sum AS s
                        WHERE s.team_id = usage_span.team_id AND s.span_start = usage_span.span_start)
        """
      ).map { ($0 ?? "").split(separator: " ").compactMap { Int64($0) } }
      #expect(days.count > 2)
      for dimensions in Self.allSets {
        for isFilter in [false, true] {
          let day = try #require(days.randomElement(using: &history.random))
          var question = UsageRequest(
            team: history.team, bounds: day.map { Timestamp(microseconds: $0 * Timestamp.microsecondsPerSecond) })
          if isFilter {
            question.filters = Self.everything(dimensions, history)
          } else {
            question.grouping = dimensions
          }
          let groups = try await history.store.usage(question).buckets[0]
          let source = UsageSource.sums(of: dimensions)
          let isPacked = source == .sumsByKey && rows == nil && !isFilter
          let units = isPacked ? Self.packedUnits : marks.first { $0.source == source }?.units ?? 0
          #expect(!groups.isEmpty)
          #expect(
            groups.values.allSatisfy { $0.charged >= units * unit && $0.charged / unit % units == 0 }, "\(dimensions)")
        }
      }
    }
  }

  /// Every set of dimensions.
  private static let allSets: [Set<UsageDimension>] = (0..<32).map { bits in
    Set(UsageDimension.allCases.enumerated().filter { bits >> $0.offset & 1 == 1 }.map(\.element))
  }

  /// Filters by some dimensions that let everything through.
  private static func everything(_ dimensions: Set<UsageDimension>, _ history: UsageHistory) -> UsageFilters {
    UsageFilters(
      members: dimensions.contains(.member) ? history.members : nil,
      keys: dimensions.contains(.key) ? history.keys : nil,
      models: dimensions.contains(.model) ? ["gpt-image-1-mini"] : nil,
      qualities: dimensions.contains(.quality) ? ["low", "medium", "high"] : nil,
      sizes: dimensions.contains(.size) ? ["1024x1024", "1024x1536", "1536x1024"] : nil)
  }

  /// As many groups as an answer may have are answered, one more is refused: both where the report adds them up and where
  /// the database does, and where they come of minutes.
  @Test(arguments: [nil, 0])
  func moreGroupsThanAnAnswerMayHaveAreRefused(rows: Int?) async throws {
    try await UsageHistory.with(seed: 12) { history in
      try await history.live(steps: 60)
      try await history.makeSpans()
      let (team, end) = (history.team, history.clock.now.adding(seconds: 900))
      for bounds in [[Timestamp.epoch, .maximum], [end.adding(seconds: -3_599), end.adding(seconds: -901)]] {
        let question = UsageRequest(team: team, bounds: bounds, grouping: [.member, .quality])
        let groups = try await history.store.usage(question).buckets[0].count
        #expect(groups > 0)
        for (maximum, isRefused) in [(groups, false), (groups - 1, true)] {
          let store = try await history.database.openStore { settings in
            settings.maximumUsageGroups = maximum
            if let rows { settings.maximumUsageRows = rows }
          }
          if isRefused {
            await Self.expectInvalid("group_by", question, store)
          } else {
            #expect(try await store.usage(question).buckets[0].count == groups)
          }
          await store.close(within: .seconds(5))
        }
      }
    }
  }

  /// Pages of minutes, each with the head of the first one, hold what one page over all of it holds.
  @Test func pagesOfMinutesAddUp() async throws {
    try await UsageHistory.with(seed: 8) { history in
      try await history.live(steps: 60)
      let end = history.clock.now
      let start = end.adding(seconds: -6_000)
      let whole = try await history.store.usage(UsageRequest(team: history.team, bounds: [start, end]))
      var sum = UsageCounts()
      for minute in stride(from: 0, to: 100, by: 20) {
        let bounds = (0...20).map { start.adding(seconds: Int64(minute + $0) * 60) }
        let page = try await history.store.usage(
          UsageRequest(team: history.team, bounds: bounds, grouping: [.model, .size], asOf: whole.asOf))
        for groups in page.buckets { for counts in groups.values { sum += counts } }
        try await history.live(steps: 2)
      }
      #expect(sum == whole.buckets[0][UsageGroup()] ?? UsageCounts())
    }
  }

  @Test func headThatTheLogNeverHadIsRefused() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let bounds = [Timestamp.epoch, Timestamp.maximum]
      let good = try await store.usage(UsageRequest(team: ledger.team, bounds: bounds)).asOf
      var wrong = [good, good, good, good, good]
      wrong[0].origin += "x"
      wrong[1].size += 1
      wrong[2].size -= 1
      wrong[3].root = .zero
      wrong[4].at = good.at.adding(seconds: 1)
      for position in wrong {
        await Self.expectInvalid("page", UsageRequest(team: ledger.team, bounds: bounds, asOf: position), store)
      }
      var earlier = good
      earlier.size = -1
      await Self.expectInvalid("page", UsageRequest(team: ledger.team, bounds: bounds, asOf: earlier), store)
      // A log that another took the place of has no pages any more; what was booked by its lines is still counted.
      let before = try await store.usage(UsageRequest(team: ledger.team, bounds: bounds))
      try await database.execute("UPDATE tally.team SET is_halted = true WHERE team_id = '\(ledger.team)'")
      _ = try await store.recoverLog(of: ledger.team, known: nil, by: SmallLedger.administrator)
      await Self.expectInvalid("page", UsageRequest(team: ledger.team, bounds: bounds, asOf: good), store)
      let after = try await store.usage(UsageRequest(team: ledger.team, bounds: bounds))
      #expect(after.buckets == before.buckets)
      #expect(after.asOf.size == 1)
      // What lies within a quarter of an hour can be told of the new log's lines only.
      let ragged = [good.at.adding(seconds: -1), good.at.adding(seconds: 1)]
      await Self.expectInvalid("start_time", UsageRequest(team: ledger.team, bounds: ragged), store)
    }
  }
}
