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
  var lineItem: LineItem? {
    guard let model = group.model, let quality = group.quality, let size = group.size else { return nil }
    return LineItem(model: model, quality: quality, size: size)
  }

  /// What orders the rows of a bucket, so that the same question gets the same text.
  private var order: [String] {
    [user ?? "", group.key?.description ?? "", group.model ?? "", group.quality ?? "", group.size ?? ""]
  }

  /// The rows of each bucket of a report, in their order.
  /// - Parameters:
  ///   - bounds: those that the report was asked with.
  ///   - names: user ids of the members in it.
  package static func rows(
    of report: UsageReport, bounds: [Timestamp], names: [MemberID: String]
  ) -> [[ReportRow]] {
    report.buckets.enumerated().map { position, groups in
      groups.map { group, counts in
        ReportRow(
          start: bounds[position], end: bounds[position + 1],
          user: group.member.map { names[$0] ?? $0.description }, group: group, counts: counts)
      }
      .sorted { $0.order.lexicographicallyPrecedes($1.order) }
    }
  }
}

extension UsageCounts {
  /// What the usage cost: charges less what was given back. Below zero where more was given back than charged meanwhile.
  package var credits: Int64 { charged - credited }
}

extension UsageReport {
  /// The members in it.
  package var members: Set<MemberID> {
    Set(buckets.flatMap { $0.keys.compactMap(\.member) })
  }

  /// What it says of these line items alone, in the groups of `grouping`; it must be grouped by model, quality and size.
  package func narrowed(to items: Set<LineItem>, grouping: Set<UsageDimension>) -> UsageReport {
    var report = self
    report.buckets = buckets.map { groups in
      var narrowed: [UsageGroup: UsageCounts] = [:]
      for (group, counts) in groups {
        let item = LineItem(model: group.model ?? "", quality: group.quality ?? "", size: group.size ?? "")
        guard items.contains(item) else { continue }
        var kept = group
        if !grouping.contains(.model) { kept.model = nil }
        if !grouping.contains(.quality) { kept.quality = nil }
        if !grouping.contains(.size) { kept.size = nil }
        narrowed[kept, default: UsageCounts()] += counts
      }
      return narrowed
    }
    return report
  }
}
