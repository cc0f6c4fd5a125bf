package import Gateway
package import LedgerStore

/// Who or what used most, and which share of the whole each one has.
package struct UsageRanking: Sendable {
  /// One place of it, or what has none.
  package struct Place: Sendable {
    /// What it is of; nil: several things together.
    package var row: ReportRow?
    /// How much.
    package var counts: UsageCounts
    /// Thousandths of the whole; nil: there is no share, since nothing was charged, or more given back than charged.
    package var permille: Int64?
  }

  private static let whole: Int64 = 1_000

  /// The first ones, the most credits first.
  package let places: [Place]
  /// All that is behind them, as one; nil: nothing is.
  package let others: Place?
  /// Everything.
  package let total: Place

  /// Ranks rows of one bucket.
  /// - Parameter limit: how many places there are at most, from 1.
  package init(_ rows: [ReportRow], limit: Int) {
    // Equals keep the order that the report gave them.
    let sorted = rows.enumerated().sorted {
      ($0.element.counts.credits, $0.element.counts.settled, -$0.offset)
        > ($1.element.counts.credits, $1.element.counts.settled, -$1.offset)
    }.map(\.element)
    let rest = sorted.dropFirst(limit)
    let sum = rest.reduce(into: UsageCounts()) { $0 += $1.counts }
    let all = sorted.prefix(limit).reduce(into: sum) { $0 += $1.counts }
    let shown = sorted.prefix(limit).map(\.counts) + (rest.isEmpty ? [] : [sum])
    let shares = Self.permille(shown.map(\.credits))
    places = zip(sorted.prefix(limit), shares).map { Place(row: $0, counts: $0.counts, permille: $1) }
    others = rest.isEmpty ? nil : Place(row: nil, counts: sum, permille: shares.last ?? nil)
    total = Place(row: nil, counts: all, permille: all.credits > 0 ? Self.whole : nil)
  }

  /// The thousandths that each part is of the sum. They add up to a thousand: each is rounded down, and what is missing goes
  /// to those that lost most by it, the first ones where several lost the same. Where a part is less than nothing, it has
  /// no share, and the others, which are more than the whole together, are rounded down.
  package static func permille(_ parts: [Int64]) -> [Int64?] {
    let sum = parts.reduce(Int128(0)) { $0 + Int128($1) }
    guard sum > 0 else { return parts.map { _ in nil } }
    let scaled = parts.map { (Int128($0) * Int128(whole)).quotientAndRemainder(dividingBy: sum) }
    var shares = zip(parts, scaled).map { $0 < 0 ? nil : Int64($1.quotient) }
    guard !parts.contains(where: { $0 < 0 }) else { return shares }
    let missing = Int(whole - shares.reduce(0) { $0 + ($1 ?? 0) })
    let losers = parts.indices.sorted { (scaled[$0].remainder, -$0) > (scaled[$1].remainder, -$1) }
    for position in losers.prefix(missing) { shares[position] = (shares[position] ?? 0) + 1 }
    return shares
  }
}
