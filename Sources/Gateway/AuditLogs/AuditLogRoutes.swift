import HTTPTypes
import Hummingbird
import Ledger
import LedgerStore
import NIOCore
import TransparencyLog

/// Who changed, read or took away what, in the shape of OpenAI's admin API: `GET /v1/organization/audit_logs`
/// (docs/audit-logs.md).
struct AuditLogRoutes: Sendable {
  /// The name under which the log tells that somebody reads its list.
  private static let report = "audit_logs"

  let admission: Admission
  let ledger: any AuditLogAccess
  let clock: GatewayClock
  private let noted = NotedReadings()

  init(admission: Admission, ledger: any AuditLogAccess, clock: GatewayClock) {
    self.admission = admission
    self.ledger = ledger
    self.clock = clock
  }

  /// `GET /v1/organization/audit_logs`.
  @Sendable
  func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admission.admit(request.headers, .readReports, context.trace)
    let filter = try AuditLogQuery.filter(request.uri.query, team: principal.team)
    let page: AuditEntryPage
    do throws(StoreError) {
      // Who asks for the headers alone reads nothing.
      if request.method != .head {
        try await noted.tell(of: Self.report, by: principal, at: clock.now(), ledger)
      }
      page = try await ledger.auditEntries(of: principal.team, filter)
    } catch {
      throw GatewayError(error)
    }
    // An empty page would end the list for those who page it.
    if page.entries.isEmpty, let place = page.stoppedAt { throw Self.nothingFound(at: place, filter, principal) }
    let shown = AuditLogPage(page, of: principal.team)
    if request.wantsTable { return shown.tableResponse }
    var writer = JSONWriter()
    shown.write(to: &writer)
    return .json(writer.bytes)
  }

  private static func nothingFound(
    at place: Int64, _ filter: AuditEntryFilter, _ principal: Principal
  ) -> GatewayError {
    let goesUp = filter.before != nil && filter.after == nil
    let next = "\(goesUp ? "before" : "after")=\(AuditLogID.text(place, of: principal.team))"
    let limit = LedgerStore.lookingLimit.components.seconds
    return .invalid([
      FieldFault(
        "event_types",
        "nothing of the kind was found in \(limit) seconds: narrow it with effective_at, or go on with \(next)")
    ])
  }
}

extension AuditLogPage {
  /// The page as a table, with what is not in its rows in the headers.
  fileprivate var tableResponse: Response {
    var headers = HTTPFields()
    headers[.contentType] = "text/csv; charset=utf-8"
    headers[.contentDisposition] = "attachment; filename=\"tally-audit-logs.csv\""
    headers[.tallyAsOf] = "\(page.asOf.origin) \(page.asOf.size) \(Base64.encode(page.asOf.root.bytes))"
    headers[.tallyHasMore] = page.hasMore ? "true" : "false"
    return Response(
      status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: AuditLogTable(self).bytes)))
  }
}

extension HTTPField.Name {
  /// Whether the list goes on behind a table.
  static let tallyHasMore = Self("Tally-Has-More")!
}
