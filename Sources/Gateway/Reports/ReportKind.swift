package import LedgerStore

/// The reports of usage.
package enum ReportKind: String, Sendable, Hashable, CaseIterable {
  /// Images and edits.
  case usage
  /// Money.
  case costs

  /// What it can be grouped by.
  package var dimensions: [ReportDimension] {
    switch self {
    case .usage: ReportDimension.allCases.filter { $0 != .lineItem }
    case .costs: ReportDimension.allCases
    }
  }

  /// How long its buckets may be, the default first.
  package var widths: [BucketWidth] {
    switch self {
    case .usage: [.day, .minute, .quarterHour, .hour, .week, .month]
    case .costs: [.day, .week, .month]
    }
  }

  /// Names of its lists in the query.
  var lists: [String] {
    let all = ["project_ids", "user_ids", "api_key_ids", "models", "sizes", "sources", "qualities", "group_by"]
    return self == .costs ? all + ["line_items"] : all
  }

  /// How many buckets a page has: by default, and at most.
  package func limits(_ width: BucketWidth) -> (usual: Int, maximum: Int) {
    switch (self, width) {
    case (_, .minute): (60, 1_440)
    case (_, .quarterHour): (96, 672)
    case (_, .hour): (24, 168)
    case (.usage, .day): (7, 31)
    case (.costs, .day): (7, 180)
    case (_, .week): (4, 53)
    case (_, .month): (12, 120)
    }
  }
}
