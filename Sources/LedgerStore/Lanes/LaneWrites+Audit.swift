package import Ledger
import Postgres

extension LaneWrites {
  /// A month that was closed.
  package struct NewClosing: Sendable {
    package var team: TeamID
    package var event: PeriodClosed
    package var index: Int64
  }

  /// A note that stands in the log now.
  package struct NewNote: Sendable {
    package var id: TeamNote
    package var index: Int64
    package var at: Timestamp
  }

  static let changeLegalHold = Statement<Void>(
    "lane_change_legal_hold", "UPDATE tally.team SET legal_hold = $2 WHERE team_id = $1")

  static let insertClosedPeriod = Statement<Void>(
    "lane_insert_closed_period",
    """
    INSERT INTO tally.closed_period (team_id, period_start, period_end, month, index, book)
    VALUES ($1, $2, $3, $4, $5, $6)
    """)

  static let insertNoted = Statement<Void>(
    "lane_insert_noted",
    """
    INSERT INTO tally.noted (team_id, note_id, index, at)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[])
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
        closing.index, PostgresBytes(event.book.bytes))
    }
    guard !notes.isEmpty else { return }
    pipeline.append(
      Self.insertNoted, notes.map(\.id.team.uuid), notes.map(\.id.id.uuid), notes.map(\.index),
      notes.map(\.at.timestamptz))
  }
}
