/// `period.closed`: a calendar month of the team is over, and this is the hash of the books as they stand. From here on a
/// reader can begin without what came before.
package struct PeriodClosed: Hashable, Sendable {
  /// The month as people write it: `2026-11`.
  package var month: String
  /// The first moment that it covers: the month's, or the end of the period before it where the team's zone changed.
  package var start: Timestamp
  /// The first moment after it.
  package var end: Timestamp
  /// SHA-256 of the book's text before this line (`BookText`).
  package var book: Digest32

  /// An event with these fields.
  package init(month: String, start: Timestamp, end: Timestamp, book: Digest32) {
    self.month = month
    self.start = start
    self.end = end
    self.book = book
  }
}
