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
      var charges: Int64
      var credits: Int64
      var holds: Int64
      var settled: Int64
      var released: Int64

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

  /// What became of a month that has no statement any more is told as it was.
  @Test func aMonthThatWasPrunedIsToldSoAndOneOfAnotherLogIsNot() async throws {
    try await withExportedTeam(months: 3) { team, _ in
      let whole = try await Self.statement(team.closed[2].month, team)
      let first = try #require(CalendarMonth(team.closed[1].month)?.next)
      // What is left begins at the second closing.
      let kept = team.closed[1].index
      try await team.database.execute("UPDATE tally.log_line SET line = '' WHERE index < \(kept)")
      try await team.database.execute("UPDATE tally.team SET pruned_before = \(kept)")
      for month in team.closed.prefix(2).map(\.month) {
        let error = await #expect(throws: StoreError.self) { try await Self.statement(month, team) }
        guard case .invalid("period", let message) = error?.reason else {
          Issue.record("\(String(describing: error))")
          continue
        }
        for word in [month, "was pruned", "below \(kept)", "first month that has a statement is \(first.text)"] {
          #expect(message.contains(word), "\(message)")
        }
      }
      #expect(try await Self.statement(first.text, team) == whole)
      // Another log takes its place: what is left of the old one is still told.
      try await team.database.execute("UPDATE tally.team SET is_halted = true")
      _ = try await team.store.recoverLog(of: team.team, known: nil, by: SmallLedger.administrator)
      #expect(try await Self.statement(team.closed[2].month, team) == whole)
    }
  }

  /// A closing comes a minute after its month's end or later: edits of the new month stand before it.
  @Test func editsBetweenAMonthsEndAndItsClosingAreCountedOnce() async throws {
    try await withShiftedStore { store, database, clock in
      let ledger = try await SmallLedger.make(in: store)
      // The member's row is a month's; a new one opens with the first edit of the new month.
      let month = try #require(CalendarMonth(PeriodBounds.utcMonth(containing: clock.now)))
      try await clock.advanceToNextMonth(in: database)
      let gap = try await Self.charge(2, ledger, store, from: 0xE00)
      let first = try await store.closePeriod(team: ledger.team, month: month)
      let after = try await Self.charge(3, ledger, store, from: 0xE10)
      let next = try #require(CalendarMonth(PeriodBounds.utcMonth(containing: clock.now)))
      try await clock.advanceToNextMonth(in: database)
      let second = try await store.closePeriod(team: ledger.team, month: next)
      let exports = LogExports(store: store, pace: .full) { [] }
      var texts: [Text] = []
      for closed in [month, next] {
        let made = try await exports.statement(of: ledger.team, closed, now: clock.now.adding(seconds: 60))
        let statement = try #require(made)
        #expect(statement.isComplete && statement.period == closed.text)
        texts.append(try JSONDecoder().decode(Text.self, from: Data(statement.json)))
      }
      // From closing line to closing line, each line in one of them.
      #expect(texts.map(\.from) == [0, first.index] && texts.map(\.to) == [first.index, second.index])
      for row in texts.flatMap(\.rows) {
        #expect(row.usedAtOpen + row.charges - row.credits == row.usedAtClose, "\(row.name)")
        #expect(row.heldAtOpen + row.holds - row.settled - row.released == row.heldAtClose, "\(row.name)")
      }
      // The new month's row begins in the statement of the month before, at 0, and goes on in its own.
      let start = first.end.rfc3339
      let rows = texts.map { text in
        text.rows.filter { $0.scope == "member" && $0.subject == "\(ledger.second)" && $0.start == start }
      }
      #expect(rows.map(\.count) == [1, 1], "\(rows)")
      let (early, late) = (try #require(rows[0].first), try #require(rows[1].first))
      #expect(early.usedAtOpen == 0 && early.charges == gap && early.usedAtClose == gap)
      #expect(late.usedAtOpen == gap && late.charges == after && late.usedAtClose == gap + after)
      // Nothing is counted twice or lost: over all rows of a scope both say what the tables do.
      for scope in ["team", "member"] {
        let charged = texts.flatMap(\.rows).filter { $0.scope == scope }.reduce(0) { $0 + $1.charges - $1.credits }
        let used = try await database.texts("SELECT sum(used)::text FROM tally.budget WHERE scope = '\(scope)'")
        #expect(used == ["\(charged)"], "\(scope)")
      }
    }
  }

  /// Settled edits of the second member, as many; brings what they were charged.
  private static func charge(
    _ count: Int, _ ledger: SmallLedger, _ store: LedgerStore, from first: UInt128
  ) async throws -> Int64 {
    var charged: Int64 = 0
    for number in 0..<count {
      let record = RecordID(bits: first + UInt128(number))
      _ = try await store.hold(
        ledger.request(record, member: ledger.second, key: ledger.rotatedKey, user: "user-2"))
      charged += try await store.settle(ledger.settlement(of: record)).charged.value
    }
    return charged
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
