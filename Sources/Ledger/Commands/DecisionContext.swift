/// What `decide` may not look up itself: time, calendar, prices, and who asks (docs/architecture.md).
package struct DecisionContext: Sendable {
  /// The time of the decision: never before the book's `lastAt`. It fixes period and price, and is the line's `at`.
  package var at: Timestamp
  /// The calendar month in the team's time zone that `at` lies in.
  package var month: PeriodBounds
  /// The prices.
  package var prices: PriceBook
  /// Who asks.
  package var actor: Actor
  /// `sha256(salt || payload)` over the line's private payload, made outside.
  package var commitment: Digest32

  /// A context with these fields.
  package init(at: Timestamp, month: PeriodBounds, prices: PriceBook, actor: Actor, commitment: Digest32) {
    self.at = at
    self.month = month
    self.prices = prices
    self.actor = actor
    self.commitment = commitment
  }
}
