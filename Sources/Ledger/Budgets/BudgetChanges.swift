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

/// What a change of a subject's limit does to its current row.
package struct BudgetLimitChange: Hashable, Sendable {
  /// The row.
  package var id: BudgetID
  /// The first moment after its period; nil when it has no end.
  package var end: Timestamp?
  /// What is used, which the change leaves alone.
  package var used: Credits
  /// What is held, which the change leaves alone.
  package var held: Credits
  /// The limit before.
  package var limitBefore: Credits?
  /// The limit after.
  package var limitAfter: Credits?
  /// Whether the row was over its limit before.
  package var overLimitBefore: Bool
  /// Whether it is over its limit after.
  package var overLimitAfter: Bool

  /// A change with these fields.
  package init(
    id: BudgetID, end: Timestamp?, used: Credits, held: Credits, limitBefore: Credits?, limitAfter: Credits?,
    overLimitBefore: Bool, overLimitAfter: Bool
  ) {
    self.id = id
    self.end = end
    self.used = used
    self.held = held
    self.limitBefore = limitBefore
    self.limitAfter = limitAfter
    self.overLimitBefore = overLimitBefore
    self.overLimitAfter = overLimitAfter
  }

  /// The change of `budget` to `limit`.
  init(of budget: Budget, to limit: Credits?) {
    var changed = budget
    changed.limit = limit
    self.init(
      id: budget.id, end: budget.end, used: budget.used, held: budget.held, limitBefore: budget.limit,
      limitAfter: limit, overLimitBefore: budget.isOverLimit, overLimitAfter: changed.exceedsLimit)
  }

  /// The row as it was before the change.
  package var before: Budget {
    Budget(id: id, end: end, limit: limitBefore, used: used, held: held, isOverLimit: overLimitBefore)
  }

  /// The row as it is after the change.
  package var after: Budget {
    Budget(id: id, end: end, limit: limitAfter, used: used, held: held, isOverLimit: overLimitAfter)
  }
}
