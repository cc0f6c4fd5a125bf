/// What happened to a team's budgets in a month.
package struct MonthStatement: Sendable, Hashable {
  /// The month, or the one whose closing covers it.
  package var period: String
  /// Whether the month was closed: what is not may still change.
  package var isComplete: Bool
  /// `statement.json` of a bundle of the same lines.
  package var json: [UInt8]
  /// `statement.csv` of it.
  package var table: [UInt8]

  /// A statement with these texts.
  package init(period: String, isComplete: Bool, json: [UInt8], table: [UInt8]) {
    self.period = period
    self.isComplete = isComplete
    self.json = json
    self.table = table
  }
}
