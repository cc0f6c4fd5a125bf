package import Ledger
import Postgres

extension LaneWrites {
  /// A line that tells of no edit, as the table has it that such lines are found by.
  package struct AdministrativeLine: Sendable, Hashable {
    package var team: TeamID
    package var action: Action
    /// The line's place.
    package var index: Int64
    package var at: Timestamp
    package var actor: Actor
    /// The ids that stand in the line's own fields, ascending; the team's where there are none.
    package var resources: [UInt128]

    /// The row of a line.
    package init(_ event: Event, _ header: LineHeader, of team: TeamID, at place: Int64, _ line: [UInt8]) {
      self.team = team
      action = event.action
      index = place
      at = header.at
      actor = header.actor
      let ids = Self.ids(in: line)
      resources = ids.isEmpty ? [team.bits] : ids
    }

    /// Every string of a line that is an id and nothing else. The header has none: a key's stands behind `key:`, a team's
    /// behind the name of its log.
    static func ids(in line: [UInt8]) -> [UInt128] {
      let length = 36
      let quote = UInt8(ascii: "\"")
      var ids: Set<UInt128> = []
      var start = line.startIndex
      while let open = line[start...].firstIndex(of: quote) {
        let first = open + 1
        let close = first + length
        if close < line.endIndex, line[close] == quote,
          let id = NoteID(String(decoding: line[first..<close], as: UTF8.self))
        {
          ids.insert(id.bits)
          start = close + 1
        } else {
          start = first
        }
      }
      return ids.sorted()
    }
  }

  /// Teams, actions, places, times, actors. The ids come one row after the other, since arrays of arrays must be square.
  static let insertAdministrativeLine = Statement<Void>(
    "lane_insert_administrative_line",
    """
    INSERT INTO tally.administrative_line (team_id, action, index, at, actor, resources)
    VALUES ($1, $2, $3, $4, $5, $6)
    """)

  /// Enters the batch's lines that tell of no edit: few, and none in most batches.
  func appendAdministrativeLines(to pipeline: inout Pipeline) {
    for line in administrativeLines {
      pipeline.append(
        Self.insertAdministrativeLine, line.team.uuid, line.action.rawValue, line.index, line.at.timestamptz,
        line.actor.text, line.resources.map { PostgresUUID(bits: $0) })
    }
  }
}
