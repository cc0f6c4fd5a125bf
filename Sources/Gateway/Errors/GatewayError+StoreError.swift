import HTTPTypes
package import Ledger
package import LedgerStore

extension GatewayError {
  /// What the failure of the store means to the client. Everything a client cannot change is 503 or a 500 that tells
  /// nothing; the store's own error goes to the log.
  package init(_ error: StoreError) {
    switch error.reason {
    case .unavailable(mayBeHeld: true):
      self = .unavailable(
        "The ledger did not answer in time. Nothing was sent; credits that may have been held are being released.")
    case .unavailable, .schema:
      self = .unavailable("The ledger is not available. Nothing was sent.")
    case .overloaded:
      self = .unavailable("Too many requests are waiting. Nothing was sent.")
    case .notAllowed(let denial): self = GatewayError(denial)
    case .forbidden(let denial): self = GatewayError(denial)
    case .unpriced(let model, let quality, let size):
      self = GatewayError(
        .badRequest, .unsupportedModel,
        "Model \(model) is not supported with quality \(quality) and size \(size): it has no price.")
    case .notFound(let what): self = .notFound(what.capitalizingFirstByte)
    case .invalid(let field, let message): self = .invalid([FieldFault(field, message)])
    case .idempotencyKeyReused: self = .idempotencyKeyReused
    case .conflict, .unknownHold, .database: self = .internalFault
    }
  }

  /// What it means to the client that team, member or key may not do this now.
  package init(_ denial: Denial) {
    switch denial {
    case .teamHalted:
      // No other try makes sense before that.
      self = GatewayError(
        .serviceUnavailable, .serviceUnavailable,
        "The team's ledger is halted until its operator has opened a new log. Nothing was sent.")
    case .teamSuspended: self = GatewayError(.forbidden, .teamSuspended, "The team is suspended.")
    case .memberSuspended: self = GatewayError(.forbidden, .memberSuspended, "The member is suspended.")
    case .keyRevoked: self = .unauthenticated("The API key was revoked.")
    case .keyExpired: self = .unauthenticated("The API key has expired.")
    case .keyForeign: self = .unauthenticated("The API key is not valid.")
    }
  }
}
