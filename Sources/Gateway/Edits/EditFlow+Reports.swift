import Ledger
import LedgerStore
import Logging
import Upstream

extension EditFlow {
  /// Counts an outcome, and tells the operator what only the operator can mend. Nothing of the edit itself is logged.
  func report(_ outcome: EditOutcome, _ logger: Logger) {
    switch outcome {
    case .done: meters.count(.done)
    case .accepted: meters.count(.accepted)
    case .unknown(let uncertainty):
      meters.count(.inDoubt)
      logger.warning(
        "An edit is in doubt.",
        metadata: [
          "cause": "\(uncertainty.cause)", "upstream_status": "\(uncertainty.httpStatus.map(String.init) ?? "none")",
        ])
    case .notDone(let refusal):
      switch refusal.cause {
      case .notSent(let unsent):
        meters.count(.notSent)
        logger.warning("The provider could not be reached.", metadata: ["cause": "\(unsent)"])
      case .notPermitted: meters.count(.notSent)
      case .refused: meters.count(.upstreamRefused)
      case .rateLimited: meters.count(.rateLimited)
      case .account:
        meters.count(.upstreamAccount)
        logger.error(
          "The provider refuses the operator's account: look at its key and its credits.",
          metadata: [
            "upstream_status": "\(refusal.httpStatus.map(String.init) ?? "none")",
            "upstream_code": "\(refusal.errorCode ?? "none")",
          ])
      }
    }
  }

  /// Tells the operator what the provider billed above a hold.
  func report(_ booking: BookingAnswer, _ logger: Logger) {
    guard case .resolved(let resolved) = booking, resolved.variance > .zero, !resolved.wasResolvedBefore else { return }
    meters.count(variance: resolved.variance)
    logger.error(
      "The provider billed more than was held; the rest is the operator's.",
      metadata: ["variance_credits": "\(resolved.variance)"])
  }
}
