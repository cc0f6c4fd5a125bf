/// `limit.changed`: the limit of the team or of a member changed, at once for the current row.
package struct LimitChanged: Hashable, Sendable {
  /// Whose limit: `team` or `member`.
  package var scope: BudgetScope
  /// The 16 bytes of the team's or the member's id.
  package var subject: UInt128
  /// The standing limit before; nil for none.
  package var old: Credits?
  /// The standing limit after; nil for none.
  package var new: Credits?
  /// The current row; nil when there is none, as before the first edit of a period.
  package var budget: BudgetLimitChange?

  /// An event with these fields.
  package init(scope: BudgetScope, subject: UInt128, old: Credits?, new: Credits?, budget: BudgetLimitChange?) {
    self.scope = scope
    self.subject = subject
    self.old = old
    self.new = new
    self.budget = budget
  }
}
