import HTTPTypes
import Hummingbird
import Ledger
import LedgerStore
import Logging
import NIOCore

/// `POST /api/features`: an edit from its request to its answer (docs/http.md).
struct EditRoutes: Sendable {
  let admission: Admission
  let ledger: any LedgerAccess
  let assets: OwnedAssets
  let flow: EditFlow
  let running: RunningEdits
  let storage: StorageHosts
  let clock: GatewayClock
  let ids: GatewayIDs

  /// Checks in the order of docs/http.md, then runs the edit in a task of its own: a client that goes away, or a
  /// connection that is closed, does not cancel what has begun.
  @Sendable
  func submit(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admission.admit(request.headers, .submit, context.trace)
    let (submission, idempotency) = try await readWithKey(request, context)
    try await assets.check(submission.image, of: principal.team)
    let teamUser = submission.isAsync ? try await teamUser(principal) : nil
    guard running.enter() else {
      throw GatewayError.unavailable("Too many edits are running, or the gateway is stopping. Nothing was sent.")
    }
    let record = ids.record(at: clock.now())
    context.trace.note(record)
    var logger = context.logger
    logger[metadataKey: "record"] = "\(record)"
    let job = EditFlow.Job(
      record: record, submission: submission, principal: principal, clientAddress: context.clientAddress,
      idempotency: idempotency, teamUser: teamUser)
    let promise = Promise<Result<RecordAnswer, GatewayError>>()
    Task(executorPreference: context.executor) { [flow, running, logger] in
      await flow.run(job, logger) { promise.fulfil($0) }
      running.leave()
    }
    guard let result = await promise.value() else {
      throw EditFailure.interrupted.error(record: record, state: .inDoubt)
    }
    return try result.get().response
  }

  /// Reads and checks what can be checked without asking anybody.
  func read(_ request: Request, _ context: GatewayContext) async throws -> EditSubmission {
    try await readWithKey(request, context).submission
  }

  /// The same with the request's Idempotency-Key. The body is hashed only where there is one.
  private func readWithKey(
    _ request: Request, _ context: GatewayContext
  ) async throws -> (submission: EditSubmission, idempotency: IdempotencyClaim?) {
    let body = try await BodyReader.json(request, context.trace, clock: clock)
    let key = try EditRoutes.checkHeaders(request)
    let submission = try EditSubmission(body.value, storage: storage)
    return (submission, key.map { IdempotencyClaim(key: $0.text, body: body.bytes) })
  }

  /// The member as it is before an edit that is answered at once. Asked before the hold, so that a failure of it is one
  /// before anything was held or sent.
  private func teamUser(_ principal: Principal) async throws(GatewayError) -> TeamUser {
    do {
      return TeamUser(try await ledger.member(of: principal.team, userID: principal.userID))
    } catch {
      throw GatewayError(error)
    }
  }

  private static func checkHeaders(_ request: Request) throws(GatewayError) -> IdempotencyKey? {
    var faults: [FieldFault] = []
    let keys = request.headers[values: .idempotencyKey]
    let key = keys.count == 1 ? IdempotencyKey(keys[0]) : nil
    if !keys.isEmpty, key == nil {
      faults.append(
        FieldFault("Idempotency-Key", "must be one header of 1 to 255 printable ASCII characters, quoted or not"))
    }
    let query = QueryParameters(request.uri.query)
    if let isStreaming = query["isStreaming"], isStreaming != "false" {
      faults.append(FieldFault("isStreaming", "must be false: results are not streamed"))
    }
    guard faults.isEmpty else { throw .invalid(faults) }
    return key
  }
}

extension RecordAnswer {
  /// The answer to the client.
  var response: Response {
    .json(body)
  }
}

extension Response {
  /// The media type of JSON.
  static let jsonType = "application/json; charset=utf-8"

  /// A 200 with a JSON body.
  static func json(_ body: [UInt8]) -> Response {
    var headers = HTTPFields()
    headers[.contentType] = jsonType
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
  }

  /// A 200 with the JSON that `write` writes.
  static func json(_ write: (inout JSONWriter) -> Void) -> Response {
    var writer = JSONWriter()
    writer.object(write)
    return .json(writer.bytes)
  }
}
