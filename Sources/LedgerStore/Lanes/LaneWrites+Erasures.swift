package import Ledger
import Postgres

extension LaneWrites {
  /// An erasure whose line stands in the log now.
  package struct ToldErasure: Sendable {
    package var team: TeamID
    package var event: PrivateErased
    /// The line's place.
    package var index: Int64
  }

  /// Team, erasure, index of its line, what it counted.
  static let endErasure = Statement<Void>(
    "lane_end_erasure",
    """
    UPDATE tally.erasure SET index = $3, counted = $4, next_index = until_index
     WHERE team_id = $1 AND erasure_id = $2 AND index IS NULL
    """)

  /// Team, member. The id keeps the form of a user id and stays unique.
  static let emptyMember = Statement<Void>(
    "lane_empty_member",
    """
    UPDATE tally.member
       SET user_id = 'erased-' || member_id, user_name = 'erased', user_avatar = NULL, created_by = 'erased',
           updated_by = 'erased'
     WHERE team_id = $1 AND member_id = $2
    """)

  /// Team, member: where it changed other members over HTTP, its user id stands in their rows.
  static let emptyChangesByMember = Statement<Void>(
    "lane_empty_changes_by_member",
    """
    UPDATE tally.member AS x
       SET created_by = CASE WHEN x.created_by = e.user_id THEN 'erased' ELSE x.created_by END,
           updated_by = CASE WHEN x.updated_by = e.user_id THEN 'erased' ELSE x.updated_by END
      FROM tally.member AS e
     WHERE e.team_id = $1 AND e.member_id = $2 AND x.team_id = $1 AND x.member_id <> $2
       AND e.user_id IN (x.created_by, x.updated_by)
    """)

  /// Ends erasures, and empties the rows of erased members.
  func appendErasures(to pipeline: inout Pipeline) {
    for told in erasures {
      pipeline.append(
        Self.endErasure, told.team.uuid, told.event.erasure.uuid, told.index, told.event.counted)
      if case .member(let member) = told.event.target {
        pipeline.append(Self.removeAlertsOfMember, told.team.uuid, member.uuid)
        pipeline.append(Self.emptyChangesByMember, told.team.uuid, member.uuid)
        pipeline.append(Self.emptyMember, told.team.uuid, member.uuid)
      }
    }
  }
}

extension LoadedTeam {
  /// Throws unless a note may be appended. What is left of a member that is erased must stay while a legal hold is placed;
  /// of anything else the note tells what is done already.
  func allowNote(_ note: Note) throws(StoreError) {
    guard case .erased(let event) = note, case .member = event.target else { return }
    try ErasedTeam(isOnLegalHold: book.team.isOnLegalHold, isHalted: false, now: book.lastAt).allowErasure()
  }
}
