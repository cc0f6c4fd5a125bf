package import Ledger
package import LedgerStore

/// What `GET /v1/organization/usage/images` and `/costs` ask for, read from the query (docs/reports.md).
package struct ReportQuery: Sendable, Hashable {
  /// Which report.
  package var report: ReportKind
  /// The first moment.
  package var start: Timestamp
  /// The first moment behind it; nil: to the end of the bucket that runs.
  package var end: Timestamp?
  /// How long the buckets are.
  package var width: BucketWidth
  /// The zone in which they are cut; nil: the team's.
  package var timeZone: String?
  /// Which usage.
  package var filters: ReportFilters
  /// What it is grouped by.
  package var grouping: Set<ReportDimension>
  /// Buckets of a page.
  package var limit: Int
  /// Where to go on; nil: from the start.
  package var page: ReportPageToken?

  /// The longest query that is looked at, in parameters: lists may be long.
  package static let maximumParameters = 1_000
  private static let scalars = ["start_time", "end_time", "bucket_width", "time_zone", "limit", "page"]

  /// Reads it. Throws 400 that names every parameter that is unknown or cannot be read.
  package init(
    _ report: ReportKind, _ query: String?, team: TeamID
  ) throws(GatewayError) {
    var reader = ReportQueryReader(query, scalars: Self.scalars, lists: report.lists)
    self.report = report
    // The last second of all has nothing behind it that a bucket could end with.
    let seconds = ReportQueryReader.seconds
    start = reader.second("start_time", in: seconds.lowerBound...(seconds.upperBound - 1)) ?? .epoch
    end = reader.second("end_time")
    if reader.query["start_time"] == nil { reader.faults.append(FieldFault(missing: "start_time")) }
    if let end, end <= start { reader.fault("end_time", "must be later than start_time") }
    width = reader.word("bucket_width", of: report.widths) ?? report.widths[0]
    timeZone = reader.scalar("time_zone")
    if let timeZone, ZoneClock(timeZone) == nil {
      reader.fault("time_zone", "must be UTC or an Area/Place of the IANA database, such as Europe/Berlin")
    }
    let limits = report.limits(width)
    limit = reader.number("limit", in: 1...limits.maximum) ?? limits.usual
    filters = reader.filters(report)
    grouping = Set(reader.words("group_by", of: report.dimensions) ?? [])
    let token = reader.scalar("page")
    if token != nil, !reader.faults.isEmpty { throw .invalid(reader.faults) }
    if let token {
      page = ReportPageToken(token)
      if page?.question != Self.question(of: self, team) {
        reader.fault("page", "must be the next_page of an answer to this same query; leave it out to begin anew")
      }
    }
    guard reader.faults.isEmpty else { throw .invalid(reader.faults) }
  }

  /// What is asked, whatever page of it: of a page's token, that it belongs to this query.
  package func question(_ team: TeamID) -> [UInt8] {
    Self.question(of: self, team)
  }

  private static func question(of query: ReportQuery, _ team: TeamID) -> [UInt8] {
    var writer = JSONWriter()
    writer.array { writer in
      writer.string("\(team)")
      writer.string(query.report.rawValue)
      writer.integer(query.start.microseconds)
      if let end = query.end { writer.integer(end.microseconds) } else { writer.null() }
      writer.string(query.width.rawValue)
      if let zone = query.timeZone { writer.string(zone) } else { writer.null() }
      writer.list(query.grouping.map(\.rawValue))
      writer.list(query.filters.projects?.map(\.description))
      writer.list(query.filters.users)
      writer.list(query.filters.keys?.map(\.description))
      writer.list(query.filters.models)
      writer.list(query.filters.sizes)
      writer.list(query.filters.qualities)
      writer.list(query.filters.sources)
      writer.list(query.filters.lineItems?.map(\.text))
    }
    return ReportPageToken.hash(writer.bytes)
  }
}

extension JSONWriter {
  /// Writes texts in an order that is theirs alone, or null.
  fileprivate mutating func list(_ texts: [String]?) {
    guard let texts else { return null() }
    array { writer in for text in Set(texts).sorted() { writer.string(text) } }
  }
}
