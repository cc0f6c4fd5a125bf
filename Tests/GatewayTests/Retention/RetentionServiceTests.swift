import Gateway
import Ledger
import LedgerStore
import Logging
import Synchronization
import Testing

@Suite struct RetentionServiceTests {
  /// A store with teams of which something is to be removed, unless it cannot be.
  private final class StubRetention: RetentionLedger {
    let due: Mutex<[TeamID]>
    let removed = Mutex<[TeamID]>([])
    let failing: [TeamID: StoreError]

    init(_ due: [TeamID], failing: [TeamID: StoreError] = [:]) {
      self.due = Mutex(due)
      self.failing = failing
    }

    func teamsToRemoveFrom(limit: Int) async throws(StoreError) -> [TeamID] {
      due.withLock { Array($0.prefix(limit)) }
    }

    func removeOld(of team: TeamID) async throws(StoreError) -> Removal? {
      if let error = failing[team] { throw error }
      due.withLock { $0.removeAll { $0 == team } }
      removed.withLock { $0.append(team) }
      return Removal(id: NoteID(bits: 1), before: .epoch, until: 1, records: 3, buckets: 2, index: 9)
    }
  }

  private func teams(_ count: Int) -> [TeamID] {
    (1...count).map { TeamID(bits: UInt128($0)) }
  }

  private func service(
    _ ledger: StubRetention, pause: @escaping @Sendable (Duration) async throws -> Void = { _ in }
  ) -> RetentionService {
    RetentionService(
      RetentionService.Parts(ledger: ledger, pause: pause, registry: PrometheusRegistry(), logger: .silent))
  }

  @Test func everyTeamThatIsDueIsTakenUp() async {
    let ledger = StubRetention(teams(3))
    #expect(await service(ledger).look() == .done)
    #expect(ledger.removed.withLock(\.self) == teams(3))
    #expect(await service(ledger).look() == .done)
    #expect(ledger.removed.withLock(\.count) == 3)
  }

  @Test func teamOnLegalHoldHindersNoOther() async {
    let ledger = StubRetention(teams(3), failing: [teams(1)[0]: StoreError(.conflict("on legal hold"))])
    #expect(await service(ledger).look() == .done)
    #expect(ledger.removed.withLock(\.self) == Array(teams(3)[1...]))
  }

  @Test func aTeamThatFailsHoldsUpNoOther() async {
    let ledger = StubRetention(teams(3), failing: [teams(2)[1]: StoreError(.unavailable(mayBeHeld: false))])
    #expect(await service(ledger).look() == .failed)
    #expect(ledger.removed.withLock(\.self) == [teams(3)[0], teams(3)[2]])
  }

  @Test func serviceLooksAtItsStartAndEndsWhenItIsTold() async throws {
    let ledger = StubRetention(teams(1))
    struct Ended: Error {}
    try await service(ledger) { _ in throw Ended() }.run()
    #expect(ledger.removed.withLock(\.count) == 1)
  }
}
