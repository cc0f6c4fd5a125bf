import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing

@Suite struct PeriodClosingTests {
  /// The months before the running one, the oldest first.
  private static func months(_ count: Int, before moment: Timestamp) throws -> [CalendarMonth] {
    var months: [CalendarMonth] = []
    var start = PeriodBounds.utcMonth(containing: moment).start
    for _ in 0..<count {
      let bounds = PeriodBounds.utcMonth(containing: Timestamp(microseconds: start.microseconds - 1))
      months.append(try #require(CalendarMonth(bounds)))
      start = bounds.start
    }
    return months.reversed()
  }

  private static func lines(of team: TeamID, in database: LedgerDatabase) async throws -> [[UInt8]] {
    try await database.texts(
      "SELECT convert_from(line, 'UTF8') FROM tally.log_line WHERE team_id = '\(team)' ORDER BY index"
    ).map { Array(($0 ?? "").utf8) }
  }

  private static func now(_ database: LedgerDatabase) async throws -> Timestamp {
    let text = try await database.texts("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint::text")
    return Timestamp(microseconds: try #require(Int64(text.first.flatMap(\.self) ?? "")))
  }

  @Test func theLineCarriesTheHashOfTheReplayedBook() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      try await database.ageTeams(days: 400)
      let month = try #require(try Self.months(1, before: try await Self.now(database)).first)
      let closed = try await store.closePeriod(team: ledger.team, month: month, by: SmallLedger.administrator)
      #expect(closed.month == month.text)
      // The edits that were open stay open, and go on.
      _ = try await store.settle(ledger.settlement(of: ledger.held))
      _ = try await store.release(
        ReleaseRequest(team: ledger.team, record: ledger.inDoubt, cause: .upstreamRefused))
      let lines = try await Self.lines(of: ledger.team, in: database)
      let before = try TeamBook.replay(lines: lines.prefix(Int(closed.index)))
      #expect(closed.book == BookText.digest(of: before))
      #expect(before.records.values.filter(\.state.isOpen).map(\.id).sorted() == [ledger.inDoubt, ledger.held])
      // Whoever has that text needs none of the lines before.
      var book = try BookText.read(BookText.write(before))
      for line in lines[Int(closed.index)...] { try book.replay(line) }
      #expect(BookText.write(book) == BookText.write(try TeamBook.replay(lines: lines)))
      try await database.ageTeams(days: -400)
      #expect(try await store.check().violations == [])
      #expect(try await store.closedPeriods(of: ledger.team) == [closed])
      #expect(try await store.bookText(of: closed, team: ledger.team) == BookText.write(before))
    }
  }

