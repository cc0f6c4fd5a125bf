import HTTPTypes
import Ledger
package import LedgerStore

/// What `PATCH /v1/team` asks for: settings of policy, and a lower limit. What the operator has agreed on with the team, its
/// status, its period and a higher limit, is not the team's own to change.
package struct TeamChangeBody: Sendable {
  private static let settings = ["creditLimit", "timeZone", "inDoubtChargeAfterSeconds"]
  private static let ofOperator = ["status", "period", "name"]

  /// The change.
  package var change: TeamChange
  /// Why, if that is said.
  package var reason: String?

  /// Reads a body. Throws 400 that names every faulty field, also where nothing is to be changed, and 403 that names what is
  /// the operator's.
  package init(_ body: JSONObject) throws(GatewayError) {
    var reader = FieldReader(body)
    change = TeamChange(
      limit: reader.limit(), timeZone: Change(reader.optional("timeZone")),
      inDoubtChargeSeconds: reader.number(
        "inDoubtChargeAfterSeconds", in: 0...TeamState.inDoubtChargeAfterSecondsMaximum))
    reason = reader.reason()
    reader.refuseOthers(
      than: TeamChangeBody.settings + TeamChangeBody.ofOperator + ["reason"], of: "a team's change")
    try reader.check()
    let foreign = TeamChangeBody.ofOperator.filter { body[$0] != nil }
    guard foreign.isEmpty else {
      throw GatewayError(
        .forbidden, .forbidden, "Only the operator changes \(foreign.joined(separator: ", ")) of a team.",
        details: .faults(foreign.map { FieldFault($0, AdministrationDenial.ofOperator(field: $0).sentence) }))
    }
    try reader.requireOne(of: TeamChangeBody.settings)
  }
}
