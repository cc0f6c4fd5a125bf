package import Ledger

/// The answer to a `UsageRequest`. A group stands in it once, however many buckets it is in.
package struct UsageReport: Sendable {
  /// What one bucket has of one group.
  package struct Cell: Sendable {
    /// The position of the group among the report's.
    package var group: Int
    package var counts: UsageCounts

    /// A cell of these.
    package init(group: Int, counts: UsageCounts) {
      self.group = group
      self.counts = counts
    }
  }

  /// The head that the numbers belong to.
  package var asOf: UsagePosition
  /// The groups, each once, in no order that says anything.
  package private(set) var groups: [UsageGroup]
  /// Of each bucket that was asked for, those groups of which it has something, each once.
  package private(set) var cells: [[Cell]]
  /// How members in it are named (`LedgerStore.userIDs`), as far as that was read along.
  package var names: [MemberID: String] = [:]

  /// A report. No group may stand twice among `groups`, or among the cells of a bucket.
  package init(asOf: UsagePosition, groups: [UsageGroup], cells: [[Cell]]) {
    self.asOf = asOf
    self.groups = groups
    self.cells = cells
  }

  /// A report of these buckets.
  package init(asOf: UsagePosition, buckets: [[UsageGroup: UsageCounts]]) {
    var sums = UsageSums(buckets: buckets.count)
    for (bucket, groups) in buckets.enumerated() { sums.add(groups, to: bucket) }
    self = sums.report(asOf: asOf)
  }

  /// The groups of each bucket, for who looks one up.
  package var buckets: [[UsageGroup: UsageCounts]] {
    cells.map { cells in
      Dictionary(cells.map { (groups[$0.group], $0.counts) }) { first, _ in first }
    }
  }

  /// The members in it.
  package var members: Set<MemberID> { Set(groups.compactMap(\.member)) }
}

extension UsageReport: Equatable {
  /// Whether both have the same numbers of the same head, whatever members are called and wherever groups stand.
  package static func == (one: UsageReport, other: UsageReport) -> Bool {
    one.asOf == other.asOf && one.buckets == other.buckets
  }
}
