/// `edit.released`: an edit's credits were given back uncharged.
package struct EditReleased: Hashable, Sendable {
  /// The edit's record.
  package var record: RecordID
  /// The index of the line that held it.
  package var hold: Int64
  /// What was held and is free again.
  package var amount: Credits
  /// Why.
  package var cause: ReleaseCause
  /// The rows, ascending: `amount` leaves what is held.
  package var budgets: [BudgetMovement]

  /// An event with these fields.
  package init(record: RecordID, hold: Int64, amount: Credits, cause: ReleaseCause, budgets: [BudgetMovement]) {
    self.record = record
    self.hold = hold
    self.amount = amount
    self.cause = cause
    self.budgets = budgets
  }
}
