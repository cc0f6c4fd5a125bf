import Histogram

/// How long things took: a histogram of microseconds with three significant digits.
package struct LatencyHistogram: Sendable {
  /// The longest time that is told apart from longer ones: ten minutes.
  private static let maximumMicroseconds: UInt64 = 600_000_000

  /// The percentiles that are shown, under their names in JSON.
  static let percentiles: [(name: String, heading: String, value: Double)] = [
    ("p50", "P50", 50), ("p90", "P90", 90), ("p99", "P99", 99), ("p999", "P99.9", 99.9), ("max", "MAX", 100),
  ]

  private var histogram = Histogram<UInt64>(
    lowestDiscernibleValue: 1, highestTrackableValue: maximumMicroseconds, numberOfSignificantValueDigits: .three)

  /// Nothing is recorded yet.
  package init() {}

  /// How many were recorded.
  package var count: Int { Int(histogram.totalCount) }

  /// Records one.
  package mutating func record(_ duration: Duration) {
    let microseconds = UInt64(max(0, duration / .microseconds(1)))
    // Always within the range, so it is never refused.
    _ = histogram.record(min(microseconds, Self.maximumMicroseconds))
  }

  /// Microseconds that `percent` of 100 did not exceed; 0 where nothing was recorded.
  package func microseconds(at percent: Double) -> Int64 {
    guard histogram.totalCount > 0 else { return 0 }
    return Int64(percent == 100 ? histogram.max : histogram.valueAtPercentile(percent))
  }

  /// The percentiles as JSON, in microseconds.
  var value: OutputValue {
    .object(
      Dictionary(
        uniqueKeysWithValues: Self.percentiles.map { ($0.name, .integer(microseconds(at: $0.value))) }))
  }

  /// The percentiles for people, in milliseconds.
  package var text: String {
    Self.percentiles.map { "\($0.name) \(Self.milliseconds(microseconds(at: $0.value)))" }.joined(separator: "  ")
      + "  ms"
  }

  private static func milliseconds(_ microseconds: Int64) -> String {
    let hundredths = (microseconds + 5) / 10
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
