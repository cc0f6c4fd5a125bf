/// `edit.evidence`: after an edit had been charged or given back without proof, it became known what the upstream did.
///
/// The resolution stays as it was: what was charged too much is credited back, and what the work cost above the charge
/// is the operator's variance.
package struct EditEvidence: Hashable, Sendable {
  /// The edit's record.
  package var record: RecordID
  /// The index of the line that held it.
  package var hold: Int64
  /// The index of the line that settled or released it.
  package var settlement: Int64
  /// What its hold took.
  package var amount: Credits
  /// Whether the upstream did the work.
  package var worked: Bool
  /// How many results came back.
  package var results: Int
  /// What the upstream said it took; nil when it said nothing.
  package var upstreamCredit: Credits?
  /// What is given back of the charge.
  package var credited: Credits
  /// What had been given back of this charge before.
  package var creditedBefore: Credits
  /// What the work cost above the charge; the operator bears it.
  package var variance: Credits
  /// The rows that the hold was taken from, ascending: `credited` leaves what is used. Also listed where nothing is
  /// credited.
  package var budgets: [BudgetMovement]

  /// An event with these fields.
  package init(
    record: RecordID, hold: Int64, settlement: Int64, amount: Credits, worked: Bool, results: Int,
    upstreamCredit: Credits?, credited: Credits, creditedBefore: Credits, variance: Credits,
    budgets: [BudgetMovement]
  ) {
    self.record = record
    self.hold = hold
    self.settlement = settlement
    self.amount = amount
    self.worked = worked
    self.results = results
    self.upstreamCredit = upstreamCredit
    self.credited = credited
    self.creditedBefore = creditedBefore
    self.variance = variance
    self.budgets = budgets
  }
}
