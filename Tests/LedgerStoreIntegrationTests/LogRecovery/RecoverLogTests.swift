import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing
import TransparencyLog

/// A halted log is replaced by a new one that counts from 0 again, and the books go on.
@Suite struct RecoverLogTests {
  private static let by = SmallLedger.administrator

  private static func halt(_ ledger: SmallLedger, _ database: LedgerDatabase) async throws {
    try await database.execute("UPDATE tally.team SET is_halted = true WHERE team_id = '\(ledger.team)'")
  }

  /// All lines of the team's log, as whoever exports it reads them.
  private static func lines(of team: TeamID, in store: LedgerStore) async throws -> [[UInt8]] {
    var lines: [[UInt8]] = []
    while let line = try await store.loggedLine(of: team, at: Int64(lines.count)) { lines.append(line.line) }
    return lines
  }

  private static func expectSound(_ store: LedgerStore) async throws {
    for window in [1, 3, 5_000] as [Int64] {
      #expect(try await store.check(windowLines: window).violations == [])
    }
  }

  @Test func openEditsGoOnAndTheBooksAreTheSame() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let before = try await store.team(ledger.team)
      try await Self.halt(ledger, database)
      let root = try #require(Digest(bytes: [UInt8](repeating: 7, count: 32)))
      let recovered = try await store.recoverLog(of: ledger.team, known: (size: 99, root: root), by: Self.by)
      #expect(recovered.oldLog == before.logOrigin)
      #expect(recovered.oldSize == before.logSize)
      #expect(recovered.log != recovered.oldLog)
      #expect(recovered.log.hasPrefix("\(before.logOrigin)/"))
      let after = try await store.team(ledger.team)
      #expect(after.logSize == 1)
      #expect(after.logOrigin == recovered.log)
      #expect(!after.isHalted)
      #expect(after.budget == before.budget)
      let line = try #require(try await store.loggedLine(of: ledger.team, at: 0))
      guard case (let header, .logRecovered(let event)) = try Line.parse(line.line) else {
        Issue.record("another line")
        return
      }
      #expect(header.index == 0)
      #expect(header.log == recovered.log)
      #expect(event.oldLog == recovered.oldLog)
      #expect(event.oldSize == recovered.oldSize)
      #expect(event.knownSize == 99)
      #expect(event.knownRoot?.bytes == root.bytes)
      let opening = try #require(try await store.openingBook(of: ledger.team))
      #expect(event.book == BookText.digest(of: opening))
      #expect(
        try BookText.read(opening).records.values.map(\.id).sorted() == [ledger.inDoubt, ledger.held])
      try await Self.expectSound(store)
      // What was held and what was in doubt settle on the new log, held by its first line.
      let settled = try await store.settle(ledger.settlement(of: ledger.held))
      #expect(settled.charged == Credits(SmallLedger.price))
      #expect(settled.position?.log == recovered.log)
      #expect(settled.position?.index == 1)
      _ = try await store.release(
        ReleaseRequest(team: ledger.team, record: ledger.inDoubt, cause: .upstreamRefused))
      try await Self.expectSound(store)
    }
  }

  @Test func newEditsTakeTheNumbersOfOldOnesAndNothingIsMixedUp() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      try await Self.halt(ledger, database)
      let recovered = try await store.recoverLog(of: ledger.team, known: nil, by: Self.by)
      // As many edits as the old log has lines, so that each of its numbers is given again.
      let new = (1...recovered.oldSize).map { RecordID(bits: UInt128(0x100 + $0)) }
      for record in new {
        _ = try await store.hold(
          ledger.request(
            record, member: ledger.second, key: ledger.rotatedKey, user: "user-2", idempotencyKey: "\(record)"))
        _ = try await store.release(
          ReleaseRequest(team: ledger.team, record: record, cause: .upstreamRefused))
      }
      try await Self.expectSound(store)
      let old = try #require(try await store.record(ledger.settled, of: ledger.team))
      let position = try #require(try await store.recordPosition(of: old))
      #expect(position.log == recovered.oldLog)
      #expect(position.index == old.resolveIndex)
      let recent = try #require(try await store.record(new[0], of: ledger.team))
      let receipt = try #require(try await store.recordPosition(of: recent))
      #expect(receipt.log == recovered.log)
      #expect(receipt.index == 2)
      #expect(receipt.leaf == (try await store.loggedLine(of: ledger.team, at: 2))?.leaf)
      // The newest first, over both logs.
      var listed: [RecordID] = []
      var filter = RecordFilter(limit: 7)
      while true {
        let page = try await store.records(of: ledger.team, filter, member: nil)
        listed += page.elements.map(\.record)
        guard page.hasMore else { break }
        filter.after = listed.last
      }
      #expect(listed.prefix(new.count).elementsEqual(new.reversed()))
      #expect(Set(listed.dropFirst(new.count)).count == 6)
      // A retry of an old edit gets the old answer.
      let repeated = try await store.hold(ledger.request(RecordID(bits: 0xFFFF), idempotencyKey: "settled"))
      guard case .repeated(let edit) = repeated else {
        Issue.record("\(repeated)")
        return
      }
      #expect(edit.record == ledger.settled)
      #expect(try await store.allHeldEdits().edits.map(\.record) == [ledger.held])
    }
  }

  @Test func creditsAndEvidenceOfOldEditsAreTaken() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      _ = try await store.resolve(
        ResolveRequest(team: ledger.team, record: ledger.inDoubt, charge: Credits(SmallLedger.price)), by: Self.by)
      let used = try await store.team(ledger.team).budget.used
      try await Self.halt(ledger, database)
      _ = try await store.recoverLog(of: ledger.team, known: nil, by: Self.by)
      for (record, before) in [(ledger.credited, 6_000), (ledger.credited, 6_500), (ledger.settled, 0)]
        as [(RecordID, Int64)]
      {
        _ = try await store.credit(
          CreditRequest(
            team: ledger.team, record: record, amount: Credits(500), creditedBefore: Credits(before)), by: Self.by)
        try await Self.expectSound(store)
      }
      #expect(try await store.team(ledger.team).budget.used == used - Credits(1_500))
      let error = await #expect(throws: StoreError.self) {
        try await store.credit(
          CreditRequest(
            team: ledger.team, record: ledger.settled, amount: Credits(SmallLedger.price), creditedBefore: Credits(500)),
          by: Self.by)
      }
      guard case .invalid(field: "amount", _) = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
      // A charge without proof turns out to have been for nothing.
      let proven = try await store.release(
        ReleaseRequest(team: ledger.team, record: ledger.inDoubt, cause: .upstreamRefused))
      #expect(proven.wasResolvedBefore)
      try await Self.expectSound(store)
      // Whoever has the new log and the book that it begins with can replay it.
      var book = try BookText.read(try #require(try await store.openingBook(of: ledger.team)))
      for line in try await Self.lines(of: ledger.team, in: store) { try book.replay(line) }
      #expect(
        book.budgets.values.filter { $0.id.scope == .team }.map(\.used) == [used - Credits(1_500 + SmallLedger.price)])
    }
  }

  @Test func aRecoveredLogIsRecoveredAgain() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      var logs: [String] = []
      for round in 0..<3 as Range<UInt128> {
        try await Self.halt(ledger, database)
        let recovered = try await store.recoverLog(of: ledger.team, known: nil, by: Self.by)
        logs.append(recovered.oldLog)
        let record = RecordID(bits: 0x200 + round)
        _ = try await store.hold(
          ledger.request(record, member: ledger.second, key: ledger.rotatedKey, user: "user-2"))
        if round > 0 { _ = try await store.settle(ledger.settlement(of: RecordID(bits: 0x200 + round - 1))) }
        try await Self.expectSound(store)
      }
      #expect(Set(logs).count == 3)
      // Held in the second log, settled in the third, credited in the fourth.
      let first = RecordID(bits: 0x200)
      _ = try await store.credit(
        CreditRequest(team: ledger.team, record: first, amount: Credits(1), creditedBefore: .zero), by: Self.by)
      _ = try await store.settle(ledger.settlement(of: ledger.held))
      _ = try await store.settle(ledger.settlement(of: ledger.inDoubt))
      let record = try #require(try await store.record(first, of: ledger.team))
      let position = try #require(try await store.recordPosition(of: record))
      #expect(position.log == logs[2])
      #expect(position.index == 2)
      try await Self.expectSound(store)
    }
  }

  @Test func aKeyIsAnnouncedAgainInTheNewLog() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let announced = Note.keyAnnounced(LogKeyAnnounced(use: .receipt, vkey: "tally.local+1+AQ=="))
      let old = try await store.note(announced, id: NoteID(bits: 3), of: ledger.team, by: nil)
      #expect(try await store.note(announced, id: NoteID(bits: 3), of: ledger.team, by: nil) == old)
      try await Self.halt(ledger, database)
      _ = try await store.recoverLog(of: ledger.team, known: nil, by: Self.by)
      for _ in 0..<2 {
        #expect(try await store.note(announced, id: NoteID(bits: 3), of: ledger.team, by: nil) == 1)
      }
      try await Self.expectSound(store)
    }
  }

  @Test func erasingReachesIntoTheOldLog() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      for record in [ledger.held, ledger.inDoubt] {
        _ = try await store.release(ReleaseRequest(team: ledger.team, record: record, cause: .upstreamRefused))
      }
      try await Self.halt(ledger, database)
      _ = try await store.recoverLog(of: ledger.team, known: nil, by: Self.by)
      let new = RecordID(bits: 0x300)
      _ = try await store.hold(ledger.request(new, n: 2))
      _ = try await store.settle(ledger.settlement(of: new, results: 2))
      let report = try await store.erase(member: "user-1", of: ledger.team, by: Self.by) { _ in
      } pause: { _ in
      }
      #expect(report.erasure.index == 3)
      let left = try await database.texts(
        "SELECT index::text FROM tally.log_private WHERE position('user-1'::bytea IN payload) > 0")
      #expect(left == [])
      #expect(try await store.record(ledger.settled, of: ledger.team)?.promptObject == "{}")
      #expect(try await store.record(new, of: ledger.team)?.promptObject == "{}")
      try await Self.expectSound(store)
    }
  }

  @Test func aMonthThatWasClosedInTheOldLogStaysClosed() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      try await database.ageTeams(days: 70)
      let month = try await Self.lastMonth(database)
      let closed = try await store.closePeriod(team: ledger.team, month: month)
      let size = try await store.team(ledger.team).logSize
      try await Self.halt(ledger, database)
      _ = try await store.recoverLog(of: ledger.team, known: nil, by: Self.by)
      let again = try await store.closePeriod(team: ledger.team, month: month)
      #expect(again.book == closed.book)
      #expect(again.index == closed.index - size)
      #expect(try await store.team(ledger.team).logSize == 1)
      try await Self.expectSound(store)
    }
  }

  private static func lastMonth(_ database: LedgerDatabase) async throws -> CalendarMonth {
    let text = try await database.texts("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint::text")
    let now = Timestamp(microseconds: try #require(text.first.flatMap(\.self).flatMap(Int64.init)))
    let running = PeriodBounds.utcMonth(containing: now)
    let last = PeriodBounds.utcMonth(containing: Timestamp(microseconds: running.start.microseconds - 1))
    return try #require(CalendarMonth(last))
  }

  @Test func onlyAHaltedLogIsRecoveredAndOnlyOnce() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let size = try await store.team(ledger.team).logSize
      let error = await #expect(throws: StoreError.self) {
        try await store.recoverLog(of: ledger.team, known: nil, by: Self.by)
      }
      guard case .conflict(let text) = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(text.contains("is not halted"))
      #expect(try await store.team(ledger.team).logSize == size)
      try await Self.halt(ledger, database)
      async let first = try? store.recoverLog(of: ledger.team, known: nil, by: Self.by)
      async let second = try? store.recoverLog(of: ledger.team, known: nil, by: Self.by)
      let both = await [first, second].compactMap(\.self)
      #expect(Set(both.map(\.log)).count == 1)
      #expect(try await store.team(ledger.team).logSize == 1)
      #expect(try await database.texts("SELECT count(*)::text FROM tally.replaced_log") == ["1"])
    }
  }

  @Test func booksThatDoNotBalanceAreNotTakenOver() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      try await Self.halt(ledger, database)
      try await database.execute("UPDATE tally.budget SET held = held + 1 WHERE scope = 'member'")
      let error = await #expect(throws: StoreError.self) {
        try await store.recoverLog(of: ledger.team, known: nil, by: Self.by)
      }
      guard case .conflict(let text) = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(text.contains("do not balance"))
      #expect(try await store.team(ledger.team).isHalted)
    }
  }

  @Test(arguments: [
    "UPDATE tally.replaced_log SET book = 'x'",
    "UPDATE tally.budget SET used = used + 1 WHERE scope = 'key'",
    "UPDATE tally.record SET charged = charged + 1, held = held + 1 WHERE state = 'settled' AND credited = 0",
    "UPDATE tally.record SET credited = credited + 1 WHERE credited > 0",
    "DELETE FROM tally.log_line WHERE index = (SELECT log_base FROM tally.team LIMIT 1)",
  ])
  func damageAfterARecoveryIsFound(sql: String) async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      try await Self.halt(ledger, database)
      _ = try await store.recoverLog(of: ledger.team, known: nil, by: Self.by)
      _ = try await store.settle(ledger.settlement(of: ledger.held))
      _ = try await store.credit(
        CreditRequest(team: ledger.team, record: ledger.credited, amount: Credits(500), creditedBefore: Credits(6_000)),
        by: Self.by)
      try await Self.expectSound(store)
      try await database.execute(sql)
      #expect(try await store.check().violations != [])
    }
  }
}
