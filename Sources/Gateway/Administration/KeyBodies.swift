package import Ledger

/// What `POST /v1/keys` asks for.
package struct NewKeyBody: Sendable {
  private static let fields = ["userId", "scopes", "creditLimit", "period", "ratePerMinute", "expiresAt", "reason"]

  /// Whose key it is to be.
  package var userID: String
  /// What it may do; nil: what the member's role allows.
  package var scopes: KeyScopes?
  /// Its own limit; nil: none.
  package var limit: Credits?
  /// The period of that.
  package var period: Period
  /// Requests a minute; nil: the gateway's own rate.
  package var ratePerMinute: Int?
  /// When it ends; nil: never.
  package var expiresAt: Timestamp?
  /// Why, if that is said.
  package var reason: String?

  /// Reads a body. Throws 400 that names every faulty field.
  package init(_ body: JSONObject, now: Timestamp) throws(GatewayError) {
    var reader = FieldReader(body)
    userID = reader.required("userId") ?? ""
    scopes = reader.scopes()
    limit = reader.limit().applied(to: nil)
    period = reader.word("period", Period.self) ?? .total
    // A key without a rate limit is the operator's to issue: the rate protects the gateway.
    let rate = reader.number("ratePerMinute", in: 1...Int64(KeyState.maximumRatePerMinute)).applied(to: nil)
    ratePerMinute = rate.map { Int($0) }
    expiresAt = reader.future("expiresAt", after: now)
    reason = reader.reason()
    reader.refuseOthers(than: NewKeyBody.fields, of: "a key")
    try reader.check()
  }
}

/// What `POST /v1/keys/{id}/rotate` asks for; an empty body asks for the defaults.
package struct KeyRotationBody: Sendable {
  /// How long the old key stays good where nothing is said: 24 hours, as at the command line.
  package static let defaultOverlapSeconds: Int64 = 86_400

  /// How long the old key stays good, in seconds.
  package var overlapSeconds: Int64
  /// Why, if that is said.
  package var reason: String?

  /// Reads a body. Throws 400 that names every faulty field.
  package init(_ body: JSONObject) throws(GatewayError) {
    var reader = FieldReader(body)
    let range = 0...Int(RotateKeyCommand.overlapSecondsMaximum)
    overlapSeconds = Int64(
      reader.integer("overlapSeconds", in: range, otherwise: Int(KeyRotationBody.defaultOverlapSeconds)))
    reason = reader.reason()
    reader.refuseOthers(than: ["overlapSeconds", "reason"], of: "a rotation")
    try reader.check()
  }
}
