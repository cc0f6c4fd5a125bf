import Gateway
import Ledger
import LedgerStore
import Logging
import Synchronization
import Testing

@Suite struct HaltWatchTests {
  /// A store with halted logs, unless it does not answer.
  private final class StubHalts: HaltLedger {
    let answer = Mutex<Result<Int, StoreError>>(.success(0))

    func logHalts() async throws(StoreError) -> [LogHalt] {
      let count = try answer.withLock { $0 }.get()
      return (0..<count).map { number in
        LogHalt(team: TeamID(bits: UInt128(number)), origin: "tally.local/\(number)", cause: .contradiction, size: 1)
      }
    }
  }

  @Test func theMetricSaysHowManyLogsAreHalted() async {
    let (ledger, registry) = (StubHalts(), PrometheusRegistry())
    let watch = HaltWatch(ledger: ledger, registry: registry, logger: .silent)
    for (answer, shown) in [
      (Result<Int, StoreError>.success(2), 2), (.failure(StoreError(.unavailable(mayBeHeld: false))), 2),
      (.success(0), 0),
    ] {
      ledger.answer.withLock { $0 = answer }
      await watch.look()
      #expect(registry.text.contains("tally_logs_halted \(shown)\n"), "\(registry.text)")
    }
  }
}
