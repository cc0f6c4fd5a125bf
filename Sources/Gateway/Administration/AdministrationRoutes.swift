import HTTPTypes
import Hummingbird
import Ledger
import LedgerStore

/// What a team's administrators change and list over HTTP (docs/http.md, administration): the same as the operator at the
/// command line, but only of the key's own team, and within what `TeamAdministration` allows.
struct AdministrationRoutes: Sendable {
  let admission: Admission
  let ledger: any LedgerAccess
  let clock: GatewayClock
  let ids: GatewayIDs

  /// Who asks: 401, 403 and 429 come first.
  func admit(_ request: Request, _ context: GatewayContext) async throws(GatewayError) -> Principal {
    try await admission.admit(request.headers, .administer, context.trace)
  }

  /// The fields of the request's body; none where there may be no body and is none.
  func fields(
    _ request: Request, _ context: GatewayContext, mayBeEmpty: Bool = false
  ) async throws -> JSONObject {
    let empty: JSONValue? = mayBeEmpty ? .object(JSONObject()) : nil
    let body = try await BodyReader.json(request, context.trace, clock: clock, whenEmpty: empty)
    guard case .object(let fields) = body.value else {
      throw GatewayError(.badRequest, .invalidJSON, "The body must be a JSON object.")
    }
    return fields
  }

  /// Who the log names, and why.
  func administrator(_ principal: Principal, _ reason: String?) -> Administrator {
    Administrator(name: principal.userID, reason: reason, key: principal.key, member: principal.member)
  }

  /// Asks the ledger; its failure becomes the answer.
  func ask<Value>(_ body: () async throws(StoreError) -> Value) async throws(GatewayError) -> Value {
    do {
      return try await body()
    } catch {
      throw GatewayError(administration: error)
    }
  }
}

extension Response {
  /// A 201 with the JSON that `write` writes.
  static func created(_ write: (inout JSONWriter) -> Void) -> Response {
    var response = Response.json(write)
    response.status = .created
    return response
  }

  /// A page of a listing.
  static func page<Element>(
    _ page: Page<Element>, next: KeyPath<Element, String>, _ write: (Element, inout JSONWriter) -> Void
  ) -> Response {
    .json { writer in
      writer.array("data") { writer in
        for element in page.elements { writer.object { writer in write(element, &writer) } }
      }
      writer.field("hasMore", page.hasMore)
      writer.field("next", page.hasMore ? page.elements.last?[keyPath: next] : nil)
    }
  }
}
