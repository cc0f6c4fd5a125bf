package import Ledger

/// The head of a log that the numbers of a report belong to (docs/rollups.md, `as_of`).
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

extension UsageRequest {
  /// Throws `invalid` unless the bounds are ascending moments of one bucket at least, and filters can be stored.
  func validate() throws(StoreError) {
    let count = bounds.count - 1
    guard count >= 1, zip(bounds, bounds.dropFirst()).allSatisfy(<) else {
      throw StoreError(.invalid(field: "end_time", message: "must be later than start_time"))
    }
    guard count <= Self.bucketsMaximum else {
      throw StoreError(
        .invalid(field: "limit", message: "must be at most \(Self.bucketsMaximum) buckets; these are \(count)"))
    }
    guard bounds[0] >= .epoch, bounds[count] <= .maximum else {
      throw StoreError(.invalid(field: "start_time", message: "must lie between the years 1970 and 9999"))
    }
    for (field, texts) in [("models", filters.models), ("qualities", filters.qualities), ("sizes", filters.sizes)] {
      guard (texts ?? []).allSatisfy(LedgerStore.isStorable) else {
        throw StoreError(.invalid(field: field, message: "must not have a NUL"))
      }
    }
  }

  /// The field that brought about a part which begins or ends within a quarter of an hour.
  func field(of part: SpanCover.Part) -> String {
    if part.start == bounds[0] { return "start_time" }
    return part.end == bounds[bounds.count - 1] ? "end_time" : "bucket_width"
  }
}
