import LedgerStore
package import Logging
import Metrics
import ServiceLifecycle

/// Closes each team's calendar month soon after its end (docs/audit.md, closed periods), for as long as the gateway runs.
/// Any number of gateways may do so: a month that is closed already costs one look-up.
package struct ClosingService: Service {
  /// What it works with.
  package struct Parts: Sendable {
    /// The ledger's store.
    package var ledger: any ClosingLedger
    /// The time.
    package var clock: GatewayClock
    /// Waits; throws when it is to end.
    package var pause: @Sendable (Duration) async throws -> Void
    /// Where the metrics go.
    package var registry: PrometheusRegistry
    /// Where it tells what it does.
    package var logger: Logger

    /// Parts, with the machine's clocks.
    package init(
      ledger: any ClosingLedger, clock: GatewayClock = .system,
      pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
      registry: PrometheusRegistry, logger: Logger
    ) {
      self.ledger = ledger
      self.clock = clock
      self.pause = pause
      self.registry = registry
      self.logger = logger
    }
  }

  /// Months that one look takes up: bounds its memory.
  package static let periodsPerLook = 1_000
  /// The longest pause between two closings.
  private static let pauseMaximum = Duration.seconds(5)

  private let parts: Parts

  /// A service that closes nothing yet.
  package init(_ parts: Parts) {
    self.parts = parts
  }

  /// Closes what is due until a graceful shutdown or a cancellation. Throws nothing: what fails is tried again.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      var schedule = ClosingSchedule(startingAt: parts.clock.now())
      while !Task.isCancelled {
        if schedule.isDue(at: parts.clock.now()) {
          let outcome = await look()
          schedule.looked(at: parts.clock.now(), outcome)
        }
        do {
          try await parts.pause(schedule.wait(at: parts.clock.now()))
        } catch {
          return
        }
      }
    }
  }

  /// Closes what is due now. One month after the other, with a pause as long as the closing took, so that the end of a
  /// month takes at most half of what a lane can do.
  package func look() async -> ClosingSchedule.Outcome {
    let due: [PeriodToClose]
    do throws(StoreError) {
      due = try await parts.ledger.periodsToClose(limit: Self.periodsPerLook)
    } catch {
      parts.logger.debug("Months that are over could not be looked for.", metadata: ["cause": "\(error)"])
      return .failed
    }
    var closedCount = 0
    for period in due {
      let start = parts.clock.monotonic()
      do throws(StoreError) {
        guard let closed = try await parts.ledger.closeOnce(period) else {
          closedCount += 1
          continue
        }
        closedCount += 1
        note(closed, period)
      } catch {
        switch error.reason {
        case .unavailable, .overloaded: return .failed
        default: report(error, period)
        }
      }
      do {
        try await parts.pause(min(parts.clock.monotonic() - start, Self.pauseMaximum))
      } catch {
        return .failed
      }
    }
    // Where nothing can be closed, the same ones would be found again.
    return due.count == Self.periodsPerLook && closedCount > 0 ? .more : .done
  }

  private func note(_ closed: ClosedPeriod, _ period: PeriodToClose) {
    Counter(label: "tally_periods_closed", dimensions: [], factory: parts.registry).increment()
    parts.logger.info(
      "A month is closed.",
      metadata: ["team": "\(period.team)", "month": "\(closed.month)", "index": "\(closed.index)"])
  }

  private func report(_ error: StoreError, _ period: PeriodToClose) {
    parts.logger.error(
      "A month cannot be closed.",
      metadata: ["team": "\(period.team)", "month": "\(period.month.text)", "cause": "\(error)"])
  }
}
