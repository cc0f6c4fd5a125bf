import HTTPTypes
package import Ledger
package import LedgerStore

/// What `POST /v1/members` asks for.
package struct NewMemberBody: Sendable {
  private static let fields = ["userId", "userName", "role", "creditLimit", "period", "reason"]

  /// The member.
  package var member: NewMember
  /// Why, if that is said.
  package var reason: String?

  /// Reads a body for `team`. Throws 400 that names every faulty field.
  package init(_ body: JSONObject, team: TeamID, id: MemberID) throws(GatewayError) {
    var reader = FieldReader(body)
    let userID = reader.required("userId")
    let userName = reader.required("userName")
    let role = reader.word("role", MemberRole.self) ?? .member
    let limit = reader.limit().applied(to: nil)
    let period = reader.word("period", Period.self) ?? .month
    reason = reader.reason()
    reader.refuseOthers(than: NewMemberBody.fields, of: "a member")
    try reader.check()
    member = NewMember(
      team: team, id: id, userID: userID ?? "", userName: userName ?? "", role: role, limit: limit, period: period)
  }
}

/// What `PATCH /v1/members/{userId}` asks for.
package struct MemberChangeBody: Sendable {
  private static let settings = ["role", "status", "creditLimit", "period"]

  /// The change.
  package var change: MemberChange
  /// Why, if that is said.
  package var reason: String?

  /// Reads a body. Throws 400 that names every faulty field, and where nothing is to be changed.
  package init(_ body: JSONObject) throws(GatewayError) {
    var reader = FieldReader(body)
    change = MemberChange(
      role: Change(reader.word("role", MemberRole.self)), status: Change(reader.word("status", AccountStatus.self)),
      limit: reader.limit(), period: Change(reader.word("period", Period.self)))
    reason = reader.reason()
    reader.refuseOthers(than: MemberChangeBody.settings + ["reason"], of: "a member's change")
    try reader.check()
    try reader.requireOne(of: MemberChangeBody.settings)
  }
}

extension FieldReader {
  /// Throws 400 where none of `fields` is there.
  func requireOne(of fields: [String]) throws(GatewayError) {
    guard !fields.contains(where: { object[$0] != nil }) else { return }
    let names = fields.joined(separator: ", ")
    throw GatewayError(
      .badRequest, .missingRequiredFields, "Say what to change: \(names).",
      details: .faults(fields.map { FieldFault($0, "is not there; one of \(names) at least is required") }))
  }
}

extension Change {
  /// Sets what is there, and keeps where nothing is.
  init(_ value: Value?) {
    self = value.map { .set($0) } ?? .keep
  }
}
