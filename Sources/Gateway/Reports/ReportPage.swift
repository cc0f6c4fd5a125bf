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

  /// Writes it.
  package func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("object", "page")
      writer.array("data") { writer in
        for bucket in buckets { write(bucket, to: &writer) }
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

  private func write(_ bucket: Bucket, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("object", "bucket")
      writer.field("start_time", bucket.start.unixSeconds)
      writer.field("end_time", bucket.end.unixSeconds)
      writer.array("results") { writer in
        for row in bucket.rows {
          writer.object { writer in
            switch query.report {
            case .usage: writeUsage(row, to: &writer)
            case .costs: writeCost(row, to: &writer)
            }
          }
        }
      }
    }
  }

  private func writeUsage(_ row: ReportRow, to writer: inout JSONWriter) {
    writer.field("object", "organization.usage.images.result")
    writer.field("images", row.counts.images)
    writer.field("num_model_requests", row.counts.settled)
    writer.field("num_refused", row.counts.refused)
    writer.field("num_failed", row.counts.released)
    writer.field("credits", row.counts.credits)
    writeDimensions(row, to: &writer)
  }

  private func writeCost(_ row: ReportRow, to writer: inout JSONWriter) {
    writer.field("object", "organization.costs.result")
    writer.object("amount") { writer in
      writer.field("value", json: CostAmount.text(row.counts.credits))
      writer.field("currency", CostAmount.currency)
    }
    writer.field("line_item", has(.lineItem) ? row.lineItem?.text : nil)
    writer.field("credits", row.counts.credits)
    writeDimensions(row, to: &writer)
  }

  /// The dimensions that both reports have; null where they are not grouped by.
  private func writeDimensions(_ row: ReportRow, to writer: inout JSONWriter) {
    writer.field("size", has(.size) ? row.group.size : nil)
    writer.field("source", has(.source) ? ReportDimension.onlySource : nil)
    writer.field("project_id", has(.project) ? team.description : nil)
    writer.field("user_id", row.user)
    writer.field("api_key_id", row.group.key?.description)
    writer.field("model", has(.model) ? row.group.model : nil)
    writer.field("quality", has(.quality) ? row.group.quality : nil)
  }

  private func has(_ dimension: ReportDimension) -> Bool {
    query.grouping.contains(dimension)
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
