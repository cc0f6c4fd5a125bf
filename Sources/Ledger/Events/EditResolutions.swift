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

/// `edit.in_doubt`: nobody can tell what became of an edit. Its credits stay held.
package struct EditInDoubt: Hashable, Sendable {
  /// The edit's record.
  package var record: RecordID
  /// The index of the line that held it.
  package var hold: Int64
  /// What is held.
  package var amount: Credits
  /// Why.
  package var cause: InDoubtCause

  /// An event with these fields.
  package init(record: RecordID, hold: Int64, amount: Credits, cause: InDoubtCause) {
    self.record = record
    self.hold = hold
    self.amount = amount
    self.cause = cause
  }
}

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
