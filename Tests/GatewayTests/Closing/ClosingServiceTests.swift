import Gateway
import Ledger
import LedgerStore
import Logging
import Synchronization
import Testing

@Suite struct ClosingServiceTests {
  /// A store whose teams are closed, unless they cannot be.
  private final class StubClosing: ClosingLedger {
    let due: Mutex<[PeriodToClose]>
    let closed = Mutex<[PeriodToClose]>([])
    let failing: [TeamID: StoreError]

    init(_ due: [PeriodToClose], failing: [TeamID: StoreError] = [:]) {
      self.due = Mutex(due)
      self.failing = failing
    }

    func periodsToClose(limit: Int) async throws(StoreError) -> [PeriodToClose] {
      due.withLock { Array($0.prefix(limit)) }
    }

    func closeOnce(_ period: PeriodToClose) async throws(StoreError) -> ClosedPeriod? {
      if let error = failing[period.team] { throw error }
      due.withLock { $0.removeAll { $0 == period } }
      closed.withLock { $0.append(period) }
      return ClosedPeriod(
        month: period.month.text, start: .epoch, end: period.end, index: 1, book: .zero)
    }
  }

  private func periods(_ count: Int) throws -> [PeriodToClose] {
    let month = try #require(CalendarMonth("2026-10"))
    return (1...count).map { PeriodToClose(team: TeamID(bits: UInt128($0)), month: month, end: .epoch) }
  }

  private func service(
    _ ledger: StubClosing, pause: @escaping @Sendable (Duration) async throws -> Void = { _ in }
  ) -> ClosingService {
    ClosingService(
      ClosingService.Parts(
        ledger: ledger, clock: ManualClock().clock, pause: pause, registry: PrometheusRegistry(), logger: .silent))
  }

  @Test func everyTeamThatIsDueIsClosed() async throws {
    let due = try periods(3)
    let ledger = StubClosing(due)
    #expect(await service(ledger).look() == .done)
    #expect(ledger.closed.withLock(\.self) == due)
    #expect(await service(ledger).look() == .done)
    #expect(ledger.closed.withLock(\.count) == 3)
  }

  @Test func teamThatCannotBeClosedHindersNoOther() async throws {
    let due = try periods(3)
    let ledger = StubClosing(due, failing: [due[0].team: StoreError(.conflict("the books do not balance"))])
    #expect(await service(ledger).look() == .done)
    #expect(ledger.closed.withLock(\.self) == Array(due[1...]))
  }

  @Test func databaseThatIsAwayEndsTheLook() async throws {
    let due = try periods(3)
    let ledger = StubClosing(due, failing: [due[1].team: StoreError(.unavailable(mayBeHeld: false))])
    #expect(await service(ledger).look() == .failed)
    #expect(ledger.closed.withLock(\.self) == [due[0]])
  }

  @Test func moreThanOneLookTakesIsTakenUpAtOnce() async throws {
    let ledger = StubClosing(try periods(ClosingService.periodsPerLook + 1))
    #expect(await service(ledger).look() == .more)
    #expect(await service(ledger).look() == .done)
    #expect(ledger.closed.withLock(\.count) == ClosingService.periodsPerLook + 1)
  }

  @Test func serviceClosesAtItsStartAndEndsWhenItIsTold() async throws {
    let ledger = StubClosing(try periods(1))
    struct Ended: Error {}
    try await service(ledger) { duration in if duration > .zero { throw Ended() } }.run()
    #expect(ledger.closed.withLock(\.count) == 1)
  }
}
