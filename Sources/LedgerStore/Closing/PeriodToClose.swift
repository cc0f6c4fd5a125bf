package import Ledger

/// A team's last calendar month, which is over and not closed.
package struct PeriodToClose: Sendable, Hashable {
  package var team: TeamID
  package var month: CalendarMonth
  /// The first moment after it, in the team's zone.
  package var end: Timestamp

  /// A month that is to be closed.
  package init(team: TeamID, month: CalendarMonth, end: Timestamp) {
    self.team = team
    self.month = month
    self.end = end
  }
}
