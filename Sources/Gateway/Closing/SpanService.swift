package import Ledger
package import LedgerStore
package import Logging
import ServiceLifecycle

/// What summing up usage asks of the ledger's store; `LedgerStore` is the one that serves.
package protocol SpanLedger: Sendable {
  /// Teams that have days or months which are over and not summed up.
  func teamsToSpan() async throws(StoreError) -> [TeamID]
  /// Sums up the next few of a team; 0: there is nothing to sum up now, or somebody else does it.
  func makeSpans(of team: TeamID) async throws(StoreError) -> Int
}

extension LedgerStore: SpanLedger {}

/// Sums up each team's usage of days and months soon after their end (docs/rollups.md, spans), so that long reports read few
/// rows. Any number of gateways may do so; nothing depends on its being done in time but the speed of reports.
package struct SpanService: Service {
  /// What it works with.
  package struct Parts: Sendable {
    /// The ledger's store.
    package var ledger: any SpanLedger
    /// The time.
    package var clock: GatewayClock
    /// Waits; throws when it is to end.
    package var pause: @Sendable (Duration) async throws -> Void
    /// Where it tells what it does.
    package var logger: Logger

    /// Parts, with the machine's clocks.
    package init(
      ledger: any SpanLedger, clock: GatewayClock = .system,
      pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }, logger: Logger
    ) {
      self.ledger = ledger
      self.clock = clock
      self.pause = pause
      self.logger = logger
    }
  }

  /// How long it waits between two looks at the teams: days end somewhere every quarter of an hour.
  package static let interval = Duration.seconds(900)
  /// The longest pause between two transactions.
  private static let pauseMaximum = Duration.seconds(5)

  private let parts: Parts

  /// A service that has summed up nothing yet.
  package init(_ parts: Parts) {
    self.parts = parts
  }

  /// Sums up what is due until a graceful shutdown or a cancellation. Throws nothing: what fails is tried again.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do {
          try await look()
          try await parts.pause(Self.interval)
        } catch {
          return
        }
      }
    }
  }

  /// Sums up what is due now, with pauses as long as each transaction took, so that it takes at most half of one
  /// connection's time.
  /// - Returns: how many spans were made.
  /// - Throws: when it is to end.
  @discardableResult
  package func look() async throws -> Int {
    let teams: [TeamID]
    do throws(StoreError) {
      teams = try await parts.ledger.teamsToSpan()
    } catch {
      parts.logger.debug("Days that are over could not be looked for.", metadata: ["cause": "\(error)"])
      return 0
    }
    var count = 0
    for team in teams { count += try await sumUp(team) }
    return count
  }

  private func sumUp(_ team: TeamID) async throws -> Int {
    var count = 0
    while true {
      let start = parts.clock.monotonic()
      do throws(StoreError) {
        let made = try await parts.ledger.makeSpans(of: team)
        guard made > 0 else { return count }
        count += made
      } catch {
        parts.logger.debug(
          "Usage could not be summed up; it is tried again.", metadata: ["team": "\(team)", "cause": "\(error)"])
        return count
      }
      try await parts.pause(min(parts.clock.monotonic() - start, Self.pauseMaximum))
    }
  }
}
