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
    let submission = try await read(request, context)
    try await assets.check(submission.image, of: principal.team)
    guard running.enter() else {
      throw GatewayError.unavailable("Too many edits are running, or the gateway is stopping. Nothing was sent.")
    }
    let record = ids.record(at: clock.now())
    context.trace.note(record)
    var logger = context.logger
    logger[metadataKey: "record"] = "\(record)"
    let job = EditFlow.Job(
      record: record, submission: submission, principal: principal, clientAddress: context.clientAddress)
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
    let body = try await BodyReader.json(request, context.trace, clock: clock)
    try EditRoutes.checkHeaders(request)
    return try EditSubmission(body, storage: storage)
  }

  private static func checkHeaders(_ request: Request) throws(GatewayError) {
    var faults: [FieldFault] = []
    let keys = request.headers[values: .idempotencyKey]
    if !keys.isEmpty, keys.count > 1 || IdempotencyKey(keys[0]) == nil {
      faults.append(
        FieldFault("Idempotency-Key", "must be one header of 1 to 255 printable ASCII characters, quoted or not"))
    }
    let query = QueryParameters(request.uri.query)
    if let isStreaming = query["isStreaming"], isStreaming != "false" {
      faults.append(FieldFault("isStreaming", "isStreaming must be false: results are not streamed"))
    }
    guard faults.isEmpty else { throw .invalid(faults) }
  }
}

extension RecordAnswer {
  /// The answer to the client.
  var response: Response {
    .json(body)
  }
}

extension Response {
  /// A 200 with a JSON body.
  static func json(_ body: [UInt8]) -> Response {
    var headers = HTTPFields()
    headers[.contentType] = "application/json; charset=utf-8"
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
  }

  /// A 200 with the JSON that `write` writes.
  static func json(_ write: (inout JSONWriter) -> Void) -> Response {
    var writer = JSONWriter()
    writer.object(write)
    return .json(writer.bytes)
  }
}
