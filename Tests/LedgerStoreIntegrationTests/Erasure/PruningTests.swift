import Ledger
import LedgerStore
import Postgres
import Synchronization
import TallyTesting
import Testing
import TransparencyLog

@Suite struct PruningTests {
  private static let by = Administrator(name: "test", reason: "kept long enough")

  /// A ledger whose last month is closed at a line in its midst.
  private struct Closed {
    let ledger: SmallLedger
    let period: ClosedPeriod
    /// The month that runs: everything before it may go.
    let running: CalendarMonth
  }

  /// Edits are open over the months that a test jumps over.
  private static let heldAtMost = Duration.seconds(200 * 86_400)

  /// Lets the month end, and closes it before anything else happens.
  private static func close(
    _ ledger: SmallLedger, _ store: LedgerStore, _ clock: ShiftedClock, _ database: LedgerDatabase
  ) async throws -> Closed {
    try await clock.advanceToNextMonth(in: database)
    return try await closeLast(ledger, store, clock)
  }

  private static func closeLast(
    _ ledger: SmallLedger, _ store: LedgerStore, _ clock: ShiftedClock
  ) async throws -> Closed {
    let bounds = PeriodBounds.utcMonth(containing: clock.now)
    let last = PeriodBounds.utcMonth(containing: Timestamp(microseconds: bounds.start.microseconds - 1))
    let period = try await store.closePeriod(team: ledger.team, month: try #require(CalendarMonth(last)))
    return Closed(ledger: ledger, period: period, running: try #require(CalendarMonth(bounds)))
  }

  private static func linesKept(below index: Int64, in database: LedgerDatabase) async throws -> [String?] {
    try await database.texts(
      "SELECT index::text FROM tally.log_line WHERE index < \(index) AND line <> '' ORDER BY index")
  }

  /// What goes on after a pruning, with edits that were held, charged and released by pruned lines.
  private static func goOn(_ ledger: SmallLedger, _ store: LedgerStore) async throws {
    _ = try await store.settle(ledger.settlement(of: ledger.held))
    _ = try await store.settle(
      SettleRequest(
        team: ledger.team, record: ledger.inDoubt, upstreamUUID: nil, resultKeys: [], temporaryURL: nil, assumed: true))
    var proof = ledger.settlement(of: ledger.inDoubt)
    proof.upstreamCredit = Credits(12_361)
    _ = try await store.settle(proof)
    // Charged and released before the cut.
    for (record, before) in [(ledger.credited, 6_000), (ledger.credited, 6_500), (ledger.held, 0)] {
      _ = try await store.credit(
        CreditRequest(
          team: ledger.team, record: record, amount: Credits(500), creditedBefore: Credits(Int64(before))), by: by)
    }
    _ = try await store.settle(ledger.settlement(of: ledger.released))
    let another = RecordID(bits: 0xDD)
    _ = try await store.hold(
      ledger.request(another, member: ledger.second, key: ledger.rotatedKey, user: "user-2"))
    _ = try await store.settle(ledger.settlement(of: another))
  }

  @Test func prunedLinesKeepTheTreeAndTheBooks() async throws {
    try await withShiftedStore { store, database, clock in
      let ledger = try await SmallLedger.make(in: store)
      let closed = try await Self.close(ledger, store, clock, database)
      let cut = closed.period.index
      var leaves: [Digest] = []
      for index in 0...cut { leaves.append(try #require(try await store.loggedLine(of: ledger.team, at: index)).leaf) }
      let report = try await store.prune(before: closed.running, of: ledger.team, by: Self.by)
      #expect(report.erasure?.target == .lines(before: cut))
      #expect(try await store.firstKeptLine(of: ledger.team) == cut)
      // The line of the refusal, from which a retry is answered, and no other.
      let refused = try #require(try await store.record(ledger.refused, of: ledger.team)).holdIndex
      #expect(try await Self.linesKept(below: cut, in: database) == ["\(refused)"])
      #expect(try await database.texts("SELECT count(*)::text FROM tally.log_private WHERE index < \(cut)") == ["0"])
      #expect(report.erasure?.counted == cut - 1 + cut)
      try await expectSound(store, heldAtMost: Self.heldAtMost)
      try await Self.goOn(ledger, store)
      for windowLines in [1, 2, 7, 5_000] as [Int64] {
        let found = try await store.check(heldAtMost: Self.heldAtMost, windowLines: windowLines)
        #expect(found.violations == [], "windows of \(windowLines)")
        #expect(found.variances.map(\.record) == [ledger.released])
      }
      // Receipts that were given out before still lead to the head.
      let state = try await store.logState(of: ledger.team)
      for (index, leaf) in leaves.enumerated() {
        let rows = try await store.treeRows(
          of: ledger.team, try InclusionProof.plan(index: Int64(index), size: state.size).rows)
        try InclusionProof(index: Int64(index), size: state.size, from: rows.hash)
          .verify(leaf: leaf, root: state.peaks.root)
      }
    }
  }

  @Test func whatIsLeftReplaysFromTheBookThatWasKept() async throws {
    try await withShiftedStore { store, database, clock in
      let ledger = try await SmallLedger.make(in: store)
      let closed = try await Self.close(ledger, store, clock, database)
      _ = try await store.prune(before: closed.running, of: ledger.team, by: Self.by)
      try await Self.goOn(ledger, store)
      var book = try BookText.read(try await store.bookText(of: closed.period, team: ledger.team))
      let size = try await store.logState(of: ledger.team).size
      try await store.readLines(LogRange(team: ledger.team, from: closed.period.index, to: size)) { chunk in
        try chunk.forEachLine { _, line in _ = try book.replay(Array(line)) }
      }
      let budgets = try await database.texts("SELECT sum(used)::text FROM tally.budget WHERE scope = 'team'")
      #expect(budgets == ["\(book.budgets.values.filter { $0.id.scope == .team }.reduce(0) { $0 + $1.used.value })"])
      let error = await #expect(throws: StoreError.self) {
        try await store.readLines(LogRange(team: ledger.team, from: 0, to: size)) { _ in }
      }
      #expect(error?.description.contains("\(closed.period.index)") == true)
    }
  }

  @Test(arguments: [
    ("UPDATE tally.record SET charged = charged - 1 WHERE state = 'settled' AND record_id = '%D1'", "used is"),
    ("UPDATE tally.budget SET used = used + 1 WHERE scope = 'member'", "used is"),
    ("UPDATE tally.log_line SET leaf = sha256('') WHERE index = 3", "nodes"),
    ("UPDATE tally.closed_period SET book_text = NULL", "the book is not there"),
    ("INSERT INTO tally.log_private SELECT team_id, 2, salt, payload FROM tally.log_private LIMIT 1", "pruned"),
    ("UPDATE tally.record SET hold_index = 900 WHERE state = 'held'", "hold_index"),
    ("DELETE FROM tally.erasure", "the row of line"),
    ("UPDATE tally.erasure SET counted = counted + 1", "does not tell"),
    ("UPDATE tally.team SET pruned_before = 0", "log_line 0"),
  ])
  func damageIsFoundAfterAPruningToo(sql: String, says: String) async throws {
    try await withShiftedStore { store, database, clock in
      let ledger = try await SmallLedger.make(in: store)
      let closed = try await Self.close(ledger, store, clock, database)
      _ = try await store.prune(before: closed.running, of: ledger.team, by: Self.by)
      try await database.execute(sql.replacing("%D1", with: "\(ledger.settled)"))
      let violations = try await store.check().violations
      #expect(violations.contains { $0.description.contains(says) }, "\(violations)")
    }
  }

  @Test func aRefusalIsAnsweredAgainUntilItsKeyMayBeForgotten() async throws {
    try await withShiftedStore { store, database, clock in
      let ledger = try await SmallLedger.make(in: store)
      let closed = try await Self.close(ledger, store, clock, database)
      _ = try await store.prune(before: closed.running, of: ledger.team, by: Self.by)
      let retry = ledger.request(RecordID(bits: 0xDE), n: 10, idempotencyKey: #"a "refused" \ one"#)
      guard case .repeated(let edit) = try await store.hold(retry) else {
        Issue.record("it was decided again")
        return
      }
      #expect(edit.record == ledger.refused && edit.refused != nil)
      // Once keys may be forgotten a later call takes the line, and the retry is a new edit.
      try await database.execute("UPDATE tally.record SET created_at = created_at - interval '31 days'")
      _ = try await store.prune(before: closed.running, of: ledger.team, by: Self.by)
      #expect(try await Self.linesKept(below: closed.period.index, in: database) == [])
      guard case .refused(let refused) = try await store.hold(retry) else {
        Issue.record("it was answered from a line that is gone")
        return
      }
      #expect(refused.record == RecordID(bits: 0xDE))
    }
  }

  /// Lines of a window, and rows of a transaction.
  @Test(arguments: [(1, 1), (3, 2), (5_000, 1)] as [(Int64, Int)])
  func aPruningInSmallPiecesTakesTheSame(windowLines: Int64, rows: Int) async throws {
    var pieces = TakenAtOnce()
    pieces.windowLines = windowLines
    pieces.erasedRows = rows
    try await withShiftedStore(takingAtOnce: pieces) { store, database, clock in
      let ledger = try await SmallLedger.make(in: store)
      let closed = try await Self.close(ledger, store, clock, database)
      let cut = closed.period.index
      let seen = Progress()
      let transactions = Mutex(0)
      let report = try await store.prune(before: closed.running, of: ledger.team, by: Self.by) { progress in
        seen.note(progress)
      } pause: { _ in
        transactions.withLock { $0 += 1 }
      }
      let refused = try #require(try await store.record(ledger.refused, of: ledger.team)).holdIndex
      #expect(try await Self.linesKept(below: cut, in: database) == ["\(refused)"])
      #expect(try await database.texts("SELECT count(*)::text FROM tally.log_private WHERE index < \(cut)") == ["0"])
      #expect(report.erasure?.counted == cut - 1 + cut && report.firstLine == cut)
      #expect(seen.all.count == (Int(cut) + Int(windowLines) - 1) / Int(windowLines))
      // Each line has a payload, which goes with it.
      #expect(transactions.withLock { $0 } >= Int(cut) / rows)
      try await expectSound(store, heldAtMost: Self.heldAtMost)
    }
  }

  @Test func pruningNeedsAClosedMonthWithItsBookAndNoLegalHold() async throws {
    try await withShiftedStore { store, database, clock in
      let ledger = try await SmallLedger.make(in: store)
      func expectConflict(_ month: CalendarMonth, _ word: String) async throws {
        let error = await #expect(throws: StoreError.self) {
          _ = try await store.prune(before: month, of: ledger.team, by: Self.by)
        }
        #expect(error?.description.contains(word) == true, "\(String(describing: error))")
      }
      try await expectConflict(
        try #require(CalendarMonth(PeriodBounds.utcMonth(containing: clock.now))), "tally period list")
      let closed = try await Self.close(ledger, store, clock, database)
      let running = closed.running
      // Nothing before the closed month itself is closed.
      try await expectConflict(try #require(CalendarMonth(closed.period.month)), "tally period list")
      try await store.changeLegalHold(of: ledger.team, isOn: true, by: Self.by)
      try await expectConflict(running, "legal hold")
      try await store.changeLegalHold(of: ledger.team, isOn: false, by: Self.by)
      try await database.execute("UPDATE tally.closed_period SET book_text = NULL")
      try await expectConflict(running, "book was kept")
      #expect(try await database.texts("SELECT count(*)::text FROM tally.log_line WHERE line = ''") == ["0"])
      #expect(try await store.firstKeptLine(of: ledger.team) == 0)
    }
  }

  /// Where edits came between a month's end and its closing: they are of the month that is to be kept whole.
  @Test func noLineOfTheMonthThatIsNamedGoesHoweverLateItWasClosed() async throws {
    try await withShiftedStore { store, database, clock in
      let ledger = try await SmallLedger.make(in: store)
      let first = try await Self.close(ledger, store, clock, database)
      try await clock.advanceToNextMonth(in: database)
      let running = try #require(CalendarMonth(PeriodBounds.utcMonth(containing: clock.now)))
      let kept = try await store.team(ledger.team).logSize
      _ = try await store.hold(
        ledger.request(RecordID(bits: 0xE5), member: ledger.second, key: ledger.rotatedKey, user: "user-2"))
      let late = try await Self.closeLast(ledger, store, clock)
      #expect(late.running == running && late.period.index == kept + 1)
      let report = try await store.prune(before: running, of: ledger.team, by: Self.by)
      // The closing of the month before that one: the late one stands behind lines of the running month.
      #expect(report.erasure?.target == .lines(before: first.period.index))
      let left = try await Self.linesKept(below: kept + 2, in: database)
      #expect(left.suffix(Int(kept + 2 - first.period.index)) == (first.period.index..<kept + 2).map { "\($0)" })
      try await expectSound(store, heldAtMost: Self.heldAtMost)
      // A month later the late closing stands before every line of the month that is named.
      let next = try await Self.close(ledger, store, clock, database)
      let more = try await store.prune(before: next.running, of: ledger.team, by: Self.by)
      #expect(more.erasure?.target == .lines(before: next.period.index))
      try await expectSound(store, heldAtMost: Self.heldAtMost)
    }
  }

  /// A cron job that runs each night, and one that names a month of before.
  @Test func aPruningThatTakesNothingIsNotToldOf() async throws {
    try await withShiftedStore { store, database, clock in
      let ledger = try await SmallLedger.make(in: store)
      let first = try await Self.close(ledger, store, clock, database)
      let second = try await Self.close(ledger, store, clock, database)
      // Its key may be forgotten by then, so that no line of a refusal is left for later.
      try await database.execute(
        "UPDATE tally.record SET created_at = created_at - interval '31 days' WHERE state = 'refused'")
      let done = try await store.prune(before: second.running, of: ledger.team, by: Self.by)
      let cut = second.period.index
      #expect(done.erasure?.target == .lines(before: cut) && done.firstLine == cut)
      let size = try await store.team(ledger.team).logSize
      for month in [second.running, second.running, first.running] {
        let again = try await store.prune(before: month, of: ledger.team, by: Self.by)
        #expect(again == PruningReport(firstLine: cut), "\(month.text)")
      }
      #expect(try await store.team(ledger.team).logSize == size)
      #expect(try await store.erasures(of: ledger.team).count == 1)
      // What came back, as from a backup of the table of payloads, is taken and told of; the log begins where it did.
      try await database.execute(
        "INSERT INTO tally.log_private SELECT team_id, 2, salt, payload FROM tally.log_private LIMIT 1")
      let more = try await store.prune(before: first.running, of: ledger.team, by: Self.by)
      #expect(more.erasure?.counted == 1 && more.firstLine == cut)
      #expect(try await store.team(ledger.team).logSize == size + 1)
    }
  }

  @Test func aMonthThatHasNotBegunIsNoBound() async throws {
    try await withShiftedStore { store, database, clock in
      let ledger = try await SmallLedger.make(in: store)
      let closed = try await Self.close(ledger, store, clock, database)
      let end = try #require(PeriodBounds.utcMonth(containing: clock.now).end)
      let future = try #require(CalendarMonth(PeriodBounds.utcMonth(containing: end)))
      let error = await #expect(throws: StoreError.self) {
        _ = try await store.prune(before: future, of: ledger.team, by: Self.by)
      }
      #expect(error?.description.contains("has not begun") == true, "\(String(describing: error))")
      #expect(try await store.team(ledger.team).logSize == closed.period.index + 1)
      #expect(try await store.firstKeptLine(of: ledger.team) == 0)
    }
  }

  @Test func aPruningThatWasCutOffGoesOnUnderItsID() async throws {
    struct Cut: Error {}
    try await withShiftedStore { store, database, clock in
      let ledger = try await SmallLedger.make(in: store)
      let closed = try await Self.close(ledger, store, clock, database)
      await #expect(throws: StoreError.self) {
        _ = try await store.prune(before: closed.running, of: ledger.team, by: Self.by) { _ in
        } pause: { _ in
          throw Cut()
        }
      }
      try await expectSound(store, heldAtMost: Self.heldAtMost)
      let cut = try #require(try await store.erasures(of: ledger.team).first)
      let report = try await store.prune(before: closed.running, of: ledger.team, by: Self.by)
      #expect(report.erasure?.id == cut.id)
      #expect(report.erasure?.counted == closed.period.index * 2 - 1)
      try await expectSound(store, heldAtMost: Self.heldAtMost)
    }
  }

  @Test func membersCanBeErasedWhoseLinesArePruned() async throws {
    try await withShiftedStore { store, database, clock in
      let fixture = try await ErasureFixture.make(in: store, database)
      try await fixture.resolveOpen(in: store)
      let closed = try await Self.close(fixture.ledger, store, clock, database)
      _ = try await store.prune(before: closed.running, of: fixture.ledger.team, by: Self.by)
      #expect(try await ErasureFixture.tablesWithTheWord(in: database) == ["alert", "asset", "member", "record"])
      _ = try await store.erase(member: ErasureFixture.word, of: fixture.ledger.team, by: Self.by)
      let left = try await ErasureFixture.tablesWithTheWord(in: database)
      #expect(left == [])
      try await expectSound(store, heldAtMost: Self.heldAtMost)
    }
  }
}
