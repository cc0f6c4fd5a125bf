package import Ledger
package import LedgerStore
import TransparencyLog

/// One page of a report, as OpenAI's admin API has them; what is ours stands beside (docs/reports.md).
package struct ReportPage: Sendable {
  /// One stretch of time.
  package struct Bucket: Sendable {
    /// Its first moment.
    package var start: Timestamp
    /// The first moment behind it.
    package var end: Timestamp
    /// One row for each group; none where nothing was used.
    package var rows: [ReportRow]
  }

  /// Which report.
  package var query: ReportQuery
  /// Whose.
  package var team: TeamID
  /// Its stretches of time.
  package var buckets: [Bucket]
  /// The head that the numbers belong to.
  package var asOf: UsagePosition
  /// Where it goes on; nil: nowhere.
  package var next: ReportPageToken?

  /// Bytes of one result and of one bucket in JSON, about.
  private static let (resultBytes, bucketBytes) = (300, 100)

  /// It in JSON.
  package var json: [UInt8] {
    let size = buckets.reduce(2_048) { $0 + Self.bucketBytes + Self.resultBytes * $1.rows.count }
    var writer = JSONWriter(capacity: size)
    write(to: &writer)
    return writer.bytes
  }

  private func write(to writer: inout JSONWriter) {
    let template = ReportResultTemplate(query.report, grouping: query.grouping, team: team)
    writer.object { writer in
      writer.field("object", "page")
      writer.array("data") { writer in
        for bucket in buckets { write(bucket, by: template, to: &writer) }
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

  private func write(_ bucket: Bucket, by template: ReportResultTemplate, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("object", "bucket")
      writer.field("start_time", bucket.start.unixSeconds)
      writer.field("end_time", bucket.end.unixSeconds)
      writer.array("results") { writer in
        for row in bucket.rows { template.write(row, to: &writer) }
      }
    }
  }

  /// It as a table: one row for each result.
  package var table: [UInt8] {
    ReportTable(query.report, grouping: query.grouping, team: team).bytes(of: buckets.flatMap(\.rows))
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
