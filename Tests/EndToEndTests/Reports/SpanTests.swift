import TallyTesting
import Testing

extension EndToEnd {
  @Suite("Summing up") struct SpanTests {
    @Test("A gateway sums up the days and months that are over, and reports are the same")
    func aGatewaySumsUpWhatIsOver() async throws {
      try await World.with(gateways: 0) { world in
        let clock = try await PastClock.install(in: world, at: "2026-08-30T00:00:00Z")
        let person = try await clock.makePerson()
        for moment in [
          "2026-08-30T10:00:00Z", "2026-08-30T11:00:00Z", "2026-08-31T10:00:00Z", "2026-09-01T10:00:00Z",
        ] { try await clock.edit(person, at: moment) }
        try await clock.end()
        let question = [
          "report", "usage", "past", "--from", "2026-08-30", "--to", "2026-09-02", "--bucket", "1d", "--json",
        ]
        let before = try await world.tally.run(question)
        #expect(before.json["rows"].elements.map { $0["images"].integer } == [2, 1, 1], "\(before.output)")
        #expect(try await world.number("SELECT count(*) FROM tally.usage_span") == 0)
        try await world.serving { world in
          // The gateway closes months, and with those lines later days are over, too.
          for (kind, count) in [("day", 2), ("month", 1)] as [(String, Int64)] {
            _ = try await world.gateways[0].process.wait(within: .seconds(60), "sums of each \(kind)") {
              let made = try await world.number("SELECT count(*) FROM tally.usage_span WHERE kind = '\(kind)'")
              return made >= count ? true : nil
            }
          }
          let sums = "SELECT sum(charged)::bigint FROM tally.usage_sum WHERE span_start < '2026-09-01 00:00:00Z'"
          #expect(try await world.number(sums) == 2 * 3 * 33_000)
          let after = try await world.tally.run(question)
          #expect(after.json["rows"].elements.map { $0["images"].integer } == [2, 1, 1], "\(after.output)")
          #expect(after.json["total"]["credits"].integer == 132_000)
        }
      }
    }
  }
}
