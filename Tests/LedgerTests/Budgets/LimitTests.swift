import Ledger
import Testing

struct LimitTests {
  private func change(_ limit: Int64?) -> Command {
    .changeMember(ChangeMemberCommand(member: .ada, limit: .set(limit.map(Credits.init))))
  }

  @Test func aHigherLimitHoldsAtOnce() throws {
    var team = try TestTeam(memberLimit: 33_000)
    try team.hold(.one)
    #expect(try team.hold(.two).refusal != nil)
    try team.run(change(66_000))
    #expect(try team.hold(.three).isHeld)
  }

  @Test func aLimitBelowWhatIsTakenMarksTheRowUntilItFits() throws {
    var team = try TestTeam(memberLimit: 100_000)
    try team.hold(.one)
    try team.hold(.two)
    try team.hold(.three)
    try team.run(change(40_000))
    #expect(team.memberBudget.isOverLimit)
    #expect(team.memberBudget.available == .zero)
    #expect(try team.hold(RecordID(bits: 4), quality: "low").refusal?.available == .zero)
    try team.run(.release(ReleaseCommand(record: .one, cause: .notSent)))
    #expect(team.memberBudget.isOverLimit)
    try team.run(.release(ReleaseCommand(record: .two, cause: .notSent)))
    #expect(!team.memberBudget.isOverLimit)
    #expect(team.memberBudget.available == Credits(7_000))
    #expect(team.book.checkInvariants() == [])
  }

  @Test func aRaisedLimitClearsTheMark() throws {
    var team = try TestTeam(memberLimit: 100_000)
    try team.hold(.one)
    try team.run(change(10))
    #expect(team.memberBudget.isOverLimit)
    try team.run(change(33_000))
    #expect(!team.memberBudget.isOverLimit)
    try team.run(change(10))
    try team.run(change(nil))
    #expect(!team.memberBudget.isOverLimit)
    #expect(team.memberBudget.available == nil)
  }

  @Test func aMarkedRowStillSettles() throws {
    var team = try TestTeam(teamLimit: 100_000)
    try team.hold(.one)
    try team.run(.changeTeam(ChangeTeamCommand(limit: .set(Credits(5)))))
    #expect(team.teamBudget.isOverLimit)
    try team.settle(.one)
    #expect(team.teamBudget.isOverLimit)
    #expect(team.teamBudget.used == Credits(33_000))
    try team.run(.credit(CreditCommand(record: .one, amount: Credits(32_995))))
    #expect(!team.teamBudget.isOverLimit)
  }

  @Test func aLimitBeforeTheFirstEditOpensNoRow() throws {
    var team = try TestTeam(memberLimit: 100_000)
    try team.run(change(20_000))
    #expect(team.book.budgets.isEmpty)
    #expect(try team.hold(.one).refusal?.limit == Credits(20_000))
  }

  @Test func theNextRowOpensWithTheStandingLimit() throws {
    var team = try TestTeam(memberLimit: 100_000)
    try team.hold(.one)
    team.go(to: "2026-12-05T00:00:00Z")
    try team.run(change(40_000))
    #expect(team.memberBudget.limit == Credits(100_000))
    try team.hold(.two)
    #expect(team.memberBudget.limit == Credits(40_000))
  }

  @Test(arguments: [-1, Credits.maximum.value + 1, .min, .max])
  func aLimitOutOfRangeIsRefused(limit: Int64) throws {
    var team = try TestTeam()
    #expect(throws: LedgerError.invalid(field: "limit")) { try team.run(change(limit)) }
    #expect(throws: LedgerError.invalid(field: "limit")) {
      try team.run(.changeTeam(ChangeTeamCommand(limit: .set(Credits(limit)))))
    }
    #expect(throws: LedgerError.invalid(field: "limit")) {
      try team.run(.addMember(AddMemberCommand(member: .bob, limit: Credits(limit))))
    }
    #expect(throws: LedgerError.invalid(field: "limit")) {
      try team.run(.issueKey(IssueKeyCommand(key: .second, member: .ada, limit: Credits(limit))))
    }
  }
}
