/// `edit.held`: credits were held for an edit, on every budget that it must fit.
package struct EditHeld: Hashable, Sendable {
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
  /// What is held: `unitPrice` times `n`.
  package var amount: Credits
  /// The rows that it is taken from, ascending: the team's, the member's, and the key's if it has a limit.
  package var budgets: [BudgetMovement]

  /// An event with these fields.
  package init(
    record: RecordID, member: MemberID, key: KeyID, instance: InstanceID, model: String, quality: String,
    size: String, n: Int, unitPrice: Credits, priceVersion: Int64, amount: Credits, budgets: [BudgetMovement]
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
    self.amount = amount
    self.budgets = budgets
  }
}
