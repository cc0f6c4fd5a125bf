package import Ledger
import Postgres

extension LaneWrites {
  /// A month that was closed.
  package struct NewClosing: Sendable {
    /// The longest book that is kept, in bytes: it goes to the database in one statement, beside what else the batch
    /// writes, and is compressed while the team is locked. That is a book of some 150,000 rows.
    package static let maximumBookBytes = 48 << 20

    package var team: TeamID
    package var event: PeriodClosed
    /// The line's place.
    package var index: Int64
    /// The book's text before the line; nil where it is longer than `maximumBookBytes`.
    package var bookText: [UInt8]?

    /// The closing of a team's book, as it stands before the line.
    init(_ event: PeriodClosed, of loaded: LoadedTeam) {
      team = loaded.book.team.id
      self.event = event
      index = loaded.place(of: loaded.book.logSize)
      let text = BookText.write(loaded.book)
      bookText = text.count <= Self.maximumBookBytes ? text : nil
    }
  }

  /// A note that stands in the log now.
  package struct NewNote: Sendable {
    package var id: TeamNote
    /// The line's place.
    package var index: Int64
    package var at: Timestamp
  }

  static let changeLegalHold = Statement<Void>(
    "lane_change_legal_hold", "UPDATE tally.team SET legal_hold = $2 WHERE team_id = $1")

  static let insertClosedPeriod = Statement<Void>(
    "lane_insert_closed_period",
    """
    INSERT INTO tally.closed_period (team_id, period_start, period_end, month, index, book, book_text)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    """)

  /// A note that stands in a log which was replaced is told again in the new one.
  static let insertNoted = Statement<Void>(
    "lane_insert_noted",
    """
    INSERT INTO tally.noted (team_id, note_id, index, at)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[])
        ON CONFLICT ON CONSTRAINT noted_pkey DO UPDATE SET index = excluded.index, at = excluded.at
    """)

  /// What is rare: legal holds, closings, notes.
  func appendAudit(to pipeline: inout Pipeline) {
    for team in legalHolds.sorted() {
      pipeline.append(Self.changeLegalHold, team.uuid, teams[team]?.book.team.isOnLegalHold ?? true)
    }
    for closing in closings {
      let event = closing.event
      pipeline.append(
        Self.insertClosedPeriod, closing.team.uuid, event.start.timestamptz, event.end.timestamptz, event.month,
        closing.index, PostgresBytes(event.book.bytes), closing.bookText.map { PostgresBytes($0) })
    }
    // Before the erasures: an alert that is set on a member in the batch that erases it goes, too.
    appendAlerts(to: &pipeline)
    appendErasures(to: &pipeline)
    appendRetention(to: &pipeline)
    appendAdministrativeLines(to: &pipeline)
    guard !notes.isEmpty else { return }
    pipeline.append(
      Self.insertNoted, notes.map(\.id.team.uuid), notes.map(\.id.id.uuid), notes.map(\.index),
      notes.map(\.at.timestamptz))
  }
}
