import Ledger
import LedgerStore

/// How a result of a report is written: most of it is the same in each result of a page, and is put together once.
struct ReportResultTemplate: Sendable {
  /// What differs from result to result.
  private enum Value {
    case images, requests, refused, failed, credits, amount
    case lineItem, user, key, model, quality, size
  }

  /// A field: JSON around a value, or alone.
  private struct Field {
    var name: String
    var before = ""
    var value: Value?
    var after = ""
  }

  private let texts: [[UInt8]]
  private let values: [Value]

  /// The template of a report of `team` that is grouped so.
  init(_ report: ReportKind, grouping: Set<ReportDimension>, team: TeamID) {
    var (texts, values): ([String], [Value]) = (["{"], [])
    let fields = Self.counts(of: report, grouping) + Self.dimensions(grouping, team)
    for (place, field) in fields.enumerated() {
      texts[values.count] += "\(place > 0 ? "," : "")\"\(field.name)\":\(field.before)"
      if let value = field.value {
        values.append(value)
        texts.append("")
      }
      texts[values.count] += field.after
    }
    texts[values.count] += "}"
    self.texts = texts.map { Array($0.utf8) }
    self.values = values
  }

  private static func counts(of report: ReportKind, _ grouping: Set<ReportDimension>) -> [Field] {
    switch report {
    case .usage:
      [
        Field(name: "object", before: #""organization.usage.images.result""#), Field(name: "images", value: .images),
        Field(name: "num_model_requests", value: .requests), Field(name: "num_refused", value: .refused),
        Field(name: "num_failed", value: .failed), Field(name: "credits", value: .credits),
      ]
    case .costs:
      [
        Field(name: "object", before: #""organization.costs.result""#),
        Field(
          name: "amount", before: #"{"value":"#, value: .amount, after: #","currency":"\#(CostAmount.currency)"}"#),
        Self.field("line_item", grouping.contains(.lineItem), .lineItem), Field(name: "credits", value: .credits),
      ]
    }
  }

  /// The dimensions that both reports have; null where they are not grouped by.
  private static func dimensions(_ grouping: Set<ReportDimension>, _ team: TeamID) -> [Field] {
    [
      field("size", grouping.contains(.size), .size),
      Field(name: "source", before: grouping.contains(.source) ? "\"\(ReportDimension.onlySource)\"" : "null"),
      Field(name: "project_id", before: grouping.contains(.project) ? "\"\(team)\"" : "null"),
      field("user_id", grouping.contains(.user), .user), field("api_key_id", grouping.contains(.key), .key),
      field("model", grouping.contains(.model), .model), field("quality", grouping.contains(.quality), .quality),
    ]
  }

  private static func field(_ name: String, _ isThere: Bool, _ value: Value) -> Field {
    isThere ? Field(name: name, value: value) : Field(name: name, before: "null")
  }

  /// Writes one result.
  func write(_ row: ReportRow, to writer: inout JSONWriter) {
    writer.template(texts) { place, writer in
      switch values[place] {
      case .images: writer.integer(row.counts.images)
      case .requests: writer.integer(row.counts.settled)
      case .refused: writer.integer(row.counts.refused)
      case .failed: writer.integer(row.counts.released)
      case .credits: writer.integer(row.counts.credits)
      case .amount: writer.raw(CostAmount.text(row.counts.credits))
      case .lineItem: Self.write(row.lineItem?.text, to: &writer)
      case .user: Self.write(row.user, to: &writer)
      case .key: Self.write(row.group.key?.description, to: &writer)
      case .model: Self.write(row.group.model, to: &writer)
      case .quality: Self.write(row.group.quality, to: &writer)
      case .size: Self.write(row.group.size, to: &writer)
      }
    }
  }

  private static func write(_ text: String?, to writer: inout JSONWriter) {
    if let text { writer.string(text) } else { writer.null() }
  }
}
