import Ledger
import LedgerStore
import TallyTesting
import Testing

/// Days and months are summed up once they are over, once.
@Suite struct SpanTests {
  @Test func spansAreMadeOnceByAnyNumberOfGateways() async throws {
    try await UsageHistory.with(seed: 3) { history in
      try await history.live(steps: 60)
      try await history.clock.advance(days: 70, in: history.database)
      try await history.live(steps: 5)
      #expect(try await history.store.teamsToSpan() == [history.team])
      let copy = history
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 { group.addTask { try await copy.makeSpans() } }
        try await group.waitForAll()
      }
      #expect(try await history.store.teamsToSpan() == [])
      #expect(try await history.store.makeSpans(of: history.team) == 0)
      #expect(try await history.database.texts(Self.unpacked) == ["0"])
      for kind in ["day", "month"] {
        for (table, columns) in Self.tables {
          let differing = try await history.database.texts(Self.differing(kind, table, columns))
          #expect(differing == ["0"], "\(kind) \(table)")
        }
        let made = try await history.database.texts(
          "SELECT count(*)::text FROM tally.usage_span WHERE kind = '\(kind)'")
        #expect(made != ["0"], "\(kind)")
      }
    }
  }

  /// A team in its own zone around a change of its clocks.
  struct Change: Sendable {
    var zone: String
    /// A moment of the day before the day that is not like others.
    var start: String
    /// How long the days are, in hours, the first and the last one left out.
    var hours: [Int64]
    var dates: [String]
  }

  private static let changes = [
    Change(
      zone: "Europe/Berlin", start: "2026-10-23T12:00:00.000000Z", hours: [24, 25, 24],
      dates: ["2026-10-24", "2026-10-25", "2026-10-26"]),
    Change(
      zone: "Europe/Berlin", start: "2026-03-27T12:00:00.000000Z", hours: [24, 23, 24],
      dates: ["2026-03-28", "2026-03-29", "2026-03-30"]),
    Change(
      zone: "America/Sao_Paulo", start: "2019-02-15T12:00:00.000000Z", hours: [25, 24, 24],
      dates: ["2019-02-16", "2019-02-17", "2019-02-18"]),
    Change(
      zone: "America/Sao_Paulo", start: "2018-11-02T12:00:00.000000Z", hours: [24, 23, 24],
      dates: ["2018-11-03", "2018-11-04", "2018-11-05"]),
    // The 30th never was.
    Change(
      zone: "Pacific/Apia", start: "2011-12-28T00:00:00.000000Z", hours: [24, 24, 24],
      dates: ["2011-12-28", "2011-12-29", "2011-12-31"]),
    Change(
      zone: "Pacific/Apia", start: "2020-09-25T00:00:00.000000Z", hours: [24, 23, 24],
      dates: ["2020-09-26", "2020-09-27", "2020-09-28"]),
    Change(
      zone: "Pacific/Apia", start: "2021-04-02T00:00:00.000000Z", hours: [24, 25, 24],
      dates: ["2021-04-03", "2021-04-04", "2021-04-05"]),
    Change(
      zone: "Asia/Kathmandu", start: "2026-10-23T12:00:00.000000Z", hours: [24, 24, 24],
      dates: ["2026-10-24", "2026-10-25", "2026-10-26"]),
  ]

  /// The days are PostgreSQL's, and what they hold is the log's.
  @Test(arguments: changes)
  func daysAroundAChangeOfClocksAddUpToTheLog(change: Change) async throws {
    let start = try #require(Timestamp(canonical: change.start))
    try await UsageHistory.with(seed: 14, zone: change.zone, from: start) { history in
      try await history.live(days: 5)
      try await history.makeSpans()
      let log = try await FoldedLog.read(history.team, history.database)
      let days = try await history.database.texts(
        """
        SELECT concat_ws(' ', extract(epoch FROM span_start)::bigint, extract(epoch FROM span_end)::bigint,
                         span_start AT TIME ZONE '\(change.zone)', sum(settled), sum(released), sum(refused), sum(images),
                         sum(charged), sum(credited))
          FROM tally.usage_span JOIN tally.usage_sum USING (team_id, span_start, span_end)
         WHERE kind = 'day' GROUP BY span_start, span_end ORDER BY span_start
        """
      ).map { ($0 ?? "").split(separator: " ").map(String.init) }
      for day in days {
        try #require(day.count == 10)
        let bounds = [day[0], day[1]].compactMap { Int64($0) }
          .map { Timestamp(microseconds: $0 * Timestamp.microsecondsPerSecond) }
        let answer = log.answer(UsageRequest(team: history.team, bounds: bounds))[0]
        let counts = answer[UsageGroup()] ?? UsageCounts()
        let expected = [
          counts.settled, counts.released, counts.refused, counts.images, counts.charged, counts.credited,
        ]
        #expect(day[4...].map { Int64($0) } == expected, "\(day)")
        // The one midnight of these that clocks skipped.
        let first = change.zone == "America/Sao_Paulo" && day[2] == "2018-11-04" ? "01:00:00" : "00:00:00"
        #expect(day[3] == first, "\(day)")
      }
      let whole = days.filter { change.dates.contains($0[2]) }
      #expect(whole.map { $0[2] } == change.dates)
      #expect(whole.map { ((Int64($0[1]) ?? 0) - (Int64($0[0]) ?? 0)) / 3_600 } == change.hours)
      for (day, next) in zip(whole, whole.dropFirst()) { #expect(day[1] == next[0]) }
    }
  }

  /// What is not over may still change: the clock alone does not close it, since a clock may be set back.
  @Test func nothingIsSummedUpBeforeALineLiesBehindIt() async throws {
    try await UsageHistory.with(seed: 4) { history in
      try await history.live(steps: 20)
      try await history.release()
      try await history.makeSpans()
      try await history.clock.advance(days: 3, in: history.database)
      #expect(try await history.store.makeSpans(of: history.team) == 0)
      _ = try await history.store.changeTeam(
        history.team, TeamChange(limit: .set(Credits(900_000_000))), by: SmallLedger.administrator)
      #expect(try await history.store.makeSpans(of: history.team) > 0)
    }
  }

  /// How many spans have not packed what the table of keys has.
  private static let unpacked = """
    SELECT count(*)::text
      FROM tally.usage_span AS m
     WHERE by_key IS DISTINCT FROM coalesce(
           (SELECT string_agg(uuid_send(member_id) || uuid_send(key_id) || int8send(settled) || int8send(released)
                              || int8send(refused) || int8send(images) || int8send(charged) || int8send(credited), ''
                              ORDER BY member_id, key_id)
              FROM tally.usage_sum_key AS k
             WHERE k.team_id = m.team_id AND k.span_start = m.span_start AND k.span_end = m.span_end), '')
    """

  /// Tables of sums with what their rows tell apart.
  private static let tables = [
    ("usage_sum", "member_id, key_id, model, quality, size"), ("usage_sum_key", "member_id, key_id"),
    ("usage_sum_product", "model, quality, size"),
  ]

  /// How many sums of spans are not those of their buckets.
  private static func differing(_ kind: String, _ table: String, _ columns: String) -> String {
    """
    SELECT count(*)::text
      FROM (SELECT team_id, span_start, span_end, \(columns), settled, released, refused, images, charged, credited
              FROM tally.\(table) JOIN tally.usage_span USING (team_id, span_start, span_end) WHERE kind = '\(kind)') AS s
      FULL JOIN (SELECT s.team_id, s.span_start, s.span_end, \(columns),
                        sum(settled) AS settled, sum(released) AS released, sum(refused) AS refused,
                        sum(images) AS images, sum(charged) AS charged, sum(credited) AS credited
                   FROM tally.usage_span AS s
                   JOIN tally.usage_bucket AS b
                     ON b.team_id = s.team_id AND b.bucket_start >= s.span_start AND b.bucket_start < s.span_end
                  WHERE kind = '\(kind)'
                  GROUP BY s.team_id, s.span_start, s.span_end, \(columns)) AS b
     USING (team_id, span_start, span_end, \(columns))
     WHERE (s.settled, s.released, s.refused, s.images, s.charged, s.credited)
           IS DISTINCT FROM (b.settled, b.released, b.refused, b.images, b.charged, b.credited)
    """
  }
}
