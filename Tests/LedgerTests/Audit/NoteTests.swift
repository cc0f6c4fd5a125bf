import Ledger
import Testing

/// Notes, legal holds and recoveries change no budget and hinder no edit.
struct NoteTests {
  private static let hour = Timestamp(canonical: "2026-11-23T11:00:00.000000Z")!

  private static let notes: [Note] = [
    .erased(PrivateErased(erasure: NoteID(bits: 1), target: .member(.ada), counted: 3)),
    .erased(PrivateErased(erasure: NoteID(bits: 2), target: .records([.one, .two]), counted: 0)),
    .erased(PrivateErased(erasure: NoteID(bits: 3), target: .lines(before: 3), counted: 1)),
    .exported(ExportCreated(export: NoteID(bits: 4), from: 0, to: 3, filters: nil, withPrivate: true)),
    .exported(
      ExportCreated(export: NoteID(bits: 4), oldLog: "old/log", from: 7, to: 99, filters: nil, withPrivate: false)),
    .reportRead(ReportRead(report: "costs", hour: hour)),
    .keyAnnounced(LogKeyAnnounced(use: .receipt, vkey: "tally.local+1+AQ==")),
    .keyRotated(LogKeyRotated(use: .checkpoint, old: "a", new: "b")),
    .alertChanged(alert(nil, [50, 100])),
    .alertChanged(alert([50], nil)),
    .alertDelivered(delivery()),
    .retentionChanged(RetentionChanged(old: nil, new: 400)),
    .usageRemoved(UsageRemoved(removal: NoteID(bits: 5), before: hour, records: 1, buckets: 0)),
    .usageRebuilt(
      UsageRebuilt(rebuild: NoteID(bits: 6), start: hour, end: hour.adding(seconds: 1), changed: 0)),
  ]

  private static func alert(_ old: [Int64]?, _ new: [Int64]?) -> AlertChanged {
    AlertChanged(alert: NoteID(bits: 7), scope: .team, subject: TestTeam.teamID.bits, old: old, new: new)
  }

  private static func delivery(
    threshold: Int64? = 80, attempts: Int64 = 1, status: Int64? = 200
  ) -> AlertDelivered {
    AlertDelivered(
      alert: NoteID(bits: 7), message: NoteID(bits: 8), scope: .member, subject: MemberID.ada.bits, periodStart: hour,
      threshold: threshold, attempts: attempts, status: status, isDelivered: true)
  }

