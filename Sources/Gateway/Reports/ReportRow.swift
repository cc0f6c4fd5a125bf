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

  /// Whether it stands before another one of the same member in a bucket.
  private func precedes(_ other: ReportRow) -> Bool {
    if group.key != other.group.key {
      guard let key = group.key, let otherKey = other.group.key else { return group.key == nil }
      return key < otherKey
    }
    if group.model != other.group.model { return (group.model ?? "") < (other.group.model ?? "") }
    if group.quality != other.group.quality { return (group.quality ?? "") < (other.group.quality ?? "") }
    return (group.size ?? "") < (other.group.size ?? "")
  }

  /// The rows of each bucket of a report, in an order that is the same for the same question: by user id, key, model, quality
  /// and size.
  /// - Parameters:
  ///   - bounds: those that the report was asked with.
  ///   - names: user ids of the members in it.
  package static func rows(
    of report: UsageReport, bounds: [Timestamp], names: [MemberID: String]
  ) -> [[ReportRow]] {
    // Texts are compared once for each member, not in each bucket.
    let users = report.members.map { ($0, names[$0] ?? $0.description) }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }
    let places = Dictionary(
      users.enumerated().map { place, user in (user.0, (place: place, user: user.1)) }
    ) { first, _ in first }
    return report.buckets.enumerated().map { position, groups in
      var rows: [ReportRow] = []
      var userPlaces: [Int] = []
      rows.reserveCapacity(groups.count)
      userPlaces.reserveCapacity(groups.count)
      for (group, counts) in groups {
        let user = group.member.flatMap { places[$0] }
        rows.append(
          ReportRow(
            start: bounds[position], end: bounds[position + 1], user: user?.user, group: group, counts: counts))
        userPlaces.append(user?.place ?? 0)
      }
      // Rows are large: their positions are put in order, and each is moved once.
      let order = rows.indices.sorted {
        userPlaces[$0] != userPlaces[$1] ? userPlaces[$0] < userPlaces[$1] : rows[$0].precedes(rows[$1])
      }
      return order.map { rows[$0] }
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
    var members: Set<MemberID> = []
    for groups in buckets { for group in groups.keys { if let member = group.member { members.insert(member) } } }
    return members
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
