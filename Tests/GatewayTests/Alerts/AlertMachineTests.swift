import Gateway
import Ledger
import LedgerStore
import Testing

@Suite struct AlertMachineTests {
  private func message(_ number: Int, team: Int = 1, attempts: Int64 = 0) -> AlertMessage {
    Messages.message(
      id: NoteID(bits: UInt128(number)), team: TeamID(bits: UInt128(team)), secret: Self.secret, attempts: attempts)
  }

  private static let secret = AlertSecret.random()
  private static let ok = WebhookOutcome.answered(status: 204, retryAfterSeconds: nil)
  private static let broken = WebhookOutcome.answered(status: 500, retryAfterSeconds: nil)

  @Test func messageThatArrivesIsEndedAtOnce() {
    var machine = AlertMachine()
    let due = message(1)
    #expect(machine.handle(.due([due])) == [.claim(due)])
    let claimed = message(1, attempts: 1)
    #expect(machine.handle(.claimed(claimed)) == [.send(claimed)])
    #expect(
      machine.handle(.attempted(claimed, Self.ok, chance: 0)) == [.end(claimed, status: 204, isDelivered: true)])
    #expect(machine.handle(.done(claimed)) == [])
    #expect(machine.room == AlertMachine.Limits().inFlightMaximum)
  }

  @Test(arguments: [
    WebhookOutcome.answered(status: 500, retryAfterSeconds: nil), .answered(status: 302, retryAfterSeconds: nil),
    .answered(status: 404, retryAfterSeconds: nil), .answered(status: 429, retryAfterSeconds: nil),
    .answered(status: 199, retryAfterSeconds: nil), .answered(status: 300, retryAfterSeconds: nil), .failed(.timedOut),
    .failed(.privateAddress), .refused(.privateHost),
  ])
  func whateverIsNoSuccessIsTriedAgainUntilTheLastAttempt(outcome: WebhookOutcome) {
    var machine = AlertMachine()
    let maximum = AlertMachine.Limits().attemptsMaximum
    for attempts in 1..<maximum {
      let tried = message(1, attempts: attempts)
      let delay = AlertMachine.delay(after: attempts, outcome, chance: 500)
      #expect(
        machine.handle(.attempted(tried, outcome, chance: 500)) == [.postpone(tried, by: delay, status: outcome.status)]
      )
    }
    let last = message(1, attempts: maximum)
    #expect(
      machine.handle(.attempted(last, outcome, chance: 500)) == [
        .end(last, status: outcome.status, isDelivered: false)
      ])
  }

  @Test func receiverThatIsGoneIsNotAskedAgain() {
    var machine = AlertMachine()
    let tried = message(1, attempts: 1)
    #expect(
      machine.handle(.attempted(tried, .answered(status: 410, retryAfterSeconds: nil), chance: 0)) == [
        .end(tried, status: 410, isDelivered: false)
      ])
  }

  /// Its last attempt was begun by a gateway that was killed before it could tell: nobody has answered yet.
  @Test func messageWhoseLastAttemptHasNoEndIsTriedAgainAndThenGivenUp() {
    var machine = AlertMachine()
    let maximum = AlertMachine.Limits().attemptsMaximum
    let again = message(1, attempts: maximum + 1)
    #expect(machine.handle(.claimed(again)) == [.send(again)])
    #expect(
      machine.handle(.attempted(again, Self.broken, chance: 0)) == [.end(again, status: 500, isDelivered: false)])
  }

  @Test(arguments: [1, AlertMachine.Limits().attemptsMaximum, AlertMachine.Limits().beginningsMaximum])
  func attemptThatTheGatewaysEndCutsIsLeftToTheNextGateway(attempts: Int64) {
    var machine = AlertMachine()
    #expect(machine.handle(.due([message(1)])) == [.claim(message(1))])
    let tried = message(1, attempts: attempts)
    #expect(machine.handle(.attempted(tried, .failed(.stopping), chance: 500)) == [])
    #expect(machine.room == AlertMachine.Limits().inFlightMaximum)
  }

  /// A gateway that crashes in each attempt: the message is claimed anew each time, and nothing is ever booked.
  @Test func messageWithoutABeginningLeftIsGivenUpAndNotSent() {
    var machine = AlertMachine()
    let maximum = AlertMachine.Limits().beginningsMaximum
    let last = message(1, attempts: maximum)
    #expect(machine.handle(.claimed(last)) == [.send(last)])
    #expect(
      machine.handle(.claimed(message(1, attempts: maximum + 1))) == [.end(last, status: nil, isDelivered: false)])
  }

  @Test func messageInHandIsNotTakenUpTwice() {
    var machine = AlertMachine()
    #expect(machine.handle(.due([message(1)])).count == 1)
    #expect(machine.handle(.due([message(1), message(2)])) == [.claim(message(2))])
    // Somebody else had it.
    #expect(machine.handle(.done(message(1))) == [])
    #expect(machine.handle(.due([message(1)])).count == 1)
  }

  @Test func oneTeamLeavesRoomForOthers() {
    var machine = AlertMachine()
    let limits = AlertMachine.Limits()
    let flood = (1...100).map { message($0, team: 1) }
    #expect(machine.handle(.due(flood)).count == limits.inFlightPerTeamMaximum)
    #expect(machine.busyTeams == [TeamID(bits: 1)])
    #expect(machine.handle(.due([message(200, team: 2)])).count == 1)
    let others = (1...100).map { message(1_000 + $0, team: 10 + $0) }
    _ = machine.handle(.due(others))
    #expect(machine.room == 0)
    _ = machine.handle(.done(flood[0]))
    #expect(machine.room == 1 && machine.busyTeams == [])
  }

  @Test func delaysGrowToTheLongestAndDifferByChance() {
    let limits = AlertMachine.Limits()
    var longest = Duration.zero
    for attempts in 1...limits.attemptsMaximum {
      let least = AlertMachine.delay(after: attempts, Self.broken, chance: 0)
      let most = AlertMachine.delay(after: attempts, Self.broken, chance: 1_000)
      #expect(least * 2 == most)
      #expect(most >= longest && most <= limits.delayMaximum)
      longest = most
    }
    #expect(longest == limits.delayMaximum)
    #expect(AlertMachine.delay(after: 1, Self.broken, chance: 1_000) == .seconds(2))
    #expect(AlertMachine.delay(after: 3, Self.broken, chance: 1_000) == .seconds(32))
    #expect(AlertMachine.delay(after: .max, Self.broken, chance: 5_000) == limits.delayMaximum)
  }

  @Test func receiverIsLeftAloneForAsLongAsItAsksWithinReason() {
    let limits = AlertMachine.Limits()
    #expect(
      AlertMachine.delay(after: 1, .answered(status: 503, retryAfterSeconds: 60), chance: 0) == .seconds(60))
    #expect(
      AlertMachine.delay(after: 5, .answered(status: 503, retryAfterSeconds: 1), chance: 1_000) == .seconds(512))
    #expect(
      AlertMachine.delay(after: 1, .answered(status: 503, retryAfterSeconds: .max), chance: 0) == limits.delayMaximum)
  }

  /// Whatever happens in whatever order: no message is in hand twice, bounds are kept, and each comes to its end.
  @Test func machineKeepsItsBoundsInAnyOrderOfEvents() throws {
    let seed = SeededGenerator.testSeed()
    var generator = SeededGenerator(seed: seed)
    let limits = AlertMachine.Limits()
    for _ in 0..<200 {
      var machine = AlertMachine()
      var waiting = (1...60).map { message($0, team: Int.random(in: 1...12, using: &generator)) }
      var open: [AlertMachine.Effect] = []
      var inHand: Set<NoteID> = []
      var ended: [NoteID: Int] = [:]
      while !waiting.isEmpty || !open.isEmpty {
        if open.isEmpty || Bool.random(using: &generator) {
          let due = waiting.shuffled(using: &generator).filter { !machine.busyTeams.contains($0.alert.team) }
          let effects = machine.handle(.due(Array(due.prefix(machine.room))))
          for case .claim(let claimed) in effects { #expect(inHand.insert(claimed.id).inserted, "seed \(seed)") }
          open += effects
        }
        #expect(inHand.count <= limits.inFlightMaximum)
        guard let position = open.indices.randomElement(using: &generator) else { continue }
        switch open.remove(at: position) {
        case .claim(var claimed):
          claimed.attempts += 1
          open += machine.handle(Int.random(in: 0..<5, using: &generator) == 0 ? .done(claimed) : .claimed(claimed))
          if open.last.map({ if case .send(let sent) = $0 { sent.id != claimed.id } else { true } }) ?? true {
            inHand.remove(claimed.id)
          }
        case .send(let sent):
          let outcome = [Self.ok, Self.broken, .failed(.cut)].randomElement(using: &generator) ?? Self.ok
          open += machine.handle(.attempted(sent, outcome, chance: Int.random(in: 0...1_000, using: &generator)))
        case .postpone(let tried, _, _):
          waiting.removeAll { $0.id == tried.id }
          waiting.append(tried)
          inHand.remove(tried.id)
          _ = machine.handle(.done(tried))
        case .end(let message, _, _):
          waiting.removeAll { $0.id == message.id }
          inHand.remove(message.id)
          ended[message.id, default: 0] += 1
          _ = machine.handle(.done(message))
        }
      }
      #expect(machine.room == limits.inFlightMaximum, "seed \(seed)")
      #expect(ended.count == 60 && ended.values.allSatisfy { $0 == 1 }, "seed \(seed)")
    }
  }

  @Test func eachThresholdReachedAndNotToldOfIsAMessage() {
    func found(used: Int64, told: [Int64], limit: Int64? = 100) -> AlertedBudget {
      AlertedBudget(
        team: Messages.team, alert: NoteID(bits: 9), thresholds: [50, 80, 100],
        budget: Messages.budget(used: used, limit: limit), told: told)
    }
    func thresholds(_ budgets: [AlertedBudget]) -> [Int64] {
      let count = Counted()
      let page = AlertedBudgetPage(budgets: budgets, next: nil, now: .epoch)
      return AlertMachine.messages(of: page) { NoteID(bits: UInt128(count.next())) }.map(\.threshold)
    }
    #expect(thresholds([found(used: 49, told: [])]) == [])
    #expect(thresholds([found(used: 50, told: [])]) == [50])
    #expect(thresholds([found(used: 100, told: [])]) == [50, 80, 100])
    #expect(thresholds([found(used: 100, told: [50, 80])]) == [100])
    #expect(thresholds([found(used: 100, told: [50, 80, 100])]) == [])
    #expect(thresholds([found(used: 100, told: [], limit: nil)]) == [])
  }
}
