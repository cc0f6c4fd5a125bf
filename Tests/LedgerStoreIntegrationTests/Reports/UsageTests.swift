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
    try await UsageHistory.with(seed: seed) { history in
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

  private static func expectInvalid(_ field: String, _ request: UsageRequest, _ store: LedgerStore) async {
    let error = await #expect(throws: StoreError.self) { try await store.usage(request) }
    guard case .invalid(field, let message)? = error?.reason else {
      Issue.record("not refused as \(field): \(String(describing: error))")
      return
    }
    #expect(!message.isEmpty)
  }
}
