package import Ledger
import Postgres
package import TransparencyLog

/// Where a team's log stands: what the team's row says of it.
package struct LogState: Sendable, Hashable {
  /// Name of the log, the first line of its heads.
  package var origin: String
  /// Number of lines: the index of the next one.
  package var size: Int64
  /// The tree's peaks at that size.
  package var peaks: Peaks
  /// Time of the last line; 1970 for a log without lines.
  package var lastAt: Timestamp

  /// A state with these fields.
  package init(origin: String, size: Int64, peaks: Peaks, lastAt: Timestamp) {
    self.origin = origin
    self.size = size
    self.peaks = peaks
    self.lastAt = lastAt
  }
}

extension LogState {
  /// Reads origin, size, peaks and time.
  init(_ row: inout RowReader) throws(PostgresError) {
    let origin = try row.next(String.self)
    let size = try row.next(Int64.self)
    let bytes = try row.next(PostgresBytes.self).bytes
    guard let peaks = try? Peaks(size: size, bytes: bytes) else {
      throw PostgresError(.decoding, outcome: .unknown, reason: "the peaks of a log do not fit its size")
    }
    self.init(origin: origin, size: size, peaks: peaks, lastAt: try row.time())
  }
}
