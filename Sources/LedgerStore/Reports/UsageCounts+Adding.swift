import Ledger
import Postgres

extension RowReader {
  /// Reads settled, released, refused, images, charged and credited.
  mutating func usageCounts() throws(PostgresError) -> UsageCounts {
    UsageCounts(
      settled: try next(), released: try next(), refused: try next(), images: try next(), charged: try next(),
      credited: try next())
  }
}

extension UsageCounts {
  /// Whether there is nothing in it.
  package var isEmpty: Bool { self == UsageCounts() }

  /// Adds what another one counts.
  package static func += (sum: inout UsageCounts, other: UsageCounts) {
    sum.settled += other.settled
    sum.released += other.released
    sum.refused += other.refused
    sum.images += other.images
    sum.charged += other.charged
    sum.credited += other.credited
  }

  /// Takes off what another one counts.
  package static func -= (sum: inout UsageCounts, other: UsageCounts) {
    sum.settled -= other.settled
    sum.released -= other.released
    sum.refused -= other.refused
    sum.images -= other.images
    sum.charged -= other.charged
    sum.credited -= other.credited
  }
}
