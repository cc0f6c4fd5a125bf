package import Ledger
package import LedgerStore
import TransparencyLog

/// One page of a report, as OpenAI's admin API has them; what is ours stands beside (docs/reports.md).
package struct ReportPage: Sendable {
  /// Which report.
  package var query: ReportQuery
  /// Whose.
  package var team: TeamID
  /// The bounds of its stretches of time, one more than there are.
  package var bounds: [Timestamp]
  /// What was used in each.
  package var usage: OrderedUsage
  /// The head that the numbers belong to.
  package var asOf: UsagePosition
  /// Where it goes on; nil: nowhere.
  package var next: ReportPageToken?

  /// Bytes of one bucket in JSON without its results, at most, and of all that is around the buckets.
  private static let (bucketBytes, frameBytes) = (100, 2_048)

  /// It in JSON.
  package var json: [UInt8] {
    let template = ReportResultTemplate(query.report, grouping: query.grouping, team: team, labels: usage.labels)
    let size = usage.buckets.reduce(Self.frameBytes) { $0 + Self.bucketBytes + template.size(of: $1) }
    var writer = JSONWriter(capacity: size)
    write(by: template, to: &writer)
    return writer.bytes
  }

  private func write(by template: ReportResultTemplate, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("object", "page")
      writer.array("data") { writer in
        for (position, cells) in usage.buckets.enumerated() {
          writer.object { writer in
            writer.field("object", "bucket")
            writer.field("start_time", bounds[position].unixSeconds)
            writer.field("end_time", bounds[position + 1].unixSeconds)
            writer.array("results") { writer in template.write(cells, to: &writer) }
          }
        }
      }
      writer.field("has_more", next != nil)
      writer.field("next_page", next?.text)
      writer.object("as_of") { writer in
        writer.field("log", asOf.origin)
        writer.field("size", asOf.size)
        writer.field("root", asOf.rootText)
      }
    }
  }

  /// It as a table: one row for each result.
  package var table: [UInt8] {
    ReportTable(query.report, grouping: query.grouping, team: team).bytes(
      of: ReportRow.rows(of: usage, bounds: bounds).flatMap(\.self))
  }
}

extension UsagePosition {
  /// The root as a signed head writes it: Base64.
  package var rootText: String { Base64.encode(root.bytes) }
}

extension Timestamp {
  /// Seconds since 1970, rounded down.
  package var unixSeconds: Int64 {
    let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: Timestamp.microsecondsPerSecond)
    return rest < 0 ? seconds - 1 : seconds
  }
}
