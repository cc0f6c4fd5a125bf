package import Ledger
package import Metrics

/// What operators see of edits.
package struct EditMeters: Sendable {
  /// What becomes of edits, as the label `outcome` of `tally_edits_total`.
  package enum Outcome: String, Sendable, CaseIterable {
    /// The provider did the work.
    case done
    /// The provider has taken it and is asked for the result.
    case accepted
    /// It did not fit a budget.
    case refused
    /// Its Idempotency-Key stood for another edit.
    case repeated
    /// No hold could be taken.
    case notHeld = "not_held"
    /// Nothing reached the provider.
    case notSent = "not_sent"
    /// The provider refused the request.
    case upstreamRefused = "upstream_refused"
    /// The provider refused the operator's account.
    case upstreamAccount = "upstream_account"
    /// The provider had too many requests.
    case rateLimited = "rate_limited"
    /// Nobody can tell.
    case inDoubt = "in_doubt"
    /// What became of it could not be booked in time.
    case notBooked = "not_booked"
  }

  private let counters: [Outcome: Counter]
  private let variance: Counter
  private let upstream: Metrics.Timer

  /// Meters that report to `factory`.
  package init(factory: any MetricsFactory) {
    var counters: [Outcome: Counter] = [:]
    for outcome in Outcome.allCases {
      counters[outcome] = Counter(
        label: "tally_edits", dimensions: [("outcome", outcome.rawValue)], factory: factory)
    }
    self.counters = counters
    variance = Counter(label: "tally_variance_credits", dimensions: [], factory: factory)
    upstream = Metrics.Timer(label: "tally_upstream_edit", dimensions: [], factory: factory)
  }

  /// Counts an edit.
  package func count(_ outcome: Outcome) {
    counters[outcome]?.increment()
  }

  /// Adds credits that the provider billed above a hold.
  package func count(variance credits: Credits) {
    variance.increment(by: credits.value)
  }

  /// Notes how long the provider took for an edit.
  package func recordUpstream(_ time: Duration) {
    upstream.recordNanoseconds(time.wholeNanoseconds)
  }
}
