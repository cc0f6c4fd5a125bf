import Gateway
import Ledger
import LedgerStore
import Logging
import Synchronization
import Testing

@Suite struct CoveringServiceTests {
  private static let own = InstanceID(bits: 1)

  /// A store with a lease, whose heads may have changed.
  private final class StubCovering: CoveringLedger {
    let lease: SignerLease?
    let answers: Mutex<[Result<HeadsCovered?, StoreError>]>

    init(_ lease: SignerLease?, _ answers: [Result<HeadsCovered?, StoreError>] = []) {
      self.lease = lease
      self.answers = Mutex(answers)
    }

    func signerLease() async throws(StoreError) -> SignerLease? { lease }

    func coverHeads() async throws(StoreError) -> HeadsCovered? {
      try answers.withLock { $0.removeFirst() }.get()
    }
  }

  private static func lease(of holder: InstanceID, endsAfter microseconds: Int64 = 1) -> SignerLease {
    SignerLease(
      state: SignerStateID(bits: 7), holder: holder, term: 1, leaseUntil: Timestamp(microseconds: microseconds),
      now: .epoch)
  }

  private func service(
    _ ledger: StubCovering, pause: @escaping @Sendable (Duration) async throws -> Void = { _ in }
  ) -> CoveringService {
    CoveringService(
      CoveringService.Parts(
        ledger: ledger, instance: Self.own, pause: pause, registry: PrometheusRegistry(), logger: .silent))
  }

  @Test func whoSignsCoversWhatChanged() async {
    let covered = HeadsCovered(count: 2, root: .zero)
    let ledger = StubCovering(Self.lease(of: Self.own), [.success(covered), .success(nil)])
    #expect(await service(ledger).turn() == .covered)
    #expect(await service(ledger).turn() == .unchanged)
  }

  @Test func whoDoesNotSignCoversNothing() async {
    let others = [nil, Self.lease(of: InstanceID(bits: 2)), Self.lease(of: Self.own, endsAfter: 0)]
    for lease in others { #expect(await service(StubCovering(lease)).turn() == .notSigning) }
  }

  @Test func aFailureIsTriedAgainWithTheNextInterval() async throws {
    let ledger = StubCovering(
      Self.lease(of: Self.own),
      [
        .failure(StoreError(.unavailable(mayBeHeld: false))), .failure(StoreError(.notAllowed(.teamHalted))),
        .success(nil),
      ])
    let pauses = Mutex<[Duration]>([])
    try await service(ledger) { duration in
      let count = pauses.withLock { pauses in
        pauses.append(duration)
        return pauses.count
      }
      if count == 4 { throw CancellationError() }
    }.run()
    let interval = CoveringService.interval
    let waited = pauses.withLock { $0 }
    #expect(waited == [CoveringService.firstPause, interval, interval, interval])
    let isDone = ledger.answers.withLock { $0.isEmpty }
    #expect(isDone)
  }
}
