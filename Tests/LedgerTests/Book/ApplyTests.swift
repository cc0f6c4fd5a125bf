import Ledger
import Testing

/// An event that cannot have happened on this book is refused, and the book stays as it was.
struct ApplyTests {
  private func team() throws -> TestTeam {
    var team = try TestTeam(teamLimit: 200_000, memberLimit: 100_000, keyLimit: 50_000)
    try team.hold(.one)
    return team
  }

  private func expectContradiction(
    _ team: TestTeam, _ event: Event, _ field: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expectContradiction(team, field, sourceLocation) { book throws(LedgerError) in
      try book.apply(event, at: team.now)
    }
    // Whoever replays a log takes the edit out of the book first, and puts it back.
    guard case .settled(let event) = event else { return }
    let header = LineHeader(nextOf: team.book, team.context())
    expectContradiction(team, field, sourceLocation) { book throws(LedgerError) in
      try book.apply(event, header, forgetting: true)
    }
  }

  private func expectContradiction(
    _ team: TestTeam, _ field: String, _ sourceLocation: SourceLocation,
    _ apply: (inout TeamBook) throws(LedgerError) -> Void
  ) {
    var book = team.book
    do {
      try apply(&book)
      Issue.record("the event was applied", sourceLocation: sourceLocation)
    } catch {
      guard case .contradiction(let contradiction) = error else {
        Issue.record("\(error)", sourceLocation: sourceLocation)
        return
      }
      #expect(contradiction.field == field, sourceLocation: sourceLocation)
    }
    #expect(book == team.book, sourceLocation: sourceLocation)
  }

  private func held(_ team: TestTeam, _ change: (inout EditHeld) -> Void) throws -> Event {
    let command = HoldCommand.of(.two, quality: "low")
    guard case .held(var event) = try team.book.decide(.hold(command), team.context()).events[0] else {
      throw LedgerError.unknownHold(.two)
    }
    change(&event)
    return .held(event)
  }

  private func settled(_ team: TestTeam, _ change: (inout EditSettled) -> Void) throws -> Event {
    let command = SettleCommand(record: .one, deliveredResults: 1)
    guard case .settled(var event) = try team.book.decide(.settle(command), team.context()).events[0] else {
      throw LedgerError.unknownHold(.one)
    }
    change(&event)
    return .settled(event)
  }

  @Test func aHoldThatExceedsABudgetIsRefused() throws {
    var team = try team()
    // Told as if the limit were higher, and as if it were not exceeded.
    let raised = try held(team) { event in
      event.unitPrice = Credits(20_000)
      event.amount = Credits(20_000)
      for index in event.budgets.indices { event.budgets[index].heldAfter = Credits(53_000) }
    }
    expectContradiction(team, raised, "limit")
    try team.run(.changeMember(ChangeMemberCommand(member: .ada, limit: .set(Credits(40_000)))))
    expectContradiction(team, try held(try self.team()) { _ in }, "limit")
  }

  @Test func everyAssertionOfAHoldIsChecked() throws {
    let team = try team()
    expectContradiction(team, try held(team) { $0.record = .one }, "record")
    expectContradiction(team, try held(team) { $0.amount = Credits(1) }, "amount")
    expectContradiction(team, try held(team) { $0.n = 11 }, "n")
    expectContradiction(team, try held(team) { $0.unitPrice = .zero }, "unitPrice")
    expectContradiction(team, try held(team) { $0.budgets.removeLast() }, "budgets")
    expectContradiction(team, try held(team) { $0.budgets.swapAt(0, 1) }, "budgets")
    expectContradiction(team, try held(team) { $0.budgets[1].id.subject = 7 }, "budgets")
    expectContradiction(team, try held(team) { $0.budgets[1].id.start = .epoch }, "budgets")
    expectContradiction(team, try held(team) { $0.budgets[1].limit = nil }, "limit")
    expectContradiction(team, try held(team) { $0.budgets[2].end = team.now.adding(seconds: 9) }, "end")
    expectContradiction(team, try held(team) { $0.budgets[0].usedBefore = Credits(1) }, "usedBefore")
    expectContradiction(team, try held(team) { $0.budgets[0].usedAfter = Credits(1) }, "usedAfter")
    expectContradiction(team, try held(team) { $0.budgets[2].heldBefore = .zero }, "heldBefore")
    expectContradiction(team, try held(team) { $0.budgets[2].heldAfter = .zero }, "heldAfter")
  }

  @Test func theBoundsOfANewRowAreChecked() throws {
    var team = try team()
    team.go(to: "2026-12-03T00:00:00Z")
    expectContradiction(team, try held(team) { $0.budgets[1].id.period = .total }, "period")
    expectContradiction(team, try held(team) { $0.budgets[1].id.start = TestTeam.start }, "start")
    expectContradiction(team, try held(team) { $0.budgets[1].id.start = team.now.adding(seconds: 1) }, "start")
    expectContradiction(team, try held(team) { $0.budgets[1].end = team.now }, "start")
    expectContradiction(team, try held(team) { $0.budgets[1].end = nil }, "end")
    expectContradiction(team, try held(team) { $0.budgets[1].usedBefore = Credits(1) }, "usedBefore")
    expectContradiction(team, try held(team) { $0.budgets[1].limit = Credits(1_000_000) }, "limit")
    expectContradiction(team, try held(team) { $0.budgets[2].id.start = Timestamp(microseconds: 1) }, "budgets")
  }

