import Ledger
import Testing

struct HoldTests {
  @Test func holdTakesThePriceFromEveryBudget() throws {
    var team = try TestTeam(teamLimit: 1_000_000, memberLimit: 700_000, keyLimit: 700_000)
    let outcome = try team.hold(.one, quality: "high", size: "1536x1024", n: 4)
    let record = try #require(outcome.record)
    #expect(record.held == Credits(624_000))
    #expect(record.budgets.map(\.scope) == [.team, .member, .key])
    #expect(record.openedIndex == 3)
    for budget in [team.teamBudget, team.memberBudget, team.keyBudget] {
      #expect(budget.held == Credits(624_000))
      #expect(budget.used == .zero)
    }
    #expect(team.teamBudget.available == Credits(376_000))
  }

  @Test func aKeyWithoutALimitHasNoBudget() throws {
    var team = try TestTeam()
    #expect(try team.hold(.one).record?.budgets.map(\.scope) == [.team, .member])
    #expect(team.book.budgets.newest(of: .key(.first)) == nil)
  }

  @Test func aHoldThatFitsExactlyIsTakenAndTheNextIsNot() throws {
    var team = try TestTeam(memberLimit: 66_000)
    #expect(try team.hold(.one).isHeld)
    #expect(try team.hold(.two).isHeld)
    let refusal = try #require(try team.hold(.three).refusal)
    #expect(refusal.available == .zero)
    #expect(refusal.needed == Credits(33_000))
    #expect(team.memberBudget.held == Credits(66_000))
  }

  @Test(
    arguments: [
      (10_000, 20_000, 30_000, BudgetScope.key), (10_000, 20_000, nil, .member), (10_000, nil, nil, .team),
      (10_000, 20_000, 50_000, .member), (10_000, 50_000, 50_000, .team), (50_000, 50_000, 10_000, .key),
    ] as [(Int64?, Int64?, Int64?, BudgetScope)])
  func theMostSpecificBudgetThatDoesNotFitIsNamed(
    teamLimit: Int64?, memberLimit: Int64?, keyLimit: Int64?, scope: BudgetScope
  ) throws {
    var team = try TestTeam(teamLimit: teamLimit, memberLimit: memberLimit, keyLimit: keyLimit)
    let refusal = try #require(try team.hold(.one).refusal)
    #expect(refusal.scope == scope)
    #expect(refusal.limit < Credits(33_000))
    #expect(refusal.available == refusal.limit)
  }

  @Test func aRefusalTellsWhatWasNeededAndWhenItResets() throws {
    var team = try TestTeam(memberLimit: 50_000)
    try team.hold(.one)
    try team.settle(.one)
    let refusal = try #require(try team.hold(.two).refusal)
    #expect(refusal.record == .two)
    #expect(refusal.subject == MemberID.ada.bits)
    #expect(refusal.period == .month)
    #expect(refusal.limit == Credits(50_000))
    #expect(refusal.used == Credits(33_000))
    #expect(refusal.held == .zero)
    #expect(refusal.needed == Credits(33_000))
    #expect(refusal.available == Credits(17_000))
    #expect(refusal.resetsAt == Timestamp(canonical: "2026-12-01T00:00:00.000000Z"))
    #expect(refusal.budgets.map(\.id.scope) == [.team, .member])
  }

  @Test func aRefusalMovesNothingAndIsKept() throws {
    var team = try TestTeam(memberLimit: 10_000)
    let before = team.book.budgets
    try team.hold(.one)
    #expect(team.book.budgets == before)
    #expect(team.book.records[.one]?.state == .refused)
    #expect(team.lines.count == 4)
  }

  @Test func anUnpricedEditIsRefusedWithoutALine() throws {
    var team = try TestTeam()
    let error = LedgerError.unpriced(model: "gpt-image-1-mini", quality: "ultra", size: "1024x1024")
    #expect(throws: error) { try team.hold(.one, quality: "ultra") }
    #expect(team.lines.count == 3)
    #expect(team.book.records.isEmpty)
  }

  @Test(arguments: [0, -1, 11, .max, .min])
  func aNumberOfResultsOutOfBoundsIsRefused(n: Int) throws {
    var team = try TestTeam()
    #expect(throws: LedgerError.invalid(field: "n")) { try team.hold(.one, n: n) }
  }

  @Test(arguments: ["", "a b", "a\"b", "a\\b", "a\u{0}", "é", "a\r\n", String(repeating: "a", count: 321)])
  func aTextThatCannotStandInALineIsRefused(text: String) throws {
    var team = try TestTeam()
    #expect(throws: LedgerError.invalid(field: "quality")) { try team.hold(.one, quality: text) }
  }

  @Test func aHoldThatIsRunAgainReportsItsOwnOutcome() throws {
    var team = try TestTeam(memberLimit: 60_000)
    let held = try team.hold(.one)
    #expect(try team.hold(.one) == held)
    let refused = try team.hold(.two)
    #expect(refused.refusal != nil)
    try team.run(.changeMember(ChangeMemberCommand(member: .ada, limit: .set(nil))))
    #expect(try team.hold(.two) == refused)
    try team.run(.markInDoubt(MarkInDoubtCommand(record: .one, cause: .timedOut)))
    #expect(try team.hold(.one).record?.state == .inDoubt)
    try team.settle(.one)
    guard case .alreadyResolved(let record) = try team.hold(.one) else {
      Issue.record("a settled edit was not recognised")
      return
    }
    #expect(record.state == .settled)
    #expect(team.lines.count == 8)
  }

  @Test func aRefusalThatWasNotLoadedIsReportedAsResolved() throws {
    var team = try TestTeam(memberLimit: 1)
    try team.hold(.one)
    team.book.records[.one]?.refusal = nil
    guard case .alreadyResolved(let record) = try team.hold(.one) else {
      Issue.record("a refused edit was not recognised")
      return
    }
    #expect(record.state == .refused)
  }

  @Test func aRecordOfAnotherMemberIsNotReported() throws {
    var team = try TestTeam()
    try team.run(.addMember(AddMemberCommand(member: .bob)))
    try team.run(.issueKey(IssueKeyCommand(key: .second, member: .bob)))
    try team.hold(.one)
    #expect(throws: LedgerError.alreadyExists(id: RecordID.one.bits)) {
      try team.hold(.one, member: .bob, key: .second)
    }
  }

  @Test func balancesStayWithinTheMaximumAlsoWithoutALimit() throws {
    var team = try TestTeam()
    team.prices = PriceBook([
      PriceEntry(
        version: 1, model: "gpt-image-1-mini", quality: "medium", size: "1024x1024",
        credits: Credits(Credits.maximum.value / 2), effectiveFrom: .epoch)
    ])
    #expect(try team.hold(.one, n: 2).isHeld)
    #expect(throws: LedgerError.amountOutOfRange) { try team.hold(.two) }
    #expect(throws: LedgerError.amountOutOfRange) { try team.hold(.two, n: 3) }
    try team.settle(.one, delivered: 2)
    // What is held would still fit, but not together with what is used.
    #expect(throws: LedgerError.amountOutOfRange) { try team.hold(.two) }
  }
}
