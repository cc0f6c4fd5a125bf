package import Ledger
package import LedgerStore

/// The numbers of a report in the order in which they are shown, which is the same for the same question: by user id, key, model,
/// quality and size. Texts are compared once for each group, not in each bucket.
package struct OrderedUsage: Sendable {
  /// A group, with the member under its name.
  package struct Label: Sendable, Hashable {
    /// The member's user id; nil where members are not told apart.
    package var user: String?
    /// The group.
    package var group: UsageGroup

    /// The line item, where model, quality and size are told apart.
    var lineItem: LineItem? {
      guard let model = group.model, let quality = group.quality, let size = group.size else { return nil }
      return LineItem(model: model, quality: quality, size: size)
    }
  }

  /// The groups in their order.
  package private(set) var labels: [Label]
  /// Of each bucket the groups that it has something of, by their positions among the labels, ascending.
  package private(set) var buckets: [[UsageReport.Cell]]

  /// Puts a report in order.
  /// - Parameters:
  ///   - names: user ids of the members in it.
  ///   - isShown: what is shown of it; all, unless told.
  package init(
    _ report: UsageReport, names: [MemberID: String], where isShown: (UsageCounts) -> Bool = { _ in true }
  ) {
    let users = report.members.map { ($0, names[$0] ?? $0.description) }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }
    let places = Dictionary(users.enumerated().map { ($1.0, $0) }) { first, _ in first }
    let userPlaces = report.groups.map { $0.member.flatMap { places[$0] } ?? 0 }
    let order = report.groups.indices.sorted {
      userPlaces[$0] != userPlaces[$1]
        ? userPlaces[$0] < userPlaces[$1] : report.groups[$0].precedes(report.groups[$1])
    }
    labels = order.map { place in
      let group = report.groups[place]
      return Label(user: group.member == nil ? nil : users[userPlaces[place]].1, group: group)
    }
    var ranks = [Int](repeating: 0, count: order.count)
    for (rank, place) in order.enumerated() { ranks[place] = rank }
    buckets = report.cells.map { cells in
      // Cells are large: numbers are put in order instead, a rank and a position in one.
      let order = cells.indices.map { UInt64(ranks[cells[$0].group]) << 32 | UInt64($0) }.sorted()
      return order.compactMap { number in
        let cell = cells[Int(number & 0xFFFF_FFFF)]
        guard isShown(cell.counts) else { return nil }
        return UsageReport.Cell(group: Int(number >> 32), counts: cell.counts)
      }
    }
  }
}

extension UsageGroup {
  /// Whether it stands before another one of the same member.
  fileprivate func precedes(_ other: UsageGroup) -> Bool {
    if key != other.key {
      guard let key, let otherKey = other.key else { return key == nil }
      return key < otherKey
    }
    if model != other.model { return (model ?? "") < (other.model ?? "") }
    if quality != other.quality { return (quality ?? "") < (other.quality ?? "") }
    return (size ?? "") < (other.size ?? "")
  }
}
