import Ledger
import LedgerStore
package import Logging
import Metrics
import ServiceLifecycle

/// Removes records and usage that teams keep no longer (docs/ledger.md, retention), for as long as the gateway runs. Any
/// number of gateways may do so: what one has begun another goes on with, and it is told once.
package struct RetentionService: Service {
  /// What it works with.
  package struct Parts: Sendable {
    /// The ledger's store.
    package var ledger: any RetentionLedger
    /// Waits; throws when it is to end.
    package var pause: @Sendable (Duration) async throws -> Void
    /// Where the metrics go.
    package var registry: PrometheusRegistry
    /// Where it tells what it does.
    package var logger: Logger

    /// Parts, with the machine's clock.
    package init(
      ledger: any RetentionLedger,
      pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
      registry: PrometheusRegistry, logger: Logger
    ) {
      self.ledger = ledger
      self.pause = pause
      self.registry = registry
      self.logger = logger
    }
  }

  /// What a look at the teams came to.
  package enum Outcome: Sendable, Hashable {
    /// Nothing is left that can be removed.
    case done
    /// There was more than one look takes.
    case more
    /// The database did not answer.
    case failed

    /// How long to wait before the next look: something becomes due once a month, soon after the month was closed.
    package var pause: Duration {
      switch self {
      case .done: .seconds(3_600)
      case .more: .seconds(1)
      case .failed: .seconds(60)
      }
    }
  }

  /// Teams that one look takes up: bounds its memory.
  package static let teamsPerLook = 1_000

  private let parts: Parts

  /// A service that removes nothing yet.
  package init(_ parts: Parts) {
    self.parts = parts
  }

  /// Removes what is due until a graceful shutdown or a cancellation. Throws nothing: what fails is tried again.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        let outcome = await look()
        do {
          try await parts.pause(outcome.pause)
        } catch {
          return
        }
      }
    }
  }

  /// Removes what is due now, one team after the other.
  package func look() async -> Outcome {
    let teams: [TeamID]
    do throws(StoreError) {
      teams = try await parts.ledger.teamsToRemoveFrom(limit: Self.teamsPerLook)
    } catch {
      parts.logger.debug("Old records could not be looked for.", metadata: ["cause": "\(error)"])
      return .failed
    }
    var removedCount = 0
    var hasFailed = false
    for team in teams {
      do throws(StoreError) {
        if let removal = try await parts.ledger.removeOld(of: team) { note(removal, of: team) }
        removedCount += 1
      } catch {
        switch error.reason {
        // The teams behind it do not wait for this one.
        case .unavailable, .overloaded: hasFailed = true
        case .conflict, .notAllowed:
          // A legal hold was placed, or the setting was changed meanwhile.
          parts.logger.info("Old records stay.", metadata: ["team": "\(team)", "cause": "\(error)"])
        default:
          parts.logger.error(
            "Old records cannot be removed.", metadata: ["team": "\(team)", "cause": "\(error)"])
        }
      }
    }
    if hasFailed { return .failed }
    // Where nothing can be removed, the same ones would be found again.
    return teams.count == Self.teamsPerLook && removedCount > 0 ? .more : .done
  }

  private func note(_ removal: Removal, of team: TeamID) {
    Counter(label: "tally_records_removed", dimensions: [], factory: parts.registry).increment(by: removal.records)
    parts.logger.info(
      "Old records and usage are removed.",
      metadata: [
        "team": "\(team)", "before": "\(removal.before.rfc3339)", "records": "\(removal.records)",
        "buckets": "\(removal.buckets)",
      ])
  }
}
