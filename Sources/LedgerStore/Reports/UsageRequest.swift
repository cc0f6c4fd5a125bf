package import Ledger

/// The head of a log that the numbers of a report belong to (docs/reports.md, `as_of`).
package struct UsagePosition: Hashable, Sendable {
  /// Name of the log.
  package var origin: String
  /// Number of its lines: those at this index and behind it are not counted.
  package var size: Int64
  /// Root of the tree over them.
  package var root: Digest32
  /// Time of the last one of them.
  package var at: Timestamp

  /// A position with these fields.
  package init(origin: String, size: Int64, root: Digest32, at: Timestamp) {
    self.origin = origin
    self.size = size
    self.root = root
    self.at = at
  }
}

/// A question about a team's usage.
package struct UsageRequest: Hashable, Sendable {
  /// The most buckets that one request may ask for: more than a day of minutes.
  package static let bucketsMaximum = 1_500

  /// Whose usage.
  package var team: TeamID
  /// One moment more than there are buckets, ascending: bucket `i` goes from `bounds[i]` up to `bounds[i + 1]`, which is not
  /// in it.
  package var bounds: [Timestamp]
  /// Which of it.
  package var filters: UsageFilters
  /// What it is grouped by; nothing: one group a bucket.
  package var grouping: Set<UsageDimension>
  /// The head that the numbers are to belong to; nil: the newest.
  package var asOf: UsagePosition?

  /// A question.
  package init(
    team: TeamID, bounds: [Timestamp], filters: UsageFilters = UsageFilters(), grouping: Set<UsageDimension> = [],
    asOf: UsagePosition? = nil
  ) {
    self.team = team
    self.bounds = bounds
    self.filters = filters
    self.grouping = grouping
    self.asOf = asOf
  }
}

/// The answer to a `UsageRequest`.
package struct UsageReport: Hashable, Sendable {
  /// The head that the numbers belong to.
  package var asOf: UsagePosition
  /// One for each bucket that was asked for, without groups of which there is nothing.
  package var buckets: [[UsageGroup: UsageCounts]]

  /// A report.
  package init(asOf: UsagePosition, buckets: [[UsageGroup: UsageCounts]]) {
    self.asOf = asOf
    self.buckets = buckets
  }
}
