/// When a budget has reached a part of its limit (docs/alerts.md).
package enum BudgetThreshold {
  /// Whether what is used is at least `percent` hundredths of the limit. What is only held does not count, since it may be
  /// released; where nothing is used, nothing is reached, whatever the limit.
  /// - Parameters:
  ///   - percent: the threshold, from 1 on; beyond 100 where a limit was lowered.
  ///   - limit: nil: none, of which there is no part.
  package static func isReached(percent: Int64, used: Credits, limit: Credits?) -> Bool {
    guard let limit, used > .zero else { return false }
    // Wider than either number, so that no product is too large.
    return Int128(used.value) * 100 >= Int128(percent) * Int128(limit.value)
  }
}
