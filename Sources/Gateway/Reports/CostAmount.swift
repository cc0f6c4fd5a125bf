import Audit

/// Credits as dollars: 3,000,000 are one. Made of whole numbers alone; a third of a millionth has no end, so the last of
/// twelve digits is rounded, and the credits beside it are exact (docs/reports.md, costs).
package enum CostAmount {
  /// The currency of every amount.
  package static let currency = "usd"

  /// The amount in decimal digits, with one behind the point at least: `0.011`, `-2.0`.
  package static func text(_ credits: Int64) -> String {
    CostText.cost(Int64(clamping: credits.magnitude), isNegative: credits < 0)
  }
}
