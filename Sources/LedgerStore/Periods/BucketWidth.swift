/// How long the buckets of a report are. Minutes and hours are those of the clocks in a zone, days, weeks and months those
/// of its calendar.
package enum BucketWidth: String, Sendable, Hashable, CaseIterable {
  /// A minute.
  case minute = "1m"
  /// A quarter of an hour.
  case quarterHour = "15m"
  /// An hour.
  case hour = "1h"
  /// A day.
  case day = "1d"
  /// A week, from Monday on (ISO 8601).
  case week = "1w"
  /// A month.
  case month = "1M"
}
