package import Ledger
import Postgres

/// How long a team's records and usage are kept (docs/ledger.md, retention).
extension LedgerStore {
  /// The fewest days that can be asked for: longer than an Idempotency-Key stands for its edit, and than the upstream is
  /// asked what became of one.
  package static let keepDaysMinimum: Int64 = 31

  /// Changes how long a team's records and usage are kept, and tells of it in the same commit. A team that keeps them so
  /// already stays as it is, and no line is appended.
  /// - Parameter keepDays: at least so many days; nil: for ever.
  /// - Throws: `invalid` for too few or too many days; `notFound`; `notAllowed` for a halted team; `unavailable`.
  package func changeRetention(
    of team: TeamID, keepDays: Int64?, by administrator: Administrator
  ) async throws(StoreError) -> TeamView {
    let range = Self.keepDaysMinimum...RetentionChanged.daysMaximum
    guard keepDays.map({ range.contains($0) }) ?? true else {
      throw StoreError(
        .invalid(
          field: "keepRecordsDays",
          message: "must be \(range.lowerBound) to \(range.upperBound) days, or for ever"))
    }
    // What it was before is filled in under the team's lock.
    let note = Note.retentionChanged(RetentionChanged(old: nil, new: keepDays))
    let id = NoteID(bits: .random(in: 0...UInt128.max))
    _ = try await submit(.note(NoteRequest(team: team, id: id, note: note, by: administrator)))
    return try await self.team(team)
  }

  /// The first moment of which a team's records and usage can be had: what was resolved or refused before it was removed,
  /// or is being. nil: nothing was.
  /// - Throws: `notFound`; `unavailable`.
  package func firstKeptMoment(of team: TeamID) async throws(StoreError) -> Timestamp? {
    guard let row = try await rows(.removedBefore, team.uuid, of: team).first else {
      throw StoreError(.notFound("the team"))
    }
    return row.moment
  }
}

/// The first moment of which something is kept.
struct FirstKept: Sendable {
  var moment: Timestamp?
}

extension Statement where Row == FirstKept {
  /// A team's first kept moment.
  static let removedBefore = Statement(
    "removed before", "SELECT removed_before FROM tally.team WHERE team_id = $1"
  ) { (row) throws(PostgresError) in FirstKept(moment: try row.optionalTime()) }
}
