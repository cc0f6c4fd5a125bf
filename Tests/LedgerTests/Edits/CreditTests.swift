import Ledger
import Testing

struct CreditTests {
  private func settled() throws -> TestTeam {
    var team = try TestTeam(memberLimit: 33_000, keyLimit: 33_000)
    try team.hold(.one)
    try team.settle(.one)
    return team
  }

  private func credit(_ amount: Int64, before: Int64? = nil) -> Command {
    .credit(CreditCommand(record: .one, amount: Credits(amount), creditedBefore: before.map(Credits.init)))
  }

  @Test func aCreditFreesTheSameRows() throws {
    var team = try settled()
    #expect(try team.hold(.two).refusal != nil)
    #expect(try team.run(credit(33_000)).record?.credited == Credits(33_000))
    for budget in [team.teamBudget, team.memberBudget, team.keyBudget] { #expect(budget.used == .zero) }
    #expect(try team.hold(.three).isHeld)
  }

  @Test func creditsNeverExceedTheCharge() throws {
    var team = try settled()
    try team.run(credit(30_000))
    let error = LedgerError.creditOverCharge(amount: Credits(3_001), creditable: Credits(3_000))
    #expect(throws: error) { try team.run(credit(3_001)) }
    #expect(throws: LedgerError.invalid(field: "amount")) { try team.run(credit(0)) }
    #expect(throws: LedgerError.invalid(field: "amount")) { try team.run(credit(-1)) }
    try team.run(credit(3_000))
    #expect(team.book.records[.one]?.netCharge == .zero)
  }

  @Test func aCreditThatIsRunAgainIsDoneOnce() throws {
    var team = try settled()
    try team.run(credit(10_000, before: 0))
    let size = team.book.logSize
    #expect(try team.run(credit(10_000, before: 0)).record?.credited == Credits(10_000))
    #expect(team.book.logSize == size)
    #expect(throws: LedgerError.creditChanged(.one, credited: Credits(10_000))) {
      try team.run(credit(5_000, before: 0))
    }
  }

  @Test func onlyASettledEditIsCredited() throws {
    var team = try TestTeam()
    #expect(throws: LedgerError.unknownHold(.one)) { try team.run(credit(1)) }
    try team.hold(.one)
    #expect(throws: LedgerError.notSettled(.one)) { try team.run(credit(1)) }
    try team.run(.release(ReleaseCommand(record: .one, cause: .notSent)))
    #expect(throws: LedgerError.notSettled(.one)) { try team.run(credit(1)) }
  }
}