  /// Where an export may begin: a month whose book was kept, and that is still the one that its line names.
  @Test func theBookOfAClosedMonthIsKept() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      try await database.ageTeams(days: 400)
      var closed: [ClosedPeriod] = []
      for month in try Self.months(3, before: try await Self.now(database)) {
        closed.append(try await store.closePeriod(team: ledger.team, month: month))
      }
      let first = closed[0].index
      #expect(try await store.closedBook(of: ledger.team, upTo: first - 1) == nil)
      #expect(try await store.closedBook(of: ledger.team, upTo: first) == closed[0])
      #expect(try await store.closedBook(of: ledger.team, upTo: first + 1) == closed[1])
      #expect(try await store.closedBook(of: ledger.team, from: first + 1) == closed[1])
      #expect(try await store.closedBook(of: ledger.team, from: first + 3) == nil)
      // One from before books were kept.
      try await database.execute("UPDATE tally.closed_period SET book_text = NULL WHERE index = \(first + 1)")
      #expect(try await store.closedBook(of: ledger.team, upTo: first + 1) == closed[0])
      #expect(try await store.closedBook(of: ledger.team, from: first + 1) == closed[2])
      await #expect(throws: StoreError.self) { try await store.bookText(of: closed[1], team: ledger.team) }
      await #expect(throws: PostgresError.self) {
        try await database.execute("UPDATE tally.closed_period SET book_text = book_text || 'x' WHERE index = \(first)")
      }
    }
  }

  @Test func aPeriodIsClosedOnceAndOnlyWhenItIsOver() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      try await database.ageTeams(days: 400)
      let now = try await Self.now(database)
      let months = try Self.months(2, before: now)
      let closed = try await store.closePeriod(team: ledger.team, month: months[1])
      let size = try await store.team(ledger.team).logSize
      #expect(try await store.closePeriod(team: ledger.team, month: months[1]) == closed)
      // The later one covers it.
      #expect(try await store.closePeriod(team: ledger.team, month: months[0]) == closed)
      let running = try #require(CalendarMonth(PeriodBounds.utcMonth(containing: now)))
      let error = await #expect(throws: StoreError.self) {
        try await store.closePeriod(team: ledger.team, month: running)
      }
      guard case .conflict = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(try await store.team(ledger.team).logSize == size)
    }
  }

  /// Its line would stand behind lines of a later month, whose charges were then in no month's statement.
  @Test func aMonthThatWasOverBeforeTheTeamWasMadeIsNotClosed() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let month = try #require(try Self.months(1, before: try await Self.now(database)).first)
      let size = try await store.team(ledger.team).logSize
      let error = await #expect(throws: StoreError.self) {
        try await store.closePeriod(team: ledger.team, month: month, by: SmallLedger.administrator)
      }
      #expect(error?.description.contains("before the team was made") == true, "\(String(describing: error))")
      #expect(try await store.team(ledger.team).logSize == size)
      // A month that it has seen the end of is closed, however few days of it.
      try await database.ageTeams(days: 31)
      #expect(try await store.closePeriod(team: ledger.team, month: month).index == size)
    }
  }

  /// Closings while edits are opened and resolved: each hash is that of the book at its line.
  @Test func closingsAmongEditsAreExact() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      try await database.ageTeams(days: 400)
      _ = try await store.changeMember(
        team: ledger.team, userID: "user-2", MemberChange(limit: .set(nil)), by: SmallLedger.administrator)
      let months = try Self.months(12, before: try await Self.now(database))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for worker in 0..<4 {
          group.addTask {
            for number in 0..<25 {
              let record = RecordID(bits: UInt128(0x1_0000 + worker * 0x100 + number))
              _ = try await store.hold(
                ledger.request(record, member: ledger.second, key: ledger.rotatedKey, user: "user-2"))
              switch number % 4 {
              case 0: break
              case 1:
                _ = try await store.markInDoubt(
                  InDoubtRequest(team: ledger.team, record: record, cause: .upstreamUnknown))
              case 2: _ = try await store.settle(ledger.settlement(of: record))
              default:
                _ = try await store.release(ReleaseRequest(team: ledger.team, record: record, cause: .notSent))
              }
            }
          }
        }
        group.addTask {
          for month in months { _ = try await store.closePeriod(team: ledger.team, month: month) }
        }
        try await group.waitForAll()
      }
      let closed = try await store.closedPeriods(of: ledger.team)
      #expect(closed.map(\.month) == months.map(\.text))
      let lines = try await Self.lines(of: ledger.team, in: database)
      for period in closed {
        let book = try TeamBook.replay(lines: lines.prefix(Int(period.index)))
        #expect(period.book == BookText.digest(of: book), "\(period.month)")
      }
      try await database.ageTeams(days: -400)
      #expect(try await store.check().violations == [])
    }
  }

  @Test(arguments: [
    "UPDATE tally.record SET state = 'refused' WHERE state = 'held'",
    "UPDATE tally.budget SET held = held + 1 WHERE scope = 'member'",
    "DELETE FROM tally.doubt",
  ])
  func aBookThatDoesNotBalanceIsNotClosed(damage: String) async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      try await database.ageTeams(days: 400)
      let month = try #require(try Self.months(1, before: try await Self.now(database)).first)
      try await database.execute(damage)
      let error = await #expect(throws: StoreError.self) {
        try await store.closePeriod(team: ledger.team, month: month)
      }
      guard case .conflict(let text) = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(text.contains("balance"))
      #expect(try await store.closedPeriods(of: ledger.team) == [])
    }
  }

  @Test func theLastMonthOfATeamIsToBeClosedUntilItIs() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      #expect(try await store.periodsToClose().isEmpty)
      try await database.ageTeams(days: 70)
      let month = try #require(try Self.months(1, before: try await Self.now(database)).first)
      let found = try await store.periodsToClose()
      #expect(found.map(\.team) == [ledger.team])
      #expect(found.map(\.month) == [month])
      _ = try await store.closePeriod(team: ledger.team, month: month)
      #expect(try await store.periodsToClose().isEmpty)
      let closed = try await store.closeOnce(try #require(found.first))
      #expect(closed == nil)
    }
  }

  @Test func twoGatewaysThatCloseAtOnceWriteOneLine() async throws {
    try await withLedgerStore { first, database in
      let ledger = try await SmallLedger.make(in: first)
      try await database.ageTeams(days: 70)
      let second = try await database.openStore { $0.instance = InstanceID(bits: 0x2) }
      let size = try await first.team(ledger.team).logSize
      try await withThrowingTaskGroup(of: Void.self) { group in
        for store in [first, second] {
          group.addTask {
            for period in try await store.periodsToClose() { _ = try await store.closeOnce(period) }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await first.team(ledger.team).logSize == size + 1)
      #expect(try await first.closedPeriods(of: ledger.team).count == 1)
      #expect(try await first.periodsToClose().isEmpty)
      await second.close(within: .seconds(5))
    }
  }

  /// West of where the month was closed it goes on: that rest is closed by a line of its own.
  @Test func monthThatGoesOnInAnotherZoneIsClosedToItsEnd() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      try await database.ageTeams(days: 400)
      let month = try #require(try Self.months(2, before: try await Self.now(database)).first)
      let first = try await store.closePeriod(team: ledger.team, month: month)
      _ = try await store.changeTeam(
        ledger.team, TeamChange(timeZone: .set("Pacific/Pago_Pago")), by: SmallLedger.administrator)
      let rest = try await store.closePeriod(team: ledger.team, month: month)
      #expect(rest.index > first.index)
      #expect(rest.start == first.end)
      #expect(rest.end == first.end.adding(seconds: 11 * 3_600))
      try await database.ageTeams(days: -400)
      #expect(try await store.check().violations == [])
    }
  }
}
