import Hummingbird
import Ledger
import LedgerStore

extension RecordRoutes {
  /// `PATCH /v1/records/{uuid}`: rating and feedback, by whoever may see the record. Answers the record as it is then.
  @Sendable
  func rate(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admission.admit(request.headers, .readRecords, context.trace)
    let body = try await BodyReader.json(request, context.trace, clock: clock)
    guard case .object(let fields) = body.value else {
      throw GatewayError(.badRequest, .invalidJSON, "The body must be a JSON object.")
    }
    let change = try RecordRatingBody(fields).change
    guard let id = context.parameters.get("uuid").flatMap({ RecordID($0) }) else {
      throw GatewayError.notFound("The record")
    }
    context.trace.note(id)
    do throws(StoreError) {
      let record = try await ledger.rate(
        id, of: principal.team, change, member: principal.seesWholeTeam ? nil : principal.member)
      guard let record else { throw StoreError(.notFound("the record")) }
      let receipt = try await answers.receipt(of: record)
      var writer = JSONWriter()
      RecordView(record).write(to: &writer, receipt: receipt, now: clock.now())
      return .json(writer.bytes)
    } catch {
      throw GatewayError(administration: error)
    }
  }
}
