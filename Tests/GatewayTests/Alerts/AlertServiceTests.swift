import Gateway
import Ledger
import LedgerStore
import Synchronization
import Testing

@Suite struct AlertServiceTests {
  /// A store with a queue in memory, whose bookings may fail.
  private final class StubAlerts: AlertLedger {
    struct State {
      var pages: [AlertedBudgetPage] = []
      var queue: [AlertMessage] = []
      var enqueued: [NewAlertMessage] = []
      var postponed: [NoteID: Duration] = [:]
      var ended: [NoteID: Bool] = [:]
      var failures = 0
    }

    let state: Mutex<State>

    init(_ state: State) {
      self.state = Mutex(state)
    }

    func alertedBudgets(after place: AlertPlace, limit: Int) async throws(StoreError) -> AlertedBudgetPage {
      state.withLock {
        $0.pages.isEmpty ? AlertedBudgetPage(budgets: [], next: nil, now: .epoch) : $0.pages.removeFirst()
      }
    }

    func enqueue(_ messages: [NewAlertMessage]) async throws(StoreError) -> Int {
      state.withLock { $0.enqueued += messages }
      return messages.count
    }

    func dueMessages(limit: Int, leavingOut teams: [TeamID]) async throws(StoreError) -> [AlertMessage] {
      state.withLock { state in
        state.queue.filter {
          !teams.contains($0.alert.team) && state.ended[$0.id] == nil && state.postponed[$0.id] == nil
        }
      }
    }

    func claim(_ message: AlertMessage, for lease: Duration) async throws(StoreError) -> AlertMessage? {
      var claimed = message
      claimed.attempts += 1
      return claimed
    }

    func postpone(_ message: AlertMessage, by delay: Duration, status: Int64?) async throws(StoreError) {
      state.withLock { $0.postponed[message.id] = delay }
    }

    func end(
      _ message: AlertMessage, status: Int64?, isDelivered: Bool, by administrator: Administrator?
    ) async throws(StoreError) {
      let fails = state.withLock { state in
        state.failures -= 1
        return state.failures >= 0
      }
      if fails { throw StoreError(.unavailable(mayBeHeld: false)) }
      state.withLock { $0.ended[message.id] = isDelivered }
    }
  }

  private struct Ended: Error {}

  private func service(
    _ ledger: StubAlerts, pause: @escaping @Sendable (Duration) async throws -> Void = { _ in },
    send: @escaping @Sendable (AlertMessage) -> WebhookOutcome
  ) -> AlertService {
    AlertService(
      AlertService.Parts(
        ledger: ledger, send: { message, _ in send(message) }, clock: ManualClock().clock, pause: pause,
        registry: PrometheusRegistry(), logger: .silent))
  }

  @Test func whatIsDueIsSentAndBooked() async throws {
    var state = StubAlerts.State()
    state.queue = (1...3).map { Messages.message(id: NoteID(bits: UInt128($0))) }
    let ledger = StubAlerts(state)
    await service(ledger) { message in
      .answered(status: message.id == NoteID(bits: 2) ? 500 : 200, retryAfterSeconds: nil)
    }.deliverDue()
    let after = ledger.state.withLock { $0 }
    #expect(after.ended == [NoteID(bits: 1): true, NoteID(bits: 3): true])
    #expect(after.postponed.keys.sorted() == [NoteID(bits: 2)])
  }

  @Test func bookingIsTriedAgainAndThenLeftToTheLease() async throws {
    for (failures, isBooked) in [(2, true), (3, false)] {
      var state = StubAlerts.State()
      state.queue = [Messages.message()]
      state.failures = failures
      let ledger = StubAlerts(state)
      let service = service(ledger) { _ in .answered(status: 200, retryAfterSeconds: nil) }
      await service.deliverDue()
      #expect(ledger.state.withLock { $0.ended.count == 1 } == isBooked)
      // It is out of hand either way, so that it can be taken up again.
      await service.deliverDue()
      #expect(ledger.state.withLock { $0.ended.count } == 1)
    }
  }

  @Test func whatAnEndingGatewayCutsIsNeitherBookedNorPutOff() async throws {
    var state = StubAlerts.State()
    state.queue = [Messages.message(attempts: AlertMachine.Limits().attemptsMaximum - 1)]
    let ledger = StubAlerts(state)
    await service(ledger) { _ in .failed(.stopping) }.deliverDue()
    #expect(ledger.state.withLock { $0.ended.isEmpty && $0.postponed.isEmpty })
    // The next gateway finds the last attempt counted.
    ledger.state.withLock { $0.queue[0].attempts += 1 }
    await service(ledger) { _ in .answered(status: 200, retryAfterSeconds: nil) }.deliverDue()
    #expect(ledger.state.withLock { $0.ended } == [Messages.message().id: true])
  }

  @Test func everyPageOfBudgetsIsLookedAt() async throws {
    func page(_ number: UInt128, next: AlertPlace?) -> AlertedBudgetPage {
      AlertedBudgetPage(
        budgets: [
          AlertedBudget(
            team: TeamID(bits: number), alert: NoteID(bits: number), thresholds: [50, 90], budget: Messages.budget(),
            told: [])
        ], next: next, now: .epoch)
    }
    var state = StubAlerts.State()
    state.pages = [page(1, next: AlertPlace.start), page(2, next: nil), page(3, next: nil)]
    let ledger = StubAlerts(state)
    await service(ledger) { _ in .failed(.cut) }.look()
    #expect(ledger.state.withLock { $0.enqueued.map(\.team) } == [TeamID(bits: 1), TeamID(bits: 2)])
    #expect(ledger.state.withLock { $0.enqueued.map(\.threshold) } == [50, 50])
  }

  @Test func serviceLooksAndSendsAtItsStartAndEndsWhenItIsTold() async throws {
    var state = StubAlerts.State()
    state.queue = [Messages.message()]
    let ledger = StubAlerts(state)
    try await service(ledger, pause: { _ in throw Ended() }) { _ in .answered(status: 200, retryAfterSeconds: nil) }
      .run()
    #expect(ledger.state.withLock { $0.ended.count } == 1)
  }

  @Test func bodySaysWhatIsUsedOfWhichBudget() throws {
    let message = Messages.message(id: NoteID(bits: 7))
    #expect(
      String(decoding: WebhookBody.json(of: message), as: UTF8.self) == """
        {"type":"budget.threshold_reached","timestamp":"2026-11-06T21:20:00.123Z","data":{\
        "alertId":"00000000-0000-0000-0000-00000000000e","teamId":"00000000-0000-0000-0000-00000000000a",\
        "scope":"member","subject":"user-12345","threshold":50,"period":"month",\
        "periodStart":"2026-11-01T00:00:00.000Z","resetsAt":"2026-12-01T00:00:00.000Z","limit":100,"used":60,"held":5}}
        """)
    let test = Messages.message(threshold: nil)
    let text = String(decoding: WebhookBody.json(of: test), as: UTF8.self)
    #expect(text.contains(#""type":"budget.alert_test""#) && text.contains(#""threshold":null"#))
  }
}
