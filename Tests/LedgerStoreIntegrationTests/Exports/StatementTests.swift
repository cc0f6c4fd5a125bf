import Audit
import Exports
import Foundation
import Ledger
import LedgerStore
import TallyTesting
import Testing

@Suite struct StatementTests {
  /// What the tests look at of a statement.
  private struct Text: Decodable {
    struct Row: Decodable {
      var scope: String
      var subject: String
      var period: String
      var start: String
      var usedAtOpen: Int64
      var heldAtOpen: Int64
      var usedAtClose: Int64
      var heldAtClose: Int64

      var name: String { "\(scope) \(subject) \(period) \(start)" }
    }

    var from: Int64
    var to: Int64
    var rows: [Row]
  }

  private static func statement(_ month: String, _ team: ExportedTeam) async throws -> MonthStatement? {
    try await team.exports.statement(of: team.team, try #require(CalendarMonth(month)), now: team.now)
  }

  @Test func statementsOfMonthsChainAndAreThoseOfBundles() async throws {
    try await withExportedTeam(months: 3) { team, folder in
      var before: [String: Text.Row] = [:]
      var from: Int64 = 0
      for (number, period) in team.closed.enumerated() {
        let statement = try #require(try await Self.statement(period.month, team))
        #expect(statement.isComplete && statement.period == period.month)
        let text = try JSONDecoder().decode(Text.self, from: Data(statement.json))
        #expect(text.from == from && text.to == period.index)
        for row in text.rows {
          #expect(row.usedAtOpen == before[row.name]?.usedAtClose ?? 0, "\(row.name)")
          #expect(row.heldAtOpen == before[row.name]?.heldAtClose ?? 0, "\(row.name)")
          before[row.name] = row
        }
        let plan = try await team.exports.plan(team.request(.bundle, from: from, to: period.index), now: team.now)
        let bundle = "\(folder)/\(number)"
        _ = try await team.exports.fill(
          try BundleWriter(try await team.exports.bundleRange(plan), in: bundle)
        ) { _, _ in }
        #expect(FileManager.default.contents(atPath: "\(bundle)/statement.json") == Data(statement.json))
        #expect(FileManager.default.contents(atPath: "\(bundle)/statement.csv") == Data(statement.table))
        // Asked for again it is the same, whether it was kept or made anew.
        #expect(try await Self.statement(period.month, team) == statement)
        from = period.index
      }
      let running = try #require(CalendarMonth(PeriodBounds.utcMonth(containing: team.now)))
      let open = try #require(try await Self.statement(running.text, team))
      let text = try JSONDecoder().decode(Text.self, from: Data(open.json))
      let size = try await team.store.logState(of: team.team).size
      #expect(!open.isComplete && text.from == from && text.to == size)
    }
  }

  /// Months that were closed before their books were kept.
  @Test func aMonthWithoutABookIsReplayedFromFurtherBack() async throws {
    try await withExportedTeam(months: 3) { team, _ in
      let exports = team.exports
      let month = try #require(CalendarMonth(team.closed[2].month))
      let statement = try await exports.statement(of: team.team, month, now: team.now)
      try await team.database.execute(
        "UPDATE tally.closed_period SET book_text = NULL WHERE index > \(team.closed[0].index)")
      #expect(try await team.exports.statement(of: team.team, month, now: team.now) == statement)
      try await team.database.execute("UPDATE tally.closed_period SET book_text = NULL")
      #expect(try await team.exports.statement(of: team.team, month, now: team.now) == statement)
    }
  }

  /// A gateway of before may have closed a month that was over when the team was made, behind lines of a later month.
  @Test func noChargeIsLostBehindAMonthThatTheTeamHasNotSeen() async throws {
    try await withExportedTeam(months: 1) { team, _ in
      // The team as it was made: in the month that runs.
      try await team.database.ageTeams(days: -200)
      let running = try #require(CalendarMonth(PeriodBounds.utcMonth(containing: team.now)))
      let statement = try #require(try await Self.statement(running.text, team))
      let text = try JSONDecoder().decode(Text.self, from: Data(statement.json))
      #expect(text.from == 0 && text.rows.allSatisfy { $0.usedAtOpen == 0 })
      let used = try await team.database.texts("SELECT used::text FROM tally.budget WHERE scope = 'team'")
      #expect(used == text.rows.filter { $0.scope == "team" }.map { "\($0.usedAtClose)" })
      let closed = try await Self.statement(team.closed[0].month, team)
      #expect(closed == nil)
    }
  }

  @Test func monthsThatTheTeamHasNotSeenHaveNoStatement() async throws {
    try await withExportedTeam { team, _ in
      let early = try await Self.statement("1999-12", team)
      #expect(early == nil)
      let error = await #expect(throws: StoreError.self) { try await Self.statement("2999-01", team) }
      guard case .invalid("period", _) = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }
}
