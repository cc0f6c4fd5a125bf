/// `edit.refused`: an edit did not fit a budget. Nothing moved, and the upstream never hears of it.
package struct EditRefused: Hashable, Sendable {
  /// The edit's record.
  package var record: RecordID
  /// The member.
  package var member: MemberID
  /// The key it was submitted with.
  package var key: KeyID
  /// The gateway's run that asked.
  package var instance: InstanceID
  /// The model's name.
  package var model: String
  /// The quality.
  package var quality: String
  /// The size in pixels.
  package var size: String
  /// How many results were asked for.
  package var n: Int
  /// Credits for one result.
  package var unitPrice: Credits
  /// The version of the price that was used.
  package var priceVersion: Int64
  /// What it would have held: `unitPrice` times `n`.
  package var needed: Credits
  /// The first budget that it does not fit, the most specific first: key, member, team.
  package var refusedBy: BudgetScope
  /// What that budget had left.
  package var available: Credits
  /// The rows that it had to fit, ascending, with equal amounts before and after. A row that would have been opened
  /// is listed as it would have opened, and is not opened.
  package var budgets: [BudgetMovement]

  /// An event with these fields.
  package init(
    record: RecordID, member: MemberID, key: KeyID, instance: InstanceID, model: String, quality: String,
    size: String, n: Int, unitPrice: Credits, priceVersion: Int64, needed: Credits, refusedBy: BudgetScope,
    available: Credits, budgets: [BudgetMovement]
  ) {
    self.record = record
    self.member = member
    self.key = key
    self.instance = instance
    self.model = model
    self.quality = quality
    self.size = size
    self.n = n
    self.unitPrice = unitPrice
    self.priceVersion = priceVersion
    self.needed = needed
    self.refusedBy = refusedBy
    self.available = available
    self.budgets = budgets
  }
}
