import HTTPTypes
import Hummingbird
import Ledger
import LedgerStore
import NIOCore

/// What a team used and what it cost, in the shape of OpenAI's admin API: `GET /v1/organization/usage/images` and
/// `GET /v1/organization/costs` (docs/reports.md).
struct ReportRoutes: Sendable {
  let admission: Admission
  let ledger: any LedgerAccess
  let clock: GatewayClock
  private let noted = NotedReadings()

  init(admission: Admission, ledger: any LedgerAccess, clock: GatewayClock) {
    self.admission = admission
    self.ledger = ledger
    self.clock = clock
  }

  /// `GET /v1/organization/usage/images`.
  @Sendable
  func usage(_ request: Request, _ context: GatewayContext) async throws -> Response {
    try await answer(.usage, request, context)
  }

  /// `GET /v1/organization/costs`.
  @Sendable
  func costs(_ request: Request, _ context: GatewayContext) async throws -> Response {
    try await answer(.costs, request, context)
  }

  private func answer(_ report: ReportKind, _ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admission.admit(request.headers, .readReports, context.trace)
    let query = try ReportQuery(report, request.uri.query, team: principal.team)
    let now = clock.now()
    let page: ReportPage
    do throws(StoreError) {
      // Who asks for the headers alone reads nothing.
      if request.method != .head { try await noted.tell(of: report.rawValue, by: principal, at: now, ledger) }
      page = try await read(query, principal, now: now)
    } catch {
      throw GatewayError(error)
    }
    if request.wantsTable { return page.tableResponse }
    return .json(ReportText(page), clock: clock) { [channel = context.channel] in channel.close(promise: nil) }
  }

  private func read(
    _ query: ReportQuery, _ principal: Principal, now: Timestamp
  ) async throws(StoreError) -> ReportPage {
    let zone = query.page?.timeZone ?? query.timeZone ?? principal.timeZone
    guard let clock = ZoneClock(zone) else { throw StoreError(.database) }
    let start = query.page?.next ?? query.start
    // Without an end the last bucket is the one that runs.
    let end = query.page?.end ?? query.end ?? min(clock.end(query.width, at: max(now, start)), .maximum)
    let bounds = clock.bounds(query.width, from: start, to: end, limit: query.limit)
    let report = try await usage(query, principal.team, bounds: bounds)
    let usage = OrderedUsage(report, names: try await ledger.names(in: report, team: principal.team)) { counts in
      // What nobody was charged for is no cost.
      query.report != .costs || counts.charged != 0 || counts.credited != 0
    }
    let next = bounds.last.flatMap { last in
      last < end
        ? ReportPageToken(
          question: query.question(principal.team), next: last, end: end, timeZone: zone, asOf: report.asOf) : nil
    }
    return ReportPage(query: query, team: principal.team, bounds: bounds, usage: usage, asOf: report.asOf, next: next)
  }

  private func usage(
    _ query: ReportQuery, _ team: TeamID, bounds: [Timestamp]
  ) async throws(StoreError) -> UsageReport {
    var members: [MemberID]?
    if let users = query.filters.users { members = try await ledger.memberIDs(named: users, team: team) }
    let wanted = query.grouping.reduce(into: Set<UsageDimension>()) { $0.formUnion($1.usage) }
    var request = UsageRequest(
      team: team, bounds: bounds, filters: query.filters.usage(of: team, members: members), grouping: wanted,
      asOf: query.page?.asOf)
    guard let items = query.filters.lineItems else { return try await ledger.usage(request) }
    request.grouping.formUnion(ReportDimension.lineItem.usage)
    return try await ledger.usage(request).narrowed(to: Set(items), grouping: wanted)
  }
}

extension ReportPage {
  /// The page as a table, with what is not in its rows in the headers.
  fileprivate var tableResponse: Response {
    var headers = HTTPFields()
    headers[.contentType] = "text/csv; charset=utf-8"
    headers[.contentDisposition] = "attachment; filename=\"tally-\(query.report.rawValue).csv\""
    headers[.tallyAsOf] = "\(asOf.origin) \(asOf.size) \(asOf.rootText)"
    headers[.tallyNextPage] = next?.text
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: table)))
  }
}

extension HTTPField.Name {
  /// The log head that a table's numbers belong to: name, size, root.
  static let tallyAsOf = Self("Tally-As-Of")!
  /// Where a table goes on; absent at its end.
  static let tallyNextPage = Self("Tally-Next-Page")!
}
