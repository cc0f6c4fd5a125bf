package import Ledger
package import LedgerStore
package import Logging
import Metrics
import ServiceLifecycle

/// What covering heads asks of the ledger's store; `LedgerStore` is the one that serves.
package protocol CoveringLedger: Sendable {
  /// Who signs; nil before the first signature.
  func signerLease() async throws(StoreError) -> SignerLease?
  /// Covers the newest heads by a line of the operator's log; nil where nothing changed.
  func coverHeads() async throws(StoreError) -> HeadsCovered?
}

extension LedgerStore: CoveringLedger {}

/// Writes the interval lines of the operator's log (docs/audit.md, the operator's log): every ten minutes one root over the
/// newest heads of all teams' logs, where any changed. Only the gateway that signs does so, since its heads are covered.
package struct CoveringService: Service {
  /// What it works with.
  package struct Parts: Sendable {
    /// The ledger's store.
    package var ledger: any CoveringLedger
    /// This run of the gateway, which has the signer's lease or not.
    package var instance: InstanceID
    /// Waits; throws when it is to end.
    package var pause: @Sendable (Duration) async throws -> Void
    /// Where the metrics go.
    package var registry: PrometheusRegistry
    /// Where it tells what it does.
    package var logger: Logger

    /// Parts, with the machine's clock.
    package init(
      ledger: any CoveringLedger, instance: InstanceID,
      pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
      registry: PrometheusRegistry, logger: Logger
    ) {
      self.ledger = ledger
      self.instance = instance
      self.pause = pause
      self.registry = registry
      self.logger = logger
    }
  }

  /// What a turn came to.
  package enum Outcome: Sendable, Hashable {
    /// A line covers the heads.
    case covered
    /// No head changed.
    case unchanged
    /// Another gateway signs, or none.
    case notSigning
    /// It could not be done now.
    case failed
  }

  /// Time between two lines.
  package static let interval = Duration.seconds(600)
  /// Time from the start to the first turn: the signer signs what has grown meanwhile first.
  package static let firstPause = Duration.seconds(60)

  private let parts: Parts

  /// A service that covers nothing yet.
  package init(_ parts: Parts) {
    self.parts = parts
  }

  /// Covers heads until a graceful shutdown or a cancellation. Throws nothing: what fails is tried again with the next
  /// interval.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      var pause = Self.firstPause
      while !Task.isCancelled {
        do {
          try await parts.pause(pause)
        } catch {
          return
        }
        await turn()
        pause = Self.interval
      }
    }
  }

  /// Covers the heads as they are now.
  @discardableResult
  package func turn() async -> Outcome {
    do throws(StoreError) {
      guard let lease = try await parts.ledger.signerLease(), lease.holder == parts.instance, !lease.hasEnded else {
        return .notSigning
      }
      guard let covered = try await parts.ledger.coverHeads() else { return .unchanged }
      Counter(label: "tally_head_coverings_total", dimensions: [], factory: parts.registry).increment()
      parts.logger.debug("The heads of all logs are covered.", metadata: ["count": "\(covered.count)"])
      return .covered
    } catch {
      switch error.reason {
      case .unavailable, .overloaded:
        parts.logger.debug("The heads could not be covered.", metadata: ["cause": "\(error)"])
      default: parts.logger.error("The heads cannot be covered.", metadata: ["cause": "\(error)"])
      }
      return .failed
    }
  }
}
