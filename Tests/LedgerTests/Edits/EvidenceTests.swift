import Ledger
import Testing

/// Late evidence: the first resolution stays, the truth is added to it once (docs/ledger.md).
struct EvidenceTests {
  private static let price: Int64 = 33_000

  /// How an edit was resolved before the truth came.
  enum Resolution: CaseIterable, Sendable {
    case delivered, assumed, charged, givenBack, refusedUpstream, notSent, withdrawn
  }

  /// A team whose first edit, two medium squares, was resolved so.
  private func team(_ resolution: Resolution) throws -> TestTeam {
    var team = try TestTeam(teamLimit: 500_000, keyLimit: 500_000)
    try team.hold(.one, n: 2)
    switch resolution {
    case .delivered: try team.settle(.one, delivered: 2)
    case .assumed: try team.run(.settle(SettleCommand(record: .one, deliveredResults: 0, assumed: true)))
    case .charged:
      try team.run(
        .settle(SettleCommand(record: .one, deliveredResults: 0, administratorCharge: Credits(40_000))))
    case .givenBack: try team.run(.release(ReleaseCommand(record: .one, cause: .administrator)))
    case .refusedUpstream: try team.run(.release(ReleaseCommand(record: .one, cause: .upstreamRefused)))
    case .notSent: try team.run(.release(ReleaseCommand(record: .one, cause: .notSent)))
    case .withdrawn: try team.run(.release(ReleaseCommand(record: .one, cause: .withdrawn)))
    }
    return team
  }

  private func release(_ cause: ReleaseCause) -> Command {
    .release(ReleaseCommand(record: .one, cause: cause))
  }

  @Test(
    arguments: [
      // By assumption 66,000 were charged: what it really cost stays, the rest goes back.
      (.assumed, 2, nil, 0, 0), (.assumed, 1, nil, 33_000, 0), (.assumed, 0, nil, 66_000, 0),
      (.assumed, 2, 12_361, 53_639, 0), (.assumed, 2, 70_000, 0, 4_000), (.assumed, 3, nil, 0, 33_000),
      // An administrator charged 40,000.
      (.charged, 1, nil, 7_000, 0), (.charged, 2, nil, 0, 26_000), (.charged, 2, 40_000, 0, 0),
      // Given back: nobody is charged any more.
      (.givenBack, 2, nil, 0, 66_000), (.refusedUpstream, 1, nil, 0, 33_000), (.notSent, 2, 5, 0, 5),
      (.withdrawn, 0, nil, 0, 0),
    ] as [(Resolution, Int, Int64?, Int64, Int64)])
  func resultsThatComeLateCorrectTheCharge(
    resolution: Resolution, delivered: Int, told: Int64?, credited: Int64, variance: Int64
  ) throws {
    var team = try team(resolution)
    let before = try #require(team.book.records[.one])
    let used = team.memberBudget.used
    let outcome = try team.settle(.one, delivered: delivered, told: told)
    let record = try #require(team.book.records[.one])
    #expect(outcome == .evidence(record, variance: Credits(variance)))
    #expect(record.state == before.state)
    #expect(record.charged == before.charged)
    #expect(record.credited == Credits(credited))
    #expect(!record.assumed)
    #expect(record.resolvedIndex == before.resolvedIndex)
    #expect(record.evidenceIndex == team.book.logSize - 1)
    for budget in [team.teamBudget, team.memberBudget, team.keyBudget] {
      #expect(budget.used == Credits(used.value - credited))
      #expect(budget.held == .zero)
    }
    #expect(team.book.checkInvariants() == [])
    #expect(try TeamBook.replay(lines: team.lines) == team.book)
  }

