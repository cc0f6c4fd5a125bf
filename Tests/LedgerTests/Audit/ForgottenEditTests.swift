import Ledger
import Testing

/// What lines say of edits that a book has forgotten is checked as far as it can be.
struct ForgottenEditTests {
  /// A book that has forgotten an edit, and the line that credits it or proves it.
  private func forgotten(_ command: Command, assumed: Bool = false) throws -> (TeamBook, Event, Timestamp) {
    var team = try TestTeam(memberLimit: 100_000)
    try team.hold(.one)
    try team.run(.settle(SettleCommand(record: .one, deliveredResults: assumed ? 0 : 1, assumed: assumed)))
    var book = team.book
    book.forgetResolved()
    return (book, try team.book.decide(command, team.context()).events[0], team.now)
  }

  private func expect(
    _ error: LedgerError?, _ book: TeamBook, _ event: Event, _ now: Timestamp,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var changed = book
    do {
      try changed.apply(event, at: now)
      #expect(error == nil, sourceLocation: sourceLocation)
    } catch let found {
      #expect(found == error, sourceLocation: sourceLocation)
      #expect(changed == book, sourceLocation: sourceLocation)
    }
  }

  private func contradiction(_ field: String) -> LedgerError {
    .contradiction(Contradiction(.record(.one), field))
  }

  @Test func aCreditIsCheckedAgainstTheBudgets() throws {
    let (book, event, now) = try forgotten(.credit(CreditCommand(record: .one, amount: Credits(3_000))))
    guard case .credited(let credit) = event else { return }
    expect(nil, book, event, now)
    func changed(_ change: (inout EditCredited) -> Void) -> Event {
      var changed = credit
      change(&changed)
      return .credited(changed)
    }
    expect(contradiction("amount"), book, changed { $0.amount = .zero }, now)
    expect(contradiction("hold"), book, changed { $0.hold = $0.settlement }, now)
    expect(.unknownHold(.one), book, changed { $0.settlement = book.logSize }, now)
    expect(contradiction("budgets"), book, changed { $0.budgets.removeLast() }, now)
    expect(contradiction("budgets"), book, changed { $0.budgets.swapAt(0, 1) }, now)
    expect(contradiction("budgets"), book, changed { $0.budgets[0].id.subject = 7 }, now)
    let row = credit.budgets[1].id
    expect(
      .contradiction(Contradiction(.budget(row), "usedAfter")), book,
      changed { $0.budgets[1].usedAfter = Credits(29_999) }, now)
    expect(
      .contradiction(Contradiction(.budget(row), "usedBefore")), book,
      changed { $0.budgets[1].usedBefore = Credits(32_999) }, now)
    var other = credit.budgets[1].id
    other.start = .epoch
    expect(
      .contradiction(Contradiction(.budget(other), "budgets")), book, changed { $0.budgets[1].id = other }, now)
    // More than was ever used.
    expect(.amountOutOfRange, book, changed { $0.amount = Credits(33_001) }, now)
  }

  @Test func evidenceIsCheckedAsFarAsItsFieldsFit() throws {
    let command = Command.settle(
      SettleCommand(record: .one, deliveredResults: 1, upstreamCredit: Credits(30_000)))
    let (book, event, now) = try forgotten(command, assumed: true)
    guard case .evidence(let proof) = event else { return }
    expect(nil, book, event, now)
    func changed(_ change: (inout EditEvidence) -> Void) -> Event {
      var changed = proof
      change(&changed)
      return .evidence(changed)
    }
    expect(contradiction("variance"), book, changed { $0.variance = Credits(1) }, now)
    expect(contradiction("results"), book, changed { $0.worked = false }, now)
    expect(
      contradiction("upstreamCredit"), book,
      changed {
        $0.worked = false
        $0.results = 0
      }, now)
    expect(contradiction("credited"), book, changed { $0.creditedBefore = Credits(30_001) }, now)
    expect(contradiction("credited"), book, changed { $0.upstreamCredit = Credits(30_001) }, now)
    expect(contradiction("hold"), book, changed { $0.hold = $0.settlement }, now)
    expect(.unknownHold(.one), book, changed { $0.settlement = book.logSize }, now)
    expect(
      .contradiction(Contradiction(.budget(proof.budgets[0].id), "usedAfter")), book,
      changed { $0.credited = Credits(2_999) }, now)
  }

  @Test func aBookOfAWholeLogForgetsNothing() throws {
    let (book, event, now) = try forgotten(.credit(CreditCommand(record: .one, amount: Credits(3_000))))
    var whole = book
    whole.forgottenBefore = 0
    expect(.unknownHold(.one), whole, event, now)
  }

  @Test func openEditsAreNeverForgotten() throws {
    var team = try TestTeam()
    try team.hold(.one)
    try team.hold(.two)
    try team.run(.markInDoubt(MarkInDoubtCommand(record: .two, cause: .timedOut)))
    let records = team.book.records
    team.book.forgetResolved()
    #expect(team.book.records == records)
    try team.settle(.two)
    try team.settle(.one)
    team.book.forgetResolved()
    #expect(team.book.records.isEmpty)
    #expect(team.book.checkInvariants() == [])
  }
}
