import Ledger
import Testing

/// What concerns all teams stands in the operator's log and in no team's.
struct OperatorLogTests {
  private static let price = PriceChanged(
    priceVersion: 2, model: "m", quality: "low", size: "1x1", from: TestTeam.start, old: Credits(3), new: nil)
  private static let heads = HeadsCovered(count: 3, root: .zero)

  private static let retired = LogKeyRetired(use: .checkpoint, vkey: "tally.local+1+AQ==")
  private static let recovered = SignerRecovered(
    lost: SignerStateID(bits: 1), state: SignerStateID(bits: 2), count: 3, root: .zero, brought: 1, notExtending: 3)
  private static let notes: [Note] = [
    .priceChanged(price), .headsCovered(heads), .keyRetired(retired), .signerRecovered(recovered),
  ]

  private static func opened() throws -> TestTeam {
    var log = TestTeam.operators
    try log.run(.createTeam(CreateTeamCommand()))
    return log
  }

  @Test(arguments: notes)
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

  @Test(arguments: notes)
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
      ("vkey", .keyRetired(LogKeyRetired(use: .receipt, vkey: "a b"))),
      ("state", .signerRecovered(changedRecovery { $0.lost = $0.state })),
      ("count", .signerRecovered(changedRecovery { $0.count = -1 })),
      ("brought", .signerRecovered(changedRecovery { $0.brought = 4 })),
      ("notExtending", .signerRecovered(changedRecovery { $0.notExtending = -1 })),
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

  private func changedRecovery(_ change: (inout SignerRecovered) -> Void) -> SignerRecovered {
    var recovered = Self.recovered
    change(&recovered)
    return recovered
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
