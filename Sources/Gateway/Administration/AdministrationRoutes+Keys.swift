import HTTPTypes
import Hummingbird
import Ledger
import LedgerStore

extension AdministrationRoutes {
  /// `GET /v1/keys`.
  @Sendable
  func keys(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admit(request, context)
    let query = try ListQuery(QueryParameters(request.uri.query))
    let after = try query.after.map { text throws(GatewayError) in
      guard let id = KeyID(text) else { throw .invalid([FieldFault("after", "must be the id of a key")]) }
      return id
    }
    let page = try await ask { () throws(StoreError) in
      try await ledger.keys(of: principal.team, after: after, limit: query.limit)
    }
    return .page(page, next: \.id.description) { key, writer in key.writeFields(to: &writer) }
  }

  /// `POST /v1/keys`. The key's text is in this answer and nowhere else.
  @Sendable
  func issueKey(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admit(request, context)
    let body = try NewKeyBody(try await fields(request, context), now: clock.now())
    let member = try await ask { () throws(StoreError) in
      try await ledger.member(of: principal.team, userID: body.userID)
    }
    let secret = ids.apiKey()
    let key = NewKey(
      team: principal.team, id: ids.id(), member: member.id, hash: secret.hash, hint: secret.hint,
      scopes: body.scopes ?? member.role.defaultScopes, limit: body.limit, period: body.period,
      ratePerMinute: body.ratePerMinute, expiresAt: body.expiresAt)
    let issued = try await ask { () throws(StoreError) in
      try await ledger.issueKey(key, by: administrator(principal, body.reason))
    }
    return .created { writer in issued.writeFields(to: &writer, secret: secret.text) }
  }

  /// `POST /v1/keys/{id}/rotate`. The new key's text is in this answer and nowhere else.
  @Sendable
  func rotateKey(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admit(request, context)
    let body = try KeyRotationBody(try await fields(request, context, mayBeEmpty: true))
    let secret = ids.apiKey()
    let rotation = KeyRotation(
      team: principal.team, key: try AdministrationRoutes.key(context), newKey: ids.id(), hash: secret.hash,
      hint: secret.hint, overlapSeconds: body.overlapSeconds)
    let rotated: KeyView
    do {
      rotated = try await ledger.rotateKey(rotation, by: administrator(principal, body.reason))
    } catch {
      throw AdministrationRoutes.error(error, ofKey: rotation.key, asker: principal.key)
    }
    return .created { writer in rotated.writeFields(to: &writer, secret: secret.text) }
  }

  /// `DELETE /v1/keys/{id}`: revokes the key. The reason stands in the body, in the query, or in a header.
  @Sendable
  func revokeKey(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admit(request, context)
    let fields = try await fields(request, context, mayBeEmpty: true)
    let reason = try AdministrationRoutes.reason(of: request, fields)
    let key = try AdministrationRoutes.key(context)
    let revoked = try await ask { () throws(StoreError) in
      try await ledger.revokeKey(team: principal.team, key: key, by: administrator(principal, reason))
    }
    return .json { writer in revoked.writeFields(to: &writer) }
  }

  /// A key that has ended cannot be rotated, which is no fault of the asking key.
  private static func error(_ error: StoreError, ofKey key: KeyID, asker: KeyID) -> GatewayError {
    if case .notAllowed(let denial) = error.reason, key != asker, denial == .keyRevoked || denial == .keyExpired {
      return GatewayError(.conflict, .conflict, "\(denial.sentence.capitalizingFirstByte): issue a new one.")
    }
    return GatewayError(administration: error)
  }

  /// The key that the path names. What is no id is the id of nothing.
  private static func key(_ context: GatewayContext) throws(GatewayError) -> KeyID {
    guard let id = context.parameters.get("id").flatMap({ KeyID($0) }) else { throw .notFound("The key") }
    return id
  }

  private static func reason(of request: Request, _ fields: JSONObject) throws(GatewayError) -> String? {
    var reader = FieldReader(fields)
    let query = QueryParameters(request.uri.query)
    let texts = [reader.reason(), query["reason"], request.headers[.xReason]].compactMap(\.self)
    reader.refuseOthers(than: ["reason"], of: "a revocation")
    reader.add(query.faults(otherThan: ["reason"]))
    if texts.count > 1 { reader.fault("reason", "stands in more than one of body, query and header") }
    for text in texts where fields["reason"] == nil {
      if let message = FieldReader.fault(ofReason: text) { reader.fault("reason", message) }
    }
    try reader.check()
    return texts.first
  }
}

extension HTTPField.Name {
  /// Why a key is revoked, for clients that send no body with DELETE.
  static let xReason = Self("X-Reason")!
}

extension KeyView {
  /// Writes the fields of a key, as the command line shows it; `secret` is its text, where it was just made.
  func writeFields(to writer: inout JSONWriter, secret: String? = nil) {
    writer.field("keyId", id.description)
    if let secret { writer.field("key", secret) }
    writer.field("userId", userID)
    writer.field("hint", hint)
    writer.array("scopes") { writer in for scope in scopes.names { writer.string(scope) } }
    writer.field("period", period.rawValue)
    if let budget {
      budget.writeCredits(to: &writer)
    } else {
      writer.field("creditLimit", limit)
      for name in ["usedCredit", "heldCredit", "availableCredit", "resetsAt"] { writer.nullField(name) }
    }
    writer.field("ratePerMinute", ratePerMinute.map { Int64($0) })
    writer.field("expiresAt", expiresAt)
    writer.field("revokedAt", revokedAt)
    writer.field("lastUsedAt", lastUsedAt)
    writer.field("teamId", team.description)
    writer.field("createdAt", createdAt)
  }
}
