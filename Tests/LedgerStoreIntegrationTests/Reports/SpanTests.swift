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
