package import Ledger

/// A month that is to be closed.
package struct ClosePeriodRequest: Sendable {
  package var team: TeamID
  package var month: CalendarMonth
  package var open: OpenEdits

  /// A request to close `month`.
  package init(team: TeamID, month: CalendarMonth, open: OpenEdits) {
    self.team = team
    self.month = month
    self.open = open
  }
}

/// What was found of a team's open edits before its row was locked, by whoever needs its whole book.
package struct OpenEdits: Sendable {
  /// Edits that were open when they were looked for: of those whose holds stand below `since` no other can be open now.
  package var records: [RecordID]
  /// The place behind the last line before they were looked for: edits from there on are looked for under the lock.
  package var since: Int64

  /// What was found.
  package init(records: [RecordID], since: Int64) {
    self.records = records
    self.since = since
  }
}
