package import Ledger
package import LedgerStore

/// What one bucket of a report says of one group, with the member under its name.
package struct ReportRow: Sendable, Hashable {
  /// The bucket's first moment.
  package var start: Timestamp
  /// The first moment behind it.
  package var end: Timestamp
  /// The member's user id; nil where members are not told apart.
  package var user: String?
  /// The group.
  package var group: UsageGroup
  /// What became of the edits; nil where that is not told apart.
  package var status: String?
  /// What is in it.
  package var counts: UsageCounts

  /// A row of these.
  package init(start: Timestamp, end: Timestamp, user: String?, group: UsageGroup, counts: UsageCounts) {
    self.start = start
    self.end = end
    self.user = user
    self.group = group
    self.counts = counts
  }

  /// The line item, where model, quality and size are told apart.
  var lineItem: LineItem? { OrderedUsage.Label(user: user, group: group).lineItem }

  /// The rows of each bucket of a report, in their order.
  /// - Parameter bounds: those that the report was asked with.
  package static func rows(of usage: OrderedUsage, bounds: [Timestamp]) -> [[ReportRow]] {
    usage.buckets.enumerated().map { position, cells in
      cells.map { cell in
        let label = usage.labels[cell.group]
        return ReportRow(
          start: bounds[position], end: bounds[position + 1], user: label.user, group: label.group,
          counts: cell.counts)
      }
    }
  }
}

extension UsageCounts {
  /// What the usage cost: charges less what was given back. Below zero where more was given back than charged meanwhile.
  package var credits: Int64 { charged - credited }
}

extension UsageReport {
  /// What it says of these line items alone, in the groups of `grouping`; it must be grouped by model, quality and size.
  package func narrowed(to items: Set<LineItem>, grouping: Set<UsageDimension>) -> UsageReport {
    let kept = groups.map { group -> UsageGroup? in
      let item = LineItem(model: group.model ?? "", quality: group.quality ?? "", size: group.size ?? "")
      guard items.contains(item) else { return nil }
      var kept = group
      if !grouping.contains(.model) { kept.model = nil }
      if !grouping.contains(.quality) { kept.quality = nil }
      if !grouping.contains(.size) { kept.size = nil }
      return kept
    }
    let buckets = cells.map { cells in
      var narrowed: [UsageGroup: UsageCounts] = [:]
      for cell in cells { if let group = kept[cell.group] { narrowed[group, default: UsageCounts()] += cell.counts } }
      return narrowed
    }
    var report = UsageReport(asOf: asOf, buckets: buckets)
    report.names = names
    return report
  }
}
