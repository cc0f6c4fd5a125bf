import Gateway
import Ledger
import LedgerStore

extension OutputRow {
  /// A row of a report: what it is of, and how much.
  /// - Parameters:
  ///   - groups: what the report is grouped by.
  ///   - start: how a table shows the bucket; nil: there is but one.
  init(_ row: ReportRow, by groups: ReportGroups, start: String?) {
    self.init()
    add("start", start == nil ? nil : "START", .time(row.start), text: start)
    add("end", nil, .time(row.end))
    for group in groups.groups { add(group.jsonName, group.rawValue.uppercased(), .optional(row.text(of: group))) }
    add(row.counts)
  }

  /// The sums under a table.
  init(total: UsageCounts, by groups: ReportGroups, hasStart: Bool) {
    self.init()
    var name: String? = "total"
    for heading in (hasStart ? ["START"] : []) + groups.groups.map({ $0.rawValue.uppercased() }) {
      add(heading, heading, .string(name ?? ""))
      name = nil
    }
    add(total)
  }

  /// How much.
  mutating func add(_ counts: UsageCounts) {
    add("images", "IMAGES", .integer(counts.images))
    add("edits", "EDITS", .integer(counts.settled))
    add("refused", "REFUSED", .integer(counts.refused))
    add("failed", "FAILED", .integer(counts.released))
    add("credits", "CREDITS", .integer(counts.credits))
    add("usd", "USD", .string(CostAmount.text(counts.credits)))
  }
}

extension ReportGroups {
  /// Their names as `--by` takes them.
  var value: OutputValue { .list(groups.map { .string($0.rawValue) }) }
}

extension ReportGroup {
  /// Its name in JSON.
  var jsonName: String {
    switch self {
    case .user: "userId"
    case .key: "keyId"
    default: rawValue
    }
  }
}

extension ReportRow {
  /// What it says of one thing that a report is grouped by.
  func text(of group: ReportGroup) -> String? {
    switch group {
    case .user: user
    case .key: self.group.key?.description
    case .model: self.group.model
    case .quality: self.group.quality
    case .size: self.group.size
    case .status: status
    }
  }
}

extension OutputValue {
  /// The head that the numbers of a report belong to, as the gateway's reports name it.
  static func asOf(_ position: UsagePosition?) -> OutputValue {
    guard let position else { return .null }
    return .object([
      "log": .string(position.origin), "size": .integer(position.size),
      "root": .string(position.rootText),
    ])
  }
}
