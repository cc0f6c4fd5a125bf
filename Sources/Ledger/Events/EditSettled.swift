/// `edit.settled`: an edit was charged, on exactly the rows that its hold was taken from.
package struct EditSettled: Hashable, Sendable {
  /// The edit's record.
  package var record: RecordID
  /// The index of the line that held it.
  package var hold: Int64
  /// What was held.
  package var amount: Credits
  /// What is charged: never more than `amount`.
  package var charge: Credits
  /// What the edit cost above the charge; the operator bears it.
  package var variance: Credits
  /// How many results came back.
  package var results: Int
  /// What the upstream said it took; nil when it said nothing.
  package var upstreamCredit: Credits?
  /// Whether it is charged without anybody knowing what the upstream did.
  package var assumed: Bool
  /// What the charge rests on.
  package var cause: SettleCause
  /// The rows, ascending: `amount` leaves what is held, `charge` joins what is used.
  package var budgets: [BudgetMovement]

  /// An event with these fields.
  package init(
    record: RecordID, hold: Int64, amount: Credits, charge: Credits, variance: Credits, results: Int,
    upstreamCredit: Credits?, assumed: Bool, cause: SettleCause, budgets: [BudgetMovement]
  ) {
    self.record = record
    self.hold = hold
    self.amount = amount
    self.charge = charge
    self.variance = variance
    self.results = results
    self.upstreamCredit = upstreamCredit
    self.assumed = assumed
    self.cause = cause
    self.budgets = budgets
  }
}
