/// A `timestamptz` value: microseconds since 1970-01-01 00:00:00 UTC.
package struct PostgresTimestamp: PostgresScalar, Hashable, Comparable {
  /// Microseconds since the Unix epoch, negative before it.
  package var microsecondsSinceUnixEpoch: Int64

  /// - Parameter microsecondsSinceUnixEpoch: microseconds since the Unix epoch, negative before it.
  package init(microsecondsSinceUnixEpoch: Int64) {
    self.microsecondsSinceUnixEpoch = microsecondsSinceUnixEpoch
  }

  package static func < (left: Self, right: Self) -> Bool {
    left.microsecondsSinceUnixEpoch < right.microsecondsSinceUnixEpoch
  }

  package static var postgresType: PostgresType { .timestamptz }

  /// PostgreSQL counts from 2000-01-01; that many microseconds lie between the two epochs.
  private static let wireEpoch: Int64 = 946_684_800_000_000
  /// What the server accepts, in microseconds of its own epoch: 4713 BC to 294276 AD (`datatype/timestamp.h`).
  private static let wireRange: Range<Int64> = -211_813_488_000_000_000..<9_223_371_331_200_000_000

  private var wireValue: Int64? {
    let (value, overflow) = microsecondsSinceUnixEpoch.subtractingReportingOverflow(Self.wireEpoch)
    return !overflow && Self.wireRange.contains(value) ? value : nil
  }

  package var encodingFault: String? { wireValue == nil ? "a time outside of PostgreSQL's range" : nil }

  package func encode(into buffer: inout [UInt8]) { buffer.appendBigEndian(wireValue ?? 0) }

  /// - Throws: `decoding` also for `infinity` and `-infinity`, which are no points in time, and for the last
  ///   microseconds of PostgreSQL's range, which do not fit when counted from 1970.
  package static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Self {
    try cell.expect(.timestamptz)
    let wire: Int64 = try cell.integer()
    guard wire != .max, wire != .min else { throw PostgresError(decoding: "an infinite time") }
    let (value, overflow) = wire.addingReportingOverflow(wireEpoch)
    guard !overflow else { throw PostgresError(decoding: "a time out of range") }
    return Self(microsecondsSinceUnixEpoch: value)
  }
}
