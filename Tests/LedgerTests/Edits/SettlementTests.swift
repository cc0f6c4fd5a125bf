import Ledger
import Testing

struct SettlementTests {
  @Test(
    arguments: [
      (3, 3, nil, 99_000, 0), (3, 2, nil, 66_000, 0), (3, 0, nil, 0, 0), (3, 4, nil, 99_000, 33_000),
      (1, 1, 12_361, 12_361, 0), (1, 1, 40_000, 33_000, 7_000), (1, 1, 0, 0, 0), (1, 0, 33_000, 33_000, 0),
      (1, 1 << 50, nil, 33_000, 9_007_199_254_707_991),
    ] as [(Int, Int, Int64?, Int64, Int64)])
  func theChargeIsWhatWasDeliveredOrToldAndNeverMoreThanHeld(
    n: Int, delivered: Int, told: Int64?, charge: Int64, variance: Int64
  ) throws {
    var team = try TestTeam(teamLimit: 500_000, keyLimit: 500_000)
    try team.hold(.one, n: n)
    let outcome = try team.settle(.one, delivered: delivered, told: told)
    #expect(outcome == .settled(team.book.records[.one]!, variance: Credits(variance)))
    #expect(outcome.record?.charged == Credits(charge))
    for budget in [team.teamBudget, team.memberBudget, team.keyBudget] {
      #expect(budget.used == Credits(charge))
      #expect(budget.held == .zero)
    }
  }

  @Test func theHeldPriceIsChargedAlsoWhenPricesChanged() throws {
    var team = try TestTeam()
    try team.hold(.one)
    team.prices = PriceBook([])
    #expect(try team.settle(.one).record?.charged == Credits(33_000))
  }

  @Test func anAssumedChargeIsTheWholeHold() throws {
    var team = try TestTeam()
    try team.hold(.one, n: 2)
    try team.run(.markInDoubt(MarkInDoubtCommand(record: .one, cause: .leaseEnded)))
    let record = try team.run(.settle(SettleCommand(record: .one, deliveredResults: 0, assumed: true))).record
    #expect(record?.charged == Credits(66_000))
    #expect(record?.assumed == true)
  }

  @Test func anAdministratorNamesTheChargeUpToTheHold() throws {
    var team = try TestTeam()
    try team.hold(.one)
    func resolve(_ charge: Int64) -> Command {
      .settle(SettleCommand(record: .one, deliveredResults: 0, administratorCharge: Credits(charge)))
    }
    #expect(throws: LedgerError.chargeOverHold(charge: Credits(33_001), held: Credits(33_000))) {
      try team.run(resolve(33_001))
    }
    #expect(throws: LedgerError.invalid(field: "administratorCharge")) { try team.run(resolve(-1)) }
    #expect(try team.run(resolve(7)).record?.charged == Credits(7))
  }

  @Test func theFirstResolutionWins() throws {
    var team = try TestTeam()
    try team.hold(.one)
    try team.hold(.two)
    try team.settle(.one)
    try team.run(.release(ReleaseCommand(record: .two, cause: .upstreamRefused)))
    let before = team.book
    for record in [RecordID.one, .two] {
      let known = Outcome.alreadyResolved(try #require(before.records[record]))
      let assumption = SettleCommand(record: record, deliveredResults: 0, assumed: true)
      #expect(try team.run(.settle(assumption)) == known)
      #expect(try team.run(.release(ReleaseCommand(record: record, cause: .administrator))) == known)
      #expect(try team.run(.markInDoubt(MarkInDoubtCommand(record: record, cause: .timedOut))) == known)
    }
    #expect(team.book == before)
  }

  @Test func aRefusedEditIsNeverSettled() throws {
    var team = try TestTeam(memberLimit: 0)
    try team.hold(.one)
    #expect(try team.settle(.one) == .alreadyResolved(try #require(team.book.records[.one])))
  }

  @Test func aSettlementWhoseHoldIsNotThereIsAnError() throws {
    var team = try TestTeam()
    #expect(throws: LedgerError.unknownHold(.one)) { try team.settle(.one) }
    #expect(throws: LedgerError.unknownHold(.one)) {
      try team.run(.release(ReleaseCommand(record: .one, cause: .notSent)))
    }
    #expect(throws: LedgerError.unknownHold(.one)) {
      try team.run(.markInDoubt(MarkInDoubtCommand(record: .one, cause: .timedOut)))
    }
  }

  @Test func aRowThatIsNotLoadedIsNamed() throws {
    var team = try TestTeam()
    let id = try #require(try team.hold(.one).record?.budgets.last)
    team.book.budgets[id] = nil
    #expect(throws: LedgerError.budgetNotLoaded(id)) { try team.settle(.one) }
  }

  @Test func aReleaseGivesEverythingBack() throws {
    var team = try TestTeam(memberLimit: 33_000)
    try team.hold(.one)
    #expect(try team.hold(.two).refusal != nil)
    let record = try team.run(.release(ReleaseCommand(record: .one, cause: .rateLimited))).record
    #expect(record?.state == .released)
    #expect(record?.charged == .zero)
    #expect(try team.hold(.three).isHeld)
  }

  @Test func anEditInDoubtKeepsItsCredits() throws {
    var team = try TestTeam(memberLimit: 33_000)
    try team.hold(.one)
    let doubt = Command.markInDoubt(MarkInDoubtCommand(record: .one, cause: .upstreamUnknown))
    #expect(try team.run(doubt).record?.state == .inDoubt)
    #expect(try team.hold(.two).refusal?.held == Credits(33_000))
    let size = team.book.logSize
    #expect(try team.run(doubt).record?.state == .inDoubt)
    #expect(team.book.logSize == size)
    #expect(try team.settle(.one).record?.state == .settled)
  }

  @Test(arguments: [(-1, nil), (1, -1), (1, Credits.maximum.value + 1), (.max, nil)] as [(Int, Int64?)])
  func amountsThatCannotBeAreRefused(delivered: Int, told: Int64?) throws {
    var team = try TestTeam()
    try team.hold(.one)
    let field = told == nil ? "deliveredResults" : "upstreamCredit"
    #expect(throws: LedgerError.invalid(field: field)) {
      try team.settle(.one, delivered: delivered, told: told)
    }
  }
}
