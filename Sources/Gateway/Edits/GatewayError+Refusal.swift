import HTTPTypes
import Ledger
package import LedgerStore

extension GatewayError {
  /// 406: the budget that refused the edit, in words that known clients parse for the two amounts, and in full in the
  /// details (docs/http.md, errors). Users confuse a team's credits with their own, so the budget is always named.
  package static func insufficientCredits(_ edit: RefusedEdit, _ principal: Principal) -> GatewayError {
    let refusal = edit.refusal
    let holder: String
    switch refusal.scope {
    case .team:
      holder = "the \(principal.teamName) team only has \(refusal.available) credits"
    case .member:
      let month = refusal.period == .month ? " of this month's limit" : ""
      holder = "\(principal.userName) only has \(refusal.available) credits left\(month)"
    case .key:
      holder = "this key only has \(refusal.available) credits left"
    }
    let details = JSONWriter.text { writer in
      writer.field("scope", refusal.scope.rawValue)
      writer.field("period", refusal.period.rawValue)
      writer.field("limit", refusal.limit)
      writer.field("used", refusal.used)
      writer.field("held", refusal.held)
      writer.field("needed", refusal.needed)
      writer.field("available", refusal.available)
      writer.field("resetsAt", refusal.resetsAt)
      writer.field("uuid", edit.record.description)
    }
    return GatewayError(
      .notAcceptable, .insufficientCredits, "The feature requires \(refusal.needed) credits, but \(holder)",
      details: .object(details))
  }
}
