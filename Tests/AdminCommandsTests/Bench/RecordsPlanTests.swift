import AdminCommands
import Ledger
import Sandbox
import Testing

@Suite("What `tally bench records` makes")
struct RecordsPlanTests {
  private static func plan(teams: Int = 200, edits: Int, months: Int = 13) throws -> RecordsPlan {
    RecordsPlan(
      teams: teams, edits: edits, months: months, members: 250, promptLength: 60, seed: 1,
      end: try #require(Timestamp(rfc3339: "2026-11-27T15:00:00Z")))
  }

  @Test("Teams share all edits; of 200 the largest has a tenth, and each has members", arguments: [1, 200, 10_000_000])
  func teamsShareAllEdits(edits: Int) throws {
    let shares = try Self.plan(edits: edits).shares
    #expect(shares.count == 200)
    #expect(shares.reduce(0) { $0 + $1.edits } == edits)
    #expect(shares.allSatisfy { $0.members >= 1 && $0.edits >= 0 })
    guard edits > 1_000 else { return }
    #expect((0.09...0.11).contains(Double(shares[0].edits) / Double(edits)))
    #expect(shares.map(\.edits) == shares.map(\.edits).sorted(by: >))
  }

  @Test("Parts are proportional and make the whole", arguments: [0, 1, 7, 1_000])
  func partsMakeTheWhole(count: Int) {
    let parts = RecordsPlan.divide(count, by: [1, 0, 2, 1])
    #expect(parts.reduce(0, +) == count)
    #expect(parts[1] == 0)
    #expect(abs(parts[2] - count / 2) <= 1)
  }

  @Test("Thirteen months begin a year before the running one")
  func monthsBeginAYearBefore() throws {
    #expect(try Self.plan(edits: 1).start.rfc3339 == "2025-11-01T00:00:00.000000Z")
    #expect(try Self.plan(edits: 1, months: 1).start.rfc3339 == "2026-11-01T00:00:00.000000Z")
    #expect(try Self.plan(edits: 1, months: 12).start.rfc3339 == "2025-12-01T00:00:00.000000Z")
  }

  @Test("A team's edits are sent in the order of time, all within the months, the same ones for the same seed")
  func editsAreInOrder() throws {
    let plan = try Self.plan(teams: 5, edits: 30_000)
    let choices = EditChoices(promptLength: 10)
    for share in plan.shares {
      func drafts() -> [TeamSchedule.Draft] {
        var schedule = TeamSchedule(share, of: plan)
        var generator = SplitMix64(seed: 3)
        var drafts: [TeamSchedule.Draft] = []
        while let day = schedule.nextDay(choices, using: &generator) { drafts += day.reversed() }
        return drafts
      }
      let all = drafts()
      #expect(all.count == share.edits)
      #expect(all.map(\.at) == all.map(\.at).sorted())
      #expect(all.allSatisfy { $0.at >= plan.start && $0.at < plan.end })
      #expect(Set(all.map(\.member)).isSubset(of: Set(0..<share.members)))
      #expect(drafts() == all)
    }
  }
}
