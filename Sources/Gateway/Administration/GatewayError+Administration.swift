import HTTPTypes
package import LedgerStore

extension GatewayError {
  /// What the failure of an administrator's request means to the client. A change whose commit is not known is said to be
  /// so: nothing is tried again on its own.
  package init(administration error: StoreError) {
    switch error.reason {
    case .unavailable(mayBeHeld: true):
      self = .unavailable("The ledger did not answer in time. The change may have been made: look before trying again.")
    case .unavailable, .schema: self = .unavailable("The ledger is not available. Nothing was changed.")
    case .overloaded: self = .unavailable("Too many requests are waiting. Nothing was changed.")
    case .conflict(let what): self = GatewayError(.conflict, .conflict, "\(what.capitalizingFirstByte).")
    case .forbidden(let denial): self = GatewayError(denial)
    default: self = GatewayError(error)
    }
  }

  /// What it means to the client that an administrator may not do that.
  package init(_ denial: AdministrationDenial) {
    let message = "\(denial.sentence.capitalizingFirstByte)."
    let details: Details = denial.field.map { .faults([FieldFault($0, denial.sentence)]) } ?? .none
    switch denial {
    case .lastAdministrator, .ownKey: self = GatewayError(.conflict, .conflict, message, details: details)
    case .scopesBeyondRole: self = GatewayError(.badRequest, .invalidFields, message, details: details)
    default: self = GatewayError(.forbidden, .forbidden, message, details: details)
    }
  }
}
