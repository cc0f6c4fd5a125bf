import Exports
import Ledger
import LedgerStore

/// What `GET /v1/audit/export` asks for, read from the query (docs/http.md, exports).
package struct ExportQuery: Sendable {
  /// In which form.
  package enum Format: String, Sendable, CaseIterable {
    /// The lines.
    case jsonl
    /// The rows of `usage.csv`.
    case csv
    /// The rows of `focus-1.2.csv`.
    case focus
    /// A bundle, as a tar archive.
    case bundle
  }

  private static let parameters = ["from", "to", "format", "log", "known"]
  private static let boundHelp = "must be the index of a line, a time (RFC 3339) or a date (2026-11-01)"

  /// In which form; the lines by default.
  package var format = Format.jsonl
  private(set) var from: ExportRequest.Bound?
  private(set) var to: ExportRequest.Bound?
  /// The name of one of the team's logs; nil: the one that goes on.
  private(set) var log: String?
  /// How many lines a head has that the reader holds.
  private(set) var known: Int64?

  /// Reads it. Throws 400 that names every parameter that is unknown, given twice, or cannot be read.
  package init(_ query: QueryParameters, timeZone: String) throws(GatewayError) {
    var faults = query.faults(otherThan: Self.parameters) + query.faults(repeating: Self.parameters)
    if let text = query["format"] {
      if let format = Format(rawValue: text) {
        self.format = format
      } else {
        faults.append(
          FieldFault("format", "must be one of \(Format.allCases.map(\.rawValue).joined(separator: ", "))"))
      }
    }
    if let text = query["from"] {
      from = Self.bound(text, timeZone)
      if from == nil { faults.append(FieldFault("from", Self.boundHelp)) }
    }
    if let text = query["to"] {
      to = Self.bound(text, timeZone)
      if to == nil { faults.append(FieldFault("to", Self.boundHelp)) }
    }
    log = query["log"]
    if let text = query["known"] {
      known = Self.index(text)
      if known == nil {
        faults.append(FieldFault("known", "must be the number of lines of a head that you hold, its second line"))
      } else if format != .bundle {
        faults.append(FieldFault("known", "is for bundles: format=bundle"))
      }
    }
    guard faults.isEmpty else { throw .invalid(faults) }
  }

  /// What it asks of `team`'s log.
  func request(_ team: TeamID) -> ExportRequest {
    let content: ExportRequest.Content =
      switch format {
      case .jsonl: .lines
      case .csv: .usage
      case .focus: .focus
      case .bundle: .bundle
      }
    var request = ExportRequest(team: team, content: content)
    request.from = from
    request.to = to
    request.log = log
    request.knownSize = known
    if format == .bundle { request.maximumLines = LogExports.archiveLinesMaximum }
    return request
  }

  /// The number that is written in plain digits.
  private static func index(_ text: String) -> Int64? {
    text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) ? Int64(text) : nil
  }

  private static func bound(_ text: String, _ timeZone: String) -> ExportRequest.Bound? {
    if !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
      return index(text).map { .index($0) }
    }
    if let moment = Timestamp(rfc3339: text) { return .moment(moment) }
    return CivilDate(text).flatMap { ZoneCalendar.start(of: $0, timeZone: timeZone) }.map { .moment($0) }
  }
}

extension ExportQuery.Format {
  /// What the answer is.
  var mediaType: String {
    switch self {
    case .jsonl: "application/x-ndjson"
    case .csv, .focus: "text/csv; charset=utf-8"
    case .bundle: "application/x-tar"
    }
  }

  /// The name of a file that it is kept in.
  func fileName(_ plan: ExportPlan) -> String {
    switch self {
    case .jsonl: "tally-audit-\(plan.from)-\(plan.to).jsonl"
    case .csv: "tally-usage-\(plan.from)-\(plan.to).csv"
    case .focus: "tally-focus-1.2-\(plan.from)-\(plan.to).csv"
    case .bundle: "\(LogExports.archiveFolder(plan)).tar"
    }
  }
}