  @Test func everyAssertionOfASettlementIsChecked() throws {
    let team = try team()
    expectContradiction(team, try settled(team) { $0.hold = 1 }, "hold")
    expectContradiction(team, try settled(team) { $0.amount = Credits(1) }, "amount")
    expectContradiction(team, try settled(team) { $0.charge = Credits(33_001) }, "charge")
    expectContradiction(team, try settled(team) { $0.charge = Credits(32_999) }, "charge")
    expectContradiction(team, try settled(team) { $0.variance = Credits(1) }, "variance")
    expectContradiction(team, try settled(team) { $0.assumed = true }, "assumed")
    expectContradiction(team, try settled(team) { $0.results = 0 }, "charge")
    expectContradiction(team, try settled(team) { $0.upstreamCredit = Credits(5) }, "charge")
    expectContradiction(team, try settled(team) { $0.budgets.removeFirst() }, "budgets")
    expectContradiction(team, try settled(team) { $0.budgets[0].usedAfter = .zero }, "usedAfter")
    expectContradiction(team, try settled(team) { $0.budgets[0].heldAfter = Credits(33_000) }, "heldAfter")
  }

  @Test func nothingIsResolvedTwice() throws {
    var team = try team()
    let settlement = try settled(team) { _ in }
    try team.settle(.one)
    expectContradiction(team, settlement, "state")
    let release = EditReleased(
      record: .one, hold: 3, amount: Credits(33_000), cause: .notSent, budgets: [])
    expectContradiction(team, .released(release), "state")
    let doubt = EditInDoubt(record: .one, hold: 3, amount: Credits(33_000), cause: .timedOut)
    expectContradiction(team, .inDoubt(doubt), "state")
  }

  @Test func aRefusalThatWasNoneIsNoticed() throws {
    var team = try team()
    let command = Command.hold(.of(.two))
    guard case .refused(let event) = try team.book.decide(command, team.context()).events[0] else {
      Issue.record("nothing was refused")
      return
    }
    var changed = event
    changed.refusedBy = .team
    expectContradiction(team, .refused(changed), "refusedBy")
    changed = event
    changed.available = .zero
    expectContradiction(team, .refused(changed), "available")
    try team.run(.release(ReleaseCommand(record: .one, cause: .notSent)))
    expectContradiction(team, .refused(event), "heldBefore")
  }

  @Test func aChangeFromOtherSettingsIsNoticed() throws {
    let team = try team()
    let limit = LimitChanged(
      scope: .member, subject: MemberID.ada.bits, old: Credits(1), new: Credits(2), budget: nil)
    expectContradiction(team, .limitChanged(limit), "old")
    var same = limit
    same.old = Credits(100_000)
    same.new = same.old
    expectContradiction(team, .limitChanged(same), "new")
    same.new = Credits(2)
    expectContradiction(team, .limitChanged(same), "budget")
    same.scope = .key
    expectContradiction(team, .limitChanged(same), "scope")
    let old = MemberSettings(role: .member, status: .active, period: .month)
    var new = old
    new.status = .suspended
    let suspension = MemberChanged(member: .ada, old: old, new: new, budget: nil)
    expectContradiction(team, .memberChanged(suspension), "new")
  }

  @Test func aMovedEndMustBeTold() throws {
    var team = try TestTeam(memberPeriod: .total)
    try team.hold(.one)
    let change = ChangeMemberCommand(member: .ada, period: .set(.month))
    let events = try team.book.decide(.changeMember(change), team.context()).events
    guard case .memberChanged(var event) = events[0] else {
      Issue.record("nothing was changed")
      return
    }
    event.budget?.new = team.now
    expectContradiction(team, .memberChanged(event), "end")
    event.budget?.new = nil
    expectContradiction(team, .memberChanged(event), "end")
    event.budget = nil
    expectContradiction(team, .memberChanged(event), "budget")
  }

  @Test func aRotationMustTakeEverythingOver() throws {
    let team = try team()
    let rotation = RotateKeyCommand(key: .first, newKey: .second, overlapSeconds: 5)
    guard case .keyRotated(let event) = try team.book.decide(.rotateKey(rotation), team.context()).events[0] else {
      Issue.record("nothing was rotated")
      return
    }
    var changed = event
    changed.limit = nil
    expectContradiction(team, .keyRotated(changed), "settings")
    changed = event
    changed.budgetSubject = .second
    expectContradiction(team, .keyRotated(changed), "settings")
    changed = event
    changed.oldExpiryAfter = .epoch
    expectContradiction(team, .keyRotated(changed), "oldExpiryAfter")
  }

  @Test func aLineOfAnotherPlaceIsNoticed() throws {
    var team = try team()
    let event = try held(team) { _ in }
    var header = LineHeader(nextOf: team.book, team.context())
    header.index += 1
    #expect(throws: LedgerError.contradiction(Contradiction(.team, "index"))) {
      try team.book.apply(event, header)
    }
    header.index -= 1
    header.log = "elsewhere"
    #expect(throws: LedgerError.contradiction(Contradiction(.team, "log"))) { try team.book.apply(event, header) }
    #expect(throws: LedgerError.invalid(field: "at")) { try team.book.apply(event, at: .epoch) }
  }
}
