package import Ledger

/// A month that is to be closed, with what was found of the team's open edits before its row was locked.
package struct ClosePeriodRequest: Sendable {
  package var team: TeamID
  package var month: CalendarMonth
  /// Edits of lines below `since` that were open when they were looked for, the only ones of them that may be open now.
  package var open: [RecordID]
  /// The log's size before they were looked for: edits from there on are looked for under the lock.
  package var since: Int64

  /// A request to close `month`.
  package init(team: TeamID, month: CalendarMonth, open: [RecordID], since: Int64) {
    self.team = team
    self.month = month
    self.open = open
    self.since = since
  }
}
