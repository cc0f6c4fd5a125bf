package import Ledger
import Postgres

/// A month that was closed: an export may begin at its line.
package struct ClosedPeriod: Sendable, Hashable {
  /// The month as people write it.
  package var month: String
  /// Its first moment.
  package var start: Timestamp
  /// The first moment after it.
  package var end: Timestamp
  /// Index of the `period.closed` line.
  package var index: Int64
  /// SHA-256 of the book's text before that line.
  package var book: Digest32

  /// A closed month.
  package init(month: String, start: Timestamp, end: Timestamp, index: Int64, book: Digest32) {
    self.month = month
    self.start = start
    self.end = end
    self.index = index
    self.book = book
  }
}

extension Statement where Row == ClosedPeriod {
  /// Reads month, start, end, index and hash.
  static let closedPeriodColumns: @Sendable (inout RowReader) throws(PostgresError) -> ClosedPeriod = {
    (row) throws(PostgresError) in
    ClosedPeriod(
      month: try row.next(), start: try row.time(), end: try row.time(), index: try row.next(),
      book: try row.digest32())
  }

  /// Closed months of a team that end after a moment, the oldest first, at most so many.
  static let closedPeriodsAfter = Statement(
    "closed periods after",
    """
    SELECT month, period_start, period_end, index, book
      FROM tally.closed_period
     WHERE team_id = $1 AND period_end > $2
     ORDER BY period_end
     LIMIT $3
    """, row: closedPeriodColumns)
}
