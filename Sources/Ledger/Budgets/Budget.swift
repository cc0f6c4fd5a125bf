/// One budget row: what a subject may spend in one period, what it has spent, and what open holds keep.
///
/// A row opens with nothing used and nothing held. `used + held <= limit` after every hold (docs/ledger.md, G1); only
/// an administrator's lower limit can leave it above, and then it is marked until it fits again.
package struct Budget: Hashable, Sendable {
  /// The row's name.
  package var id: BudgetID
  /// The first moment after its period; nil when it has no end.
  package var end: Timestamp?
  /// The most that may be used and held together; nil when there is no limit.
  package var limit: Credits?
  /// What settled edits were charged, less what was credited back.
  package var used: Credits
  /// What open holds keep.
  package var held: Credits
  /// Whether `used + held` is above the limit, which only a lowered limit can bring about.
  package var isOverLimit: Bool

  /// A row as it was stored.
  package init(id: BudgetID, end: Timestamp?, limit: Credits?, used: Credits, held: Credits, isOverLimit: Bool) {
    self.id = id
    self.end = end
    self.limit = limit
    self.used = used
    self.held = held
    self.isOverLimit = isOverLimit
  }

  /// A row as it opens: nothing used, nothing held.
  package init(opening id: BudgetID, end: Timestamp?, limit: Credits?) {
    self.init(id: id, end: end, limit: limit, used: .zero, held: .zero, isOverLimit: false)
  }

  /// What a new hold may take: never below zero, nil when there is no limit.
  package var available: Credits? {
    guard let limit else { return nil }
    let (taken, overflow) = used.value.addingReportingOverflow(held.value)
    guard !overflow, taken < limit.value else { return .zero }
    return Credits(limit.value - taken)
  }

  /// Whether a hold of `amount` fits.
  package func fits(_ amount: Credits) -> Bool {
    guard let available else { return true }
    return amount <= available
  }

  /// Whether the row's period covers `moment`, or has not begun yet.
  package func isCurrent(at moment: Timestamp) -> Bool {
    guard let end else { return true }
    return moment < end
  }

  /// Whether its amounts are above its limit, whatever the mark says.
  var exceedsLimit: Bool {
    guard let limit else { return false }
    let (taken, overflow) = used.value.addingReportingOverflow(held.value)
    return overflow || taken > limit.value
  }
}
