/// Why an edit was refused: the first budget that it does not fit, the most specific first: key, member, team.
package struct Refusal: Hashable, Sendable {
  /// The refused edit's record.
  package var record: RecordID
  /// The kind of budget that refused it.
  package var scope: BudgetScope
  /// The subject's id, kept as one for the reason that `Identifier` gives.
  private var id: Identifier<Never>
  /// The budget's period.
  package var period: Period
  /// Its limit.
  package var limit: Credits
  /// What is used of it.
  package var used: Credits
  /// What is held of it.
  package var held: Credits
  /// What the edit needed.
  package var needed: Credits
  /// What there was: `limit - used - held`, never below zero.
  package var available: Credits
  /// When the budget starts again from zero; nil for never.
  package var resetsAt: Timestamp?
  /// All budgets that the edit had to fit, ascending, as they were.
  package var budgets: [Budget]

  /// The 16 bytes of that team's, member's or key's id.
  package var subject: UInt128 {
    get { id.bits }
    set { id.bits = newValue }
  }

  /// What `event` tells; nil when the event does not have the budget that it names, so that it cannot be a decision of
  /// this ledger.
  package init?(_ event: EditRefused) {
    guard let budget = event.budgets.last(where: { $0.id.scope == event.refusedBy }), let limit = budget.limit else {
      return nil
    }
    record = event.record
    scope = event.refusedBy
    id = Identifier(bits: budget.id.subject)
    period = budget.id.period
    self.limit = limit
    used = budget.usedBefore
    held = budget.heldBefore
    needed = event.needed
    available = event.available
    resetsAt = budget.end
    budgets = event.budgets.map(\.before)
  }
}