  @Test(
    arguments: [Resolution.assumed, .charged],
    [ReleaseCause.upstreamRefused, .rateLimited, .upstreamAccount, .notSent, .withdrawn])
  func whatWasProvenUndoneCostsNothing(resolution: Resolution, cause: ReleaseCause) throws {
    var team = try team(resolution)
    let charged = try #require(team.book.records[.one]).charged
    let outcome = try team.run(release(cause))
    let record = try #require(team.book.records[.one])
    #expect(outcome == .evidence(record, variance: .zero))
    #expect(record.state == .settled)
    #expect(record.credited == charged)
    #expect(!record.assumed)
    for budget in [team.teamBudget, team.memberBudget, team.keyBudget] { #expect(budget.used == .zero) }
    #expect(team.book.checkInvariants() == [])
    #expect(try TeamBook.replay(lines: team.lines) == team.book)
  }

  @Test(arguments: Resolution.allCases)
  func nothingIsProvenTwice(resolution: Resolution) throws {
    var team = try team(resolution)
    try team.settle(.one, delivered: 1)
    let known = Outcome.alreadyResolved(try #require(team.book.records[.one]))
    let size = team.book.logSize
    #expect(try team.settle(.one, delivered: 1) == known)
    #expect(try team.settle(.one, delivered: 2, told: 1) == known)
    for cause in ReleaseCause.allCases { #expect(try team.run(release(cause)) == known) }
    #expect(team.book.logSize == size)
  }

  @Test func whatWasDeliveredNeedsNoEvidence() throws {
    var team = try team(.delivered)
    let known = Outcome.alreadyResolved(try #require(team.book.records[.one]))
    #expect(try team.settle(.one, delivered: 1) == known)
    for cause in ReleaseCause.allCases { #expect(try team.run(release(cause)) == known) }
  }

  @Test(arguments: Resolution.allCases)
  func nobodysOpinionIsEvidence(resolution: Resolution) throws {
    var team = try team(resolution)
    let known = Outcome.alreadyResolved(try #require(team.book.records[.one]))
    #expect(try team.run(.settle(SettleCommand(record: .one, deliveredResults: 0, assumed: true))) == known)
    let charge = SettleCommand(record: .one, deliveredResults: 0, administratorCharge: .zero)
    #expect(try team.run(.settle(charge)) == known)
    #expect(try team.run(release(.administrator)) == known)
    #expect(try team.run(.markInDoubt(MarkInDoubtCommand(record: .one, cause: .timedOut))) == known)
  }

  @Test(arguments: [Resolution.givenBack, .refusedUpstream, .notSent, .withdrawn])
  func aSecondReleaseSaysNothingNew(resolution: Resolution) throws {
    var team = try team(resolution)
    let known = Outcome.alreadyResolved(try #require(team.book.records[.one]))
    for cause in ReleaseCause.allCases { #expect(try team.run(release(cause)) == known) }
  }

  @Test func whatWasCreditedBeforeIsNotCreditedAgain() throws {
    var team = try team(.assumed)
    try team.run(.credit(CreditCommand(record: .one, amount: Credits(50_000))))
    // 16,000 are left of the charge: less than the 33,000 that it cost, and less is never taken back.
    #expect(try team.settle(.one, delivered: 1).record?.credited == Credits(50_000))
    #expect(team.memberBudget.used == Credits(16_000))
    try team.run(.credit(CreditCommand(record: .one, amount: Credits(16_000))))
    #expect(team.memberBudget.used == .zero)
    #expect(team.book.checkInvariants() == [])
  }

  @Test func evidenceThatIsOutOfBoundsIsNotTaken() throws {
    var team = try team(.assumed)
    #expect(throws: LedgerError.invalid(field: "deliveredResults")) { try team.settle(.one, delivered: -1) }
    #expect(throws: LedgerError.invalid(field: "upstreamCredit")) { try team.settle(.one, told: -1) }
  }

  /// A field of a line, and what makes it wrong.
  struct Damage: Sendable {
    var field: String
    var change: @Sendable (inout EditEvidence) -> Void
  }

  private static let damages = [
    Damage(field: "state") { $0.worked = true }, Damage(field: "hold") { $0.hold += 1 },
    Damage(field: "settlement") { $0.settlement -= 1 }, Damage(field: "amount") { $0.amount = Credits(1) },
    Damage(field: "results") { $0.results = 1 }, Damage(field: "upstreamCredit") { $0.upstreamCredit = .zero },
    Damage(field: "credited") { $0.credited = Credits(65_999) },
    Damage(field: "creditedBefore") { $0.creditedBefore = Credits(1) },
    Damage(field: "variance") { $0.variance = Credits(1) }, Damage(field: "budgets") { $0.budgets.removeLast() },
    Damage(field: "usedAfter") { $0.budgets[0].usedAfter = Credits(1) },
    Damage(field: "usedBefore") { $0.budgets[1].usedBefore = Credits(1) },
  ]

  @Test(arguments: damages)
  func everyFieldOfALineIsChecked(damage: Damage) throws {
    var team = try team(.assumed)
    let context = team.context()
    let decision = try team.book.decide(release(.notSent), context)
    guard case .evidence(var event) = decision.events.first else {
      Issue.record("no evidence")
      return
    }
    // A release says already that nothing was done.
    if damage.field == "state" {
      team = try self.team(.delivered)
    }
    damage.change(&event)
    do {
      try team.book.apply(.evidence(event), at: context.at)
      Issue.record("the line was taken")
    } catch LedgerError.contradiction(let contradiction) {
      #expect(contradiction.field == damage.field)
    }
  }

  @Test func evidenceOfAnOpenEditIsAContradiction() throws {
    var team = try team(.assumed)
    let decision = try team.book.decide(release(.notSent), team.context())
    var open = try TestTeam(teamLimit: 500_000, keyLimit: 500_000)
    try open.hold(.one, n: 2)
    let event = try #require(decision.events.first)
    let context = open.context()
    #expect(throws: LedgerError.contradiction(Contradiction(.record(.one), "state"))) {
      try open.book.apply(event, at: context.at)
    }
    try team.run(release(.notSent))
    let again = team.context()
    #expect(throws: LedgerError.contradiction(Contradiction(.record(.one), "state"))) {
      try team.book.apply(event, at: again.at)
    }
  }
}
