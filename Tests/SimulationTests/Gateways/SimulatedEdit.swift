import Gateway
import Ledger
import LedgerStore
import Upstream

/// The shell around the `EditMachine` of one edit, as `EditFlow` is around the real one.
final class SimulatedEdit {
  /// How long an upstream that has taken an edit is asked for it.
  private static let resultTimeout: Duration = .seconds(20)

  private let gateway: SimulatedGateway
  private let run: GatewayRun
  private let facts: EditFacts
  private let request: HoldRequest
  private var machine: EditMachine
  private var isCounted = false
  /// What is being booked.
  private var booking: Booking?
  private let answer: (SimulatedAnswer) -> Void
  private var process: SimulatedProcess { run.process }
  private var world: World { process.world }

  init(
    _ gateway: SimulatedGateway, _ run: GatewayRun, _ facts: EditFacts,
    _ answer: @escaping (SimulatedAnswer) -> Void
  ) {
    self.gateway = gateway
    self.run = run
    self.facts = facts
    self.answer = answer
    request = facts.holdRequest
    machine = EditMachine(request, resultTimeout: Self.resultTimeout, decide: gateway.world.bugs.verdict)
  }

  func begin() {
    isCounted = true
    run.editCount += 1
    if let claim = request.idempotency {
      world.auditor.began(facts.record, under: request.claimID(claim), bodyHash: claim.bodyHash)
    }
    handle(.started)
  }

  private func handle(_ event: EditMachine.Event) {
    for effect in machine.handle(event, now: world.clock.now) {
      perform(effect)
      guard process.outlivesEffect() else { return }
    }
    // An answer may come while its question is still being asked, so this is reached twice.
    guard machine.isDone, isCounted else { return }
    isCounted = false
    run.editCount -= 1
  }

  private func perform(_ effect: EditMachine.Effect) {
    switch effect {
    case .hold: run.hold(request) { [self] in handle(.holdAnswered($0)) }
    case .submit: submit()
    case .pause(let span): process.after(span) { [self] in handle(.pauseOver) }
    case .ask(let uuid): world.upstream.ask(uuid, from: process) { [self] in handle(.asked($0)) }
    case .journal(let booking): gateway.folder.journal(booking, of: run.instance)
    case .attach(let request): run.book(.attach(request), .untilCommitted) { _ in }
    case .book(let booking, let patience):
      self.booking = booking
      world.auditor.willBook(booking, isJournaled: gateway.folder.isJournaled(booking, of: run.instance))
      run.book(booking, patience) { [self] result in
        if case .success = result { world.auditor.checkBooked(booking) }
        handle(.booked(result))
      }
    case .secure: gateway.folder.secure(run.instance)
    case .forget: gateway.folder.forget(facts.record, of: run.instance)
    case .answer(let told): tell(SimulatedAnswer(told))
    }
  }

  private func submit() {
    gateway.folder.note(facts.record, of: run.instance)
    guard world.clock.now < run.leaseUntil else {
      return process.after(.zero) { [self] in
        handle(.submitted(.notDone(Upstream.Refusal(cause: .notPermitted))))
      }
    }
    world.upstream.submit(facts, from: process) { [self] outcome in
      if case .accepted = outcome { gateway.folder.taken.insert(facts.record) }
      handle(.submitted(outcome))
    }
  }

  private func tell(_ told: SimulatedAnswer) {
    world.auditor.answered(told, record: facts.record)
    if told == .inDoubt, let booking {
      world.auditor.checkSecured(booking, isOnDisk: gateway.folder.isOnDisk(facts.record, of: run.instance))
    }
    answer(told)
  }
}
