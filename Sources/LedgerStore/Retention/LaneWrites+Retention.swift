package import Ledger
import Postgres

extension LaneWrites {
  /// How long a team keeps its records from now on.
  package struct NewRetention: Sendable, Hashable {
    package var team: TeamID
    /// Days; nil: for ever.
    package var keepDays: Int64?
  }

  /// A removal of records and usage whose line stands in the log now.
  package struct ToldRemoval: Sendable, Hashable {
    package var team: TeamID
    package var event: UsageRemoved
    /// The line's place.
    package var index: Int64
  }

  static let changeRetention = Statement<Void>(
    "lane_change_retention", "UPDATE tally.team SET keep_days = $2 WHERE team_id = $1")

  /// Team, removal, place of its line.
  static let endRemoval = Statement<Void>(
    "lane_end_removal",
    """
    UPDATE tally.removal SET index = $3, next_index = until_index
     WHERE team_id = $1 AND removal_id = $2 AND index IS NULL
    """)

  /// Changes how long records are kept, and ends removals.
  func appendRetention(to pipeline: inout Pipeline) {
    for retention in retentions {
      pipeline.append(Self.changeRetention, retention.team.uuid, retention.keepDays)
    }
    for told in removals {
      pipeline.append(Self.endRemoval, told.team.uuid, told.event.removal.uuid, told.index)
    }
  }
}

extension LoadedTeam {
  /// The note with what only the locked team knows of it.
  func completed(_ note: Note) -> Note {
    guard case .retentionChanged(var event) = note else { return note }
    event.old = keepDays
    return .retentionChanged(event)
  }

  /// Whether a note asks for what is so already: nothing happens then, so nothing is told.
  func alreadyHas(_ note: Note) -> Bool {
    guard case .retentionChanged(let event) = note else { return false }
    return event.new == keepDays
  }

  /// Whether a record that is not there may be one that was removed. Ids that the gateway makes begin with their time; a
  /// hold from before what was removed was resolved long ago, so that it is missing is no loss.
  func mayHaveRemoved(_ record: RecordID?) -> Bool {
    guard let removedBefore, let moment = record?.moment else { return false }
    return moment < removedBefore
  }
}
