import Ledger
import Testing

/// What concerns all teams stands in the operator's log and in no team's.
struct OperatorLogTests {
  private static let price = PriceChanged(
    priceVersion: 2, model: "m", quality: "low", size: "1x1", from: TestTeam.start, old: Credits(3), new: nil)
  private static let heads = HeadsCovered(count: 3, root: .zero)

  private static func opened() throws -> TestTeam {
    var log = TestTeam.operators
    try log.run(.createTeam(CreateTeamCommand()))
    return log
  }

  @Test(arguments: [Note.priceChanged(price), .headsCovered(heads)])
  func itsLinesReplayToABookThatHoldsNothing(note: Note) throws {
    var log = try Self.opened()
    let before = log.book
    #expect(try log.run(.note(note)) == .noted)
    var expected = before
    expected.logSize += 1
    #expect(log.book == expected)
    #expect(try TeamBook.replay(lines: log.lines) == log.book)
    #expect(log.book.checkInvariants() == [])
    #expect(try BookText.read(BookText.write(log.book)).isOperators)
  }

  @Test(arguments: [Note.priceChanged(price), .headsCovered(heads)])
  func noTeamsLogTakesThem(note: Note) throws {
    let team = try TestTeam(memberLimit: 100_000)
    let error = LedgerError.contradiction(Contradiction(.team, "team"))
    #expect(throws: error) { try team.book.decide(.note(note), team.context()) }
    var book = team.book
    #expect(throws: error) { try book.apply(note.event, at: team.now) }
  }

  @Test func whatIsOutOfBoundsIsRefused() throws {
    let log = try Self.opened()
    let changes: [(String, Note)] = [
      ("model", .priceChanged(changed { $0.model = "a b" })), ("quality", .priceChanged(changed { $0.quality = "" })),
      ("size", .priceChanged(changed { $0.size = "\"" })), ("new", .priceChanged(changed { $0.new = .zero })),
      ("old", .priceChanged(changed { $0.old = Credits(-1) })),
      ("priceVersion", .priceChanged(changed { $0.priceVersion = 0 })),
      ("from", .priceChanged(changed { $0.from = Timestamp(microseconds: -1) })),
      ("count", .headsCovered(HeadsCovered(count: -1, root: .zero))),
    ]
    for (field, note) in changes {
      #expect(throws: LedgerError.invalid(field: field)) { try log.book.decide(.note(note), log.context()) }
    }
  }

  private func changed(_ change: (inout PriceChanged) -> Void) -> PriceChanged {
    var price = Self.price
    change(&price)
    return price
  }

  @Test func itIsRecoveredLikeAnyOther() throws {
    var old = try Self.opened()
    try old.run(.note(.headsCovered(Self.heads)))
    var new = TestTeam.operators
    new.book = old.book.recovered(as: "tally.local/operator/2")
    let opening = BookText.write(new.book)
    #expect(try new.run(.recoverLog(RecoverLogCommand(oldLog: old.book.origin))) == .noted)
    try new.run(.note(.priceChanged(Self.price)))
    var book = try BookText.read(opening)
    for line in new.lines { try book.replay(line) }
    #expect(BookText.write(book) == BookText.write(new.book))
  }
}
