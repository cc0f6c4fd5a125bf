import Gateway
import Ledger
import LedgerStore
import Logging
import Synchronization
import Testing

@Suite struct SpanServiceTests {
  /// A store whose teams have so many transactions' worth of days left.
  private final class StubSpans: SpanLedger {
    let left: Mutex<[TeamID: Int]>
    let failing: Set<TeamID>

    init(_ left: [TeamID: Int], failing: Set<TeamID> = []) {
      self.left = Mutex(left)
      self.failing = failing
    }

    func teamsToSpan() async throws(StoreError) -> [TeamID] {
      left.withLock { $0.filter { $0.value > 0 }.keys.sorted() }
    }

    func makeSpans(of team: TeamID) async throws(StoreError) -> Int {
      if failing.contains(team) { throw StoreError(.unavailable(mayBeHeld: false)) }
      return left.withLock { left in
        let count = left[team] ?? 0
        left[team] = max(0, count - 1)
        return min(count, 1) * 8
      }
    }
  }

  private struct Ended: Error {}

  private func service(
    _ ledger: StubSpans, pause: @escaping @Sendable (Duration) async throws -> Void = { _ in }
  ) -> SpanService {
    SpanService(SpanService.Parts(ledger: ledger, clock: ManualClock().clock, pause: pause, logger: .silent))
  }

  @Test func everythingThatIsOverIsSummedUp() async throws {
    let ledger = StubSpans([TeamID(bits: 1): 3, TeamID(bits: 2): 1])
    #expect(try await service(ledger).look() == 32)
    #expect(try await service(ledger).look() == 0)
  }

  @Test func teamThatFailsHindersNoOther() async throws {
    let ledger = StubSpans([TeamID(bits: 1): 3, TeamID(bits: 2): 1], failing: [TeamID(bits: 1)])
    #expect(try await service(ledger).look() == 8)
  }

  @Test func serviceLooksAtItsStartAndEndsWhenItIsTold() async throws {
    let ledger = StubSpans([TeamID(bits: 1): 2])
    try await service(ledger) { duration in if duration == SpanService.interval { throw Ended() } }.run()
    #expect(ledger.left.withLock(\.self) == [TeamID(bits: 1): 0])
  }
}
