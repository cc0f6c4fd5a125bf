package import LedgerStore
package import Logging
import Metrics
import ServiceLifecycle

/// What watching for halted logs asks of the ledger's store; `LedgerStore` is the one that serves.
package protocol HaltLedger: Sendable {
  /// All logs that are halted.
  func logHalts() async throws(StoreError) -> [LogHalt]
}

extension LedgerStore: HaltLedger {}

/// Tells by the metric `tally_logs_halted` how many logs are halted, for as long as the gateway runs: a team that is halted
/// stays so until an operator comes, and the line in the log of the gateway that halted it is told once.
package struct HaltWatch: Service {
  private static let interval = Duration.seconds(30)

  private let ledger: any HaltLedger
  private let gauge: Gauge
  private let logger: Logger

  /// A watch that has not looked yet.
  package init(ledger: any HaltLedger, registry: PrometheusRegistry, logger: Logger) {
    self.ledger = ledger
    self.logger = logger
    gauge = Gauge(label: "tally_logs_halted", dimensions: [], factory: registry)
  }

  /// Looks until a graceful shutdown or a cancellation. Throws nothing: what fails is tried again.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await look()
        // Ends early when the service is to stop; then nothing is left to wait for.
        try? await Task.sleep(for: Self.interval)
      }
    }
  }

  /// Looks once. Where the database does not answer, what was found before stands.
  package func look() async {
    do throws(StoreError) {
      gauge.record(Double(try await ledger.logHalts().count))
    } catch {
      logger.debug("Halted logs could not be looked for.", metadata: ["cause": "\(error)"])
    }
  }
}
