/// What one event does to one budget row, as its log line tells it: before and after.
///
/// `apply` checks every field of `before` against the row, so a line that was written from a stale book is refused.
package struct BudgetMovement: Hashable, Sendable {
  /// The row's name.
  package var id: BudgetID
  /// The first moment after its period; nil when it has no end.
  package var end: Timestamp?
  /// The row's limit; nil when there is none.
  package var limit: Credits?
  /// `Budget.used` before the event.
  package var usedBefore: Credits
  /// `Budget.used` after the event.
  package var usedAfter: Credits
  /// `Budget.held` before the event.
  package var heldBefore: Credits
  /// `Budget.held` after the event.
  package var heldAfter: Credits

  /// A movement with these fields.
  package init(
    id: BudgetID, end: Timestamp?, limit: Credits?, usedBefore: Credits, usedAfter: Credits, heldBefore: Credits,
    heldAfter: Credits
  ) {
    self.id = id
    self.end = end
    self.limit = limit
    self.usedBefore = usedBefore
    self.usedAfter = usedAfter
    self.heldBefore = heldBefore
    self.heldAfter = heldAfter
  }

  /// The movement of `budget` to the amounts after the event.
  init(of budget: Budget, usedAfter: Credits, heldAfter: Credits) {
    self.init(
      id: budget.id, end: budget.end, limit: budget.limit, usedBefore: budget.used, usedAfter: usedAfter,
      heldBefore: budget.held, heldAfter: heldAfter)
  }

  /// The row as it was before the event.
  package var before: Budget {
    budget(used: usedBefore, held: heldBefore)
  }

  /// The row as it is after the event.
  package var after: Budget {
    budget(used: usedAfter, held: heldAfter)
  }

  private func budget(used: Credits, held: Credits) -> Budget {
    var budget = Budget(id: id, end: end, limit: limit, used: used, held: held, isOverLimit: false)
    budget.isOverLimit = budget.exceedsLimit
    return budget
  }
}
