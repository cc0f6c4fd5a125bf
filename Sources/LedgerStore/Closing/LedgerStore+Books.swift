package import Ledger
import Postgres

/// The books that were kept at closed months: what an export begins with that does not begin at a log's first line.
extension LedgerStore {
  /// A book is read in pieces of so many bytes, each in a transaction of its own.
  private static let bookPieceBytes = 8 << 20

  /// The newest closed month whose line stands at `index` or below it and whose book was kept; nil: there is none.
  /// - Parameter base: the place of the log's first line; nil: that of the log that goes on.
  /// - Throws: `unavailable`.
  package func closedBook(
    of team: TeamID, upTo index: Int64, base: Int64? = nil
  ) async throws(StoreError) -> ClosedPeriod? {
    try await exportRows(.closedBookUpTo, team.uuid, index, base, of: team).first
  }

  /// The oldest closed month whose line stands at `index` or above it and whose book was kept; nil: there is none.
  /// - Parameter base: the place of the log's first line; nil: that of the log that goes on.
  /// - Throws: `unavailable`.
  package func closedBook(
    of team: TeamID, from index: Int64, base: Int64? = nil
  ) async throws(StoreError) -> ClosedPeriod? {
    try await exportRows(.closedBookFrom, team.uuid, index, base, of: team).first
  }

  /// The newest closed month of a team that ends before `moment`; nil for the moment: the newest of all.
  /// - Returns: nil where there is none.
  /// - Throws: `unavailable`.
  package func closedPeriod(of team: TeamID, endingBefore moment: Timestamp?) async throws(StoreError) -> ClosedPeriod?
  {
    try await exportRows(.closedPeriodBefore, team.uuid, (moment ?? .maximum).timestamptz, of: team).first
  }

  /// The bounds of a month in a zone.
  package func bounds(of month: CalendarMonth, timeZone: String) -> PeriodBounds {
    zones.monthBounds(at: month.middle, timeZone: timeZone) ?? .utcMonth(containing: month.middle)
  }

  /// The text of the book that was kept for a closed month.
  /// - Throws: `notFound` where none was kept; `database` where it is not the one that the month's line names;
  ///   `unavailable`.
  package func bookText(of period: ClosedPeriod, team: TeamID) async throws(StoreError) -> [UInt8] {
    var text: [UInt8] = []
    while true {
      let piece = try await exportRows(
        .bookPiece, team.uuid, period.end.timestamptz, Int32(text.count + 1), Int32(Self.bookPieceBytes), of: team)
      guard let piece = piece.first.flatMap(\.self) else { throw StoreError(.notFound("the book of \(period.month)")) }
      text += piece.bytes
      if piece.bytes.count < Self.bookPieceBytes { break }
    }
    guard BookText.digest(of: text) == period.book else { throw StoreError(.database) }
    return text
  }

  /// The rows of one statement as the request of one team, on the connections of exports.
  func exportRows<Row>(
    _ statement: Statement<Row>, _ parameters: (any PostgresEncodable)?..., of team: TeamID
  ) async throws(StoreError) -> [Row] {
    var scope = RequestScope(team: team)
    let slot = scope.append(statement, parameters: parameters)
    return try await scope.run(on: exportPool).decoded(slot)
  }
}

extension Statement where Row == ClosedPeriod {
  /// The newest closed month of a team that ends before a moment.
  static let closedPeriodBefore = Statement(
    "closed period before",
    """
    SELECT c.month, c.period_start, c.period_end, c.index - t.log_base, c.book
      FROM tally.closed_period AS c
      JOIN tally.team AS t ON t.team_id = c.team_id
     WHERE c.team_id = $1 AND c.period_end < $2
     ORDER BY c.period_end DESC
     LIMIT 1
    """, row: closedPeriodColumns)

  /// The newest closed month of a team with a book, at an index or below it, counted from a place (or null).
  static let closedBookUpTo = Statement(
    "closed book up to",
    """
    SELECT c.month, c.period_start, c.period_end, c.index - t.log_base, c.book
      FROM tally.closed_period AS c
      JOIN (SELECT team_id, CASE WHEN $3::bigint IS NULL THEN log_base ELSE $3 END AS log_base
              FROM tally.team) AS t ON t.team_id = c.team_id
     WHERE c.team_id = $1 AND c.index BETWEEN t.log_base AND t.log_base + $2 AND c.book_text IS NOT NULL
     ORDER BY c.period_end DESC
     LIMIT 1
    """, row: closedPeriodColumns)

  /// The oldest closed month of a team with a book, at an index or above it, counted from a place (or null).
  static let closedBookFrom = Statement(
    "closed book from",
    """
    SELECT c.month, c.period_start, c.period_end, c.index - t.log_base, c.book
      FROM tally.closed_period AS c
      JOIN (SELECT team_id, CASE WHEN $3::bigint IS NULL THEN log_base ELSE $3 END AS log_base
              FROM tally.team) AS t ON t.team_id = c.team_id
     WHERE c.team_id = $1 AND c.index >= t.log_base + greatest($2, 0) AND c.book_text IS NOT NULL
     ORDER BY c.period_end
     LIMIT 1
    """, row: closedPeriodColumns)
}

extension Statement where Row == PostgresBytes? {
  /// A piece of a closed month's book: the month's end, the first byte from 1 on, how many.
  static let bookPiece = Statement(
    "book piece",
    "SELECT substring(book_text FROM $3 FOR $4) FROM tally.closed_period WHERE team_id = $1 AND period_end = $2"
  ) { (row) throws(PostgresError) in try row.next(PostgresBytes?.self) }
}
