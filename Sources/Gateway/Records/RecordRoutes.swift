import Hummingbird
import Ledger
import LedgerStore

/// Reading records: `GET /api/results/{uuid}` in the provider's wire format, `GET /v1/records…` in Tally's own
/// (docs/http.md). Who may administer sees the whole team's, anybody else only its own; what is not to be seen does not
/// exist.
struct RecordRoutes: Sendable {
  let admission: Admission
  let ledger: any LedgerAccess
  let clock: GatewayClock
  let receipts: Receipts

  var answers: StoredAnswers { StoredAnswers(ledger: ledger, clock: clock, receipts: receipts) }

  /// `GET /api/results/{uuid}`: the record, or null.
  @Sendable
  func result(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admission.admit(request.headers, .readRecords, context.trace)
    guard let record = try await record(context, principal) else {
      return RecordAnswer(record: nil, receipt: nil).response
    }
    do throws(StoreError) {
      return try await answers.answer(record).response
    } catch {
      throw GatewayError(error)
    }
  }

  /// `GET /v1/records/{uuid}`.
  @Sendable
  func show(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admission.admit(request.headers, .readRecords, context.trace)
    guard let record = try await record(context, principal) else { throw GatewayError.notFound("The record") }
    do throws(StoreError) {
      let receipt = try await answers.receipt(of: record)
      var writer = JSONWriter()
      RecordView(record).write(to: &writer, receipt: receipt, now: clock.now())
      return .json(writer.bytes)
    } catch {
      throw GatewayError(error)
    }
  }

  /// `GET /v1/records`.
  @Sendable
  func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admission.admit(request.headers, .readRecords, context.trace)
    let filter = try RecordQuery.filter(QueryParameters(request.uri.query))
    let page: Page<StoredRecord>
    do {
      page = try await ledger.records(
        of: principal.team, filter, member: principal.seesWholeTeam ? nil : principal.member)
    } catch {
      throw GatewayError(error)
    }
    return .json { writer in
      writer.array("data") { writer in
        for record in page.elements { RecordView(record).writeSummary(to: &writer) }
      }
      writer.field("hasMore", page.hasMore)
      writer.field("next", page.hasMore ? page.elements.last?.record.description : nil)
    }
  }

  /// The record that the path names, if the principal may see it.
  private func record(_ context: GatewayContext, _ principal: Principal) async throws(GatewayError) -> StoredRecord? {
    guard let id = context.parameters.get("uuid").flatMap({ RecordID($0) }) else { return nil }
    context.trace.note(id)
    do {
      let record = try await ledger.record(id, of: principal.team)
      guard let record, principal.seesWholeTeam || record.member == principal.member else { return nil }
      return record
    } catch {
      throw GatewayError(error)
    }
  }
}
