/// How a change of a subject's period moves the end of its current row (docs/ledger.md, budgets).
///
/// A change of period takes effect with the next one. A `total` row has no end to wait for, so a change to `month`
/// gives it one: the end of the calendar month. Changed back before that, it loses it again.
package struct BudgetEndChange: Hashable, Sendable {
  /// The row.
  package var id: BudgetID
  /// Its end before the change.
  package var old: Timestamp?
  /// Its end after the change.
  package var new: Timestamp?

  /// The change of the end of the row `id` from `old` to `new`.
  package init(id: BudgetID, old: Timestamp?, new: Timestamp?) {
    self.id = id
    self.old = old
    self.new = new
  }
}
