/// `edit.credited`: some of an edit's charge was given back, on the rows that it was taken from.
package struct EditCredited: Hashable, Sendable {
  /// The edit's record.
  package var record: RecordID
  /// The index of the line that held it.
  package var hold: Int64
  /// The index of the line that settled it.
  package var settlement: Int64
  /// What is given back.
  package var amount: Credits
  /// What had been given back of this charge before.
  package var creditedBefore: Credits
  /// The rows, ascending: `amount` leaves what is used.
  package var budgets: [BudgetMovement]

  /// An event with these fields.
  package init(
    record: RecordID, hold: Int64, settlement: Int64, amount: Credits, creditedBefore: Credits,
    budgets: [BudgetMovement]
  ) {
    self.record = record
    self.hold = hold
    self.settlement = settlement
    self.amount = amount
    self.creditedBefore = creditedBefore
    self.budgets = budgets
  }
}
