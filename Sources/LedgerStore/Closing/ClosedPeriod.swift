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
  /// Index of the `period.closed` line; below 0 where it stands in a log that the team's log took the place of.
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
    SELECT c.month, c.period_start, c.period_end, c.index - t.log_base, c.book
      FROM tally.closed_period AS c
      JOIN tally.team AS t ON t.team_id = c.team_id
     WHERE c.team_id = $1 AND c.period_end > $2
     ORDER BY c.period_end
     LIMIT $3
    """, row: closedPeriodColumns)
}
