import Ledger
import Postgres

/// What one bucket of a report has of one group.
struct UsageRow: Sendable {
  /// The bucket's position in the request.
  var bucket: Int
  var group: UsageGroup
  var counts: UsageCounts

  /// Reads bucket, the five dimensions and the six counts.
  init(_ row: inout RowReader) throws(PostgresError) {
    bucket = Int(try row.next(Int64.self))
    group = UsageGroup(
      member: try row.optionalID(), key: try row.optionalID(), model: try row.next(), quality: try row.next(),
      size: try row.next())
    counts = try row.usageCounts()
  }

  /// Reads bucket, member, key and the six counts.
  init(ofKey row: inout RowReader) throws(PostgresError) {
    bucket = Int(try row.next(Int64.self))
    group = UsageGroup(member: try row.optionalID(), key: try row.optionalID())
    counts = try row.usageCounts()
  }

  /// Reads bucket, model, quality, size and the six counts.
  init(ofProduct row: inout RowReader) throws(PostgresError) {
    bucket = Int(try row.next(Int64.self))
    group = UsageGroup(model: try row.next(), quality: try row.next(), size: try row.next())
    counts = try row.usageCounts()
  }
}

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