  @Test(arguments: notes)
  func aNoteIsALineAndChangesNothing(note: Note) throws {
    var team = try TestTeam(memberLimit: 100_000)
    try team.hold(.one)
    let before = team.book
    #expect(try team.run(.note(note)) == .noted)
    let (_, event) = try Line.parse(try #require(team.lines.last))
    #expect(event == note.event)
    #expect(event.changedBudgets.isEmpty)
    var expected = before
    expected.logSize += 1
    #expect(team.book == expected)
  }

  @Test(
    arguments: [
      ("counted", .erased(PrivateErased(erasure: NoteID(bits: 1), target: .lines(before: 0), counted: -1))),
      ("records", .erased(PrivateErased(erasure: NoteID(bits: 1), target: .records([]), counted: 1))),
      ("records", .erased(PrivateErased(erasure: NoteID(bits: 1), target: .records([.two, .one]), counted: 1))),
      (
        "records",
        .erased(
          PrivateErased(erasure: NoteID(bits: 1), target: .records((0...1_000).map { RecordID(bits: $0) }), counted: 1))
      ),
      ("before", .erased(PrivateErased(erasure: NoteID(bits: 1), target: .lines(before: 4), counted: 1))),
      ("from", .exported(ExportCreated(export: NoteID(bits: 1), from: 2, to: 1, filters: nil, withPrivate: false))),
      ("to", .exported(ExportCreated(export: NoteID(bits: 1), from: 2, to: 4, filters: nil, withPrivate: false))),
      (
        "oldLog",
        .exported(
          ExportCreated(export: NoteID(bits: 1), oldLog: "a b", from: 2, to: 4, filters: nil, withPrivate: false))
      ),
      ("report", .reportRead(ReportRead(report: "of Ada", hour: hour))),
      ("hour", .reportRead(ReportRead(report: "costs", hour: hour.adding(seconds: 1)))),
      ("hour", .reportRead(ReportRead(report: "costs", hour: hour.adding(seconds: 7_200)))),
      ("vkey", .keyAnnounced(LogKeyAnnounced(use: .receipt, vkey: "a b"))),
      ("old", .keyRotated(LogKeyRotated(use: .receipt, old: "", new: "b"))),
      ("new", .keyRotated(LogKeyRotated(use: .receipt, old: "b", new: "b"))),
      ("new", .alertChanged(alert([50], [50]))),
      ("new", .alertChanged(alert(nil, []))),
      ("new", .alertChanged(alert(nil, [80, 50]))),
      ("new", .alertChanged(alert(nil, [0]))),
      ("old", .alertChanged(alert([1_001], nil))),
      ("threshold", .alertDelivered(delivery(threshold: 0))),
      ("attempts", .alertDelivered(delivery(attempts: 0))),
      ("status", .alertDelivered(delivery(status: 20))),
      ("new", .retentionChanged(RetentionChanged(old: 1, new: 1))),
      ("new", .retentionChanged(RetentionChanged(old: 1, new: 0))),
      (
        "before",
        .usageRemoved(
          UsageRemoved(removal: NoteID(bits: 5), before: hour.adding(seconds: 864_000), records: 1, buckets: 0))
      ),
      ("records", .usageRemoved(UsageRemoved(removal: NoteID(bits: 5), before: hour, records: -1, buckets: 0))),
      ("end", .usageRebuilt(UsageRebuilt(rebuild: NoteID(bits: 6), start: hour, end: hour, changed: 0))),
    ] as [(String, Note)])
  func aNoteOutOfItsBoundsIsRefused(field: String, note: Note) throws {
    var team = try TestTeam()
    #expect(throws: LedgerError.invalid(field: field)) { try team.run(.note(note)) }
    #expect(throws: LedgerError.invalid(field: field)) { try team.book.apply(note.event, at: team.now) }
  }

  /// The field is there only where it says something: lines of this log's own exports are the bytes that they were.
  @Test func onlyAnOldLogsExportNamesALog() throws {
    let header = LineHeader(log: "tally.local/b", index: 3, at: Self.hour, actor: .system, private: .zero)
    func line(_ old: String?) -> String {
      let event = ExportCreated(
        export: NoteID(bits: 4), oldLog: old, from: 0, to: 3, filters: nil, withPrivate: true)
      return String(decoding: Line.write(.exportCreated(event), header), as: UTF8.self)
    }
    func named(_ value: String) -> String {
      line(nil).replacing(#","private":"#, with: #","oldLog":\#(value),"private":"#)
    }
    #expect(line("tally.local/a") == named(#""tally.local/a""#))
    #expect(!line(nil).contains("oldLog"))
    #expect(throws: LineError.self) { try Line.parse(Array(named("null").utf8)) }
  }

  @Test func theLongestNoteFitsALine() throws {
    var team = try TestTeam()
    let records = (0..<UInt128(PrivateErased.recordsMaximum)).map { RecordID(bits: $0) }
    try team.run(.note(.erased(PrivateErased(erasure: NoteID(bits: 1), target: .records(records), counted: 1))))
    let line = try #require(team.lines.last)
    #expect(line.count <= Line.byteCountMaximum)
    #expect(try Line.parse(line).1.action == .privateErased)
  }

  @Test func anErasureOfAStrangerIsRefused() throws {
    var team = try TestTeam()
    let note = Note.erased(PrivateErased(erasure: NoteID(bits: 1), target: .member(.bob), counted: 3))
    #expect(throws: LedgerError.unknownMember(.bob)) { try team.run(.note(note)) }
  }

  @Test func aLegalHoldIsPlacedAndLiftedAndHindersNoEdit() throws {
    var team = try TestTeam()
    #expect(try team.run(.changeLegalHold(ChangeLegalHoldCommand(isOn: false))) == .unchanged)
    try team.run(.changeLegalHold(ChangeLegalHoldCommand(isOn: true)))
    #expect(team.book.team.isOnLegalHold)
    let size = team.book.logSize
    #expect(try team.run(.changeLegalHold(ChangeLegalHoldCommand(isOn: true))) == .unchanged)
    #expect(team.book.logSize == size)
    #expect(throws: LedgerError.contradiction(Contradiction(.team, "legalHold"))) {
      try team.book.apply(.legalHoldPlaced(LegalHoldPlaced()), at: team.now)
    }
    #expect(try team.hold(.one).isHeld)
    try team.settle(.one)
    // The team is still the one that was created.
    #expect(try team.run(.createTeam(CreateTeamCommand())) == .teamCreated(team.book.team))
    try team.run(.changeLegalHold(ChangeLegalHoldCommand(isOn: false)))
    #expect(!team.book.team.isOnLegalHold)
    #expect(try TeamBook.replay(lines: team.lines) == team.book)
  }
}

struct RecoveryTests {
  private func recovered() throws -> (old: TestTeam, new: TestTeam) {
    var old = try TestTeam(memberLimit: 100_000)
    try old.hold(.one)
    try old.hold(.two)
    try old.settle(.one)
    old.book.team.isHalted = true
    var new = old
    new.book = old.book.recovered(as: "tally.local/2")
    new.lines = []
    return (old, new)
  }

