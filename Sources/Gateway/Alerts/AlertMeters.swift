import Metrics

/// What operators see of alerts.
struct AlertMeters: Sendable {
  /// What became of an attempt, or of a message, as the label `outcome` of `tally_alert_messages_total`.
  enum Outcome: String, CaseIterable {
    /// A threshold was reached, and a message is in the queue.
    case reached
    /// It arrived.
    case delivered
    /// An attempt failed, and it is tried again.
    case postponed
    /// It is not tried again.
    case givenUp = "given_up"
  }

  private let counters: [Outcome: Counter]

  /// Meters that report to `factory`.
  init(factory: any MetricsFactory) {
    counters = Dictionary(
      uniqueKeysWithValues: Outcome.allCases.map { outcome in
        let dimensions = [("outcome", outcome.rawValue)]
        return (outcome, Counter(label: "tally_alert_messages", dimensions: dimensions, factory: factory))
      })
  }

  func count(_ outcome: Outcome, _ number: Int = 1) {
    counters[outcome]?.increment(by: number)
  }
}
