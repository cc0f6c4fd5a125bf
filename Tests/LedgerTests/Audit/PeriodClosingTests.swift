import Ledger
import Testing

struct PeriodClosingTests {
  private static let november = PeriodBounds(
    start: Timestamp(canonical: "2026-11-01T00:00:00.000000Z")!,
    end: Timestamp(canonical: "2026-12-01T00:00:00.000000Z")!)

  private static func close(_ bounds: PeriodBounds = november, _ month: String = "2026-11") -> Command {
    .closePeriod(ClosePeriodCommand(month: month, bounds: bounds))
  }

  private static func team() throws -> TestTeam {
    var team = try TestTeam(memberLimit: 100_000)
    try team.hold(.one)
    try team.hold(.two)
    try team.settle(.one)
    return team
  }

  @Test func theLineCarriesTheHashOfTheBookBeforeIt() throws {
    var team = try Self.team()
    team.go(to: "2026-12-01T00:00:00Z")
    let before = team.book
    #expect(try team.run(Self.close()) == .periodClosed(through: Self.november.end!))
    let line = try #require(team.lines.last)
    guard case .periodClosed(let event) = try Line.parse(line).1 else {
      Issue.record("no period was closed")
      return
    }
    #expect(event.book == BookText.digest(of: before))
    #expect(event.start == Self.november.start)
    #expect(team.book.team.closedThrough == Self.november.end)
    // Nothing else changes.
    var expected = before
    expected.team.closedThrough = Self.november.end
    (expected.logSize, expected.lastAt) = (team.book.logSize, team.book.lastAt)
    #expect(team.book == expected)
  }

  @Test func aPeriodThatIsNotOverIsRefused() throws {
    var team = try Self.team()
    team.now = Timestamp(microseconds: Self.november.end!.microseconds - 1)
    #expect(throws: LedgerError.periodNotEnded(end: Self.november.end!)) { try team.run(Self.close()) }
  }

  @Test func aPeriodIsClosedOnce() throws {
    var team = try Self.team()
    team.go(to: "2027-01-02T00:00:00Z")
    let december = PeriodBounds.utcMonth(containing: Timestamp(canonical: "2026-12-05T00:00:00.000000Z")!)
    try team.run(Self.close())
    let size = team.book.logSize
    #expect(try team.run(Self.close()) == .periodClosed(through: Self.november.end!))
    #expect(team.book.logSize == size)
    try team.run(Self.close(december, "2026-12"))
    // An earlier one is closed with it, so nothing is told of it any more.
    #expect(try team.run(Self.close()) == .periodClosed(through: december.end!))
    #expect(team.book.logSize == size + 1)
  }

  @Test func noMomentIsClosedTwiceWhereTheZoneChanges() throws {
    var team = try Self.team()
    team.go(to: "2027-01-02T00:00:00Z")
    try team.run(Self.close())
    let earlier = PeriodBounds(
      start: Self.november.end!.adding(seconds: -3_600), end: Timestamp(canonical: "2026-12-31T23:00:00.000000Z"))
    try team.run(Self.close(earlier, "2026-12"))
    guard case .periodClosed(let event) = try Line.parse(try #require(team.lines.last)).1 else { return }
    #expect(event.start == Self.november.end)
  }

  @Test(arguments: ["", "2026-1", "2026-13", "2026-00", "2026-11 ", "2026-11\u{301}", "26-11", "November"])
  func aMonthHasOneForm(text: String) throws {
    var team = try Self.team()
    team.go(to: "2027-01-02T00:00:00Z")
    #expect(throws: LedgerError.invalid(field: "month")) { try team.run(Self.close(Self.november, text)) }
  }

  @Test func anotherBookOrOtherBoundsAreNoticed() throws {
    var team = try Self.team()
    team.go(to: "2027-01-02T00:00:00Z")
    guard case .periodClosed(let event) = try team.book.decide(Self.close(), team.context()).events[0] else { return }
    let changes: [(field: String, change: (inout PeriodClosed) -> Void)] = [
      ("book", { $0.book = .zero }), ("month", { $0.month = "x" }), ("start", { $0.start = $0.end }),
      ("end", { $0.end = .maximum }),
    ]
    for (field, change) in changes {
      var changed = event
      change(&changed)
      #expect(throws: LedgerError.contradiction(Contradiction(.team, field))) {
        try team.book.apply(.periodClosed(changed), at: team.now)
      }
    }
    // An edit that the book does not have.
    var other = team.book
    other.records[.two] = nil
    #expect(throws: LedgerError.contradiction(Contradiction(.team, "book"))) {
      try other.apply(.periodClosed(event), at: team.now)
    }
    // A second line over the same time.
    try team.run(Self.close())
    var again = event
    again.book = BookText.digest(of: team.book)
    #expect(throws: LedgerError.contradiction(Contradiction(.team, "start"))) {
      try team.book.apply(.periodClosed(again), at: team.now)
    }
  }

  @Test func theLinesBehindAClosingNeedOnlyItsBook() throws {
    var team = try Self.team()
    team.go(to: "2026-12-01T00:00:01Z")
    let text = BookText.write(team.book)
    let index = team.lines.count
    try team.run(Self.close())
    try team.settle(.two)
    try team.run(.credit(CreditCommand(record: .one, amount: Credits(3_000))))
    try team.hold(.three)
    var book = try BookText.read(text)
    for line in team.lines[index...] { try book.replay(line) }
    #expect(BookText.write(book) == BookText.write(team.book))
    #expect(book.checkInvariants() == [])
  }
}