  @Test func aLogTakesTheBooksOverAndGoesOn() throws {
    var (old, new) = try recovered()
    let text = BookText.write(new.book)
    #expect(try new.run(.recoverLog(RecoverLogCommand(oldLog: old.book.origin))) == .noted)
    #expect(new.book.logSize == 1)
    #expect(new.book.budgets == old.book.budgets)
    // What was open in the old log and what was resolved there go on.
    try new.settle(.two)
    var credited = old
    credited.book.team.isHalted = false
    let credit = CreditCommand(record: .one, amount: Credits(3_000))
    guard case .credited(var event) = try credited.book.decide(.credit(credit), credited.context()).events[0] else {
      return
    }
    for index in event.budgets.indices {
      let row = try #require(new.book.budgets[event.budgets[index].id])
      (event.budgets[index].usedBefore, event.budgets[index].usedAfter) = (row.used, row.used - credit.amount)
      (event.budgets[index].heldBefore, event.budgets[index].heldAfter) = (row.held, row.held)
    }
    let header = LineHeader(nextOf: new.book, new.context())
    new.lines.append(Line.write(.credited(event), header))
    try new.book.apply(.credited(event), header)
    try new.hold(.three)
    #expect(new.book.checkInvariants() == [])
    var replayed = try BookText.read(text)
    for line in new.lines { try replayed.replay(line) }
    #expect(BookText.write(replayed) == BookText.write(new.book))
  }

  @Test func itsFirstLineSaysWhatItBeginsWith() throws {
    let (old, new) = try recovered()
    let command = RecoverLogCommand(oldLog: old.book.origin, knownSize: 9, knownRoot: .zero)
    guard case .logRecovered(let event) = try new.book.decide(.recoverLog(command), new.context()).events[0] else {
      return
    }
    #expect(event.oldSize == old.book.logSize)
    #expect(event.book == BookText.digest(of: new.book))
    let changes: [(LedgerError, (inout LogRecovered) -> Void)] = [
      (.contradiction(Contradiction(.team, "oldSize")), { $0.oldSize -= 1 }),
      (.contradiction(Contradiction(.team, "book")), { $0.book = .zero }),
      (.invalid(field: "oldLog"), { $0.oldLog = new.book.origin }),
      (.invalid(field: "knownRoot"), { $0.knownRoot = nil }),
      (.invalid(field: "knownSize"), { $0.knownSize = -1 }),
    ]
    for (error, change) in changes {
      var (changed, book) = (event, new.book)
      change(&changed)
      #expect(throws: error) { try book.apply(.logRecovered(changed), at: new.now) }
    }
  }

  @Test func linesOfEarlierLogsAreCountedOn() throws {
    let (old, first) = try recovered()
    #expect(first.book.forgottenBefore == old.book.logSize)
    var second = first
    try second.run(.recoverLog(RecoverLogCommand(oldLog: old.book.origin)))
    try second.settle(.two)
    second.book = second.book.recovered(as: "tally.local/3")
    #expect(second.book.forgottenBefore == old.book.logSize + 2)
    #expect(try BookText.read(BookText.write(second.book)).forgottenBefore == old.book.logSize + 2)
  }

  @Test func aLogIsNotRecoveredInItsMiddle() throws {
    var (old, _) = try recovered()
    old.book.team.isHalted = false
    #expect(throws: LedgerError.alreadyExists(id: TestTeam.teamID.bits)) {
      try old.run(.recoverLog(RecoverLogCommand(oldLog: "x")))
    }
  }
}
