package import Ledger

/// Something that happened beside the books and is to be told in the team's log, once.
package struct NoteRequest: Sendable {
  package var team: TeamID
  /// The note's id: under it the line is appended once, however often it is asked for.
  package var id: NoteID
  package var note: Note
  /// Who did it; nil: the gateway on its own.
  package var administrator: Administrator?

  /// A note under the id of what it tells of.
  package init(team: TeamID, id: NoteID, note: Note, by administrator: Administrator?) {
    self.team = team
    self.id = id
    self.note = note
    self.administrator = administrator
  }
}

/// Names one note.
package struct TeamNote: Hashable, Sendable {
  package var team: TeamID
  package var id: NoteID

  /// The note of that id, of that team.
  package init(team: TeamID, id: NoteID) {
    self.team = team
    self.id = id
  }
}
