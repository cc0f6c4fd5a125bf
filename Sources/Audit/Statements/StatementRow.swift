import Ledger

/// What happened to one budget row within a range, in whole credits.
struct StatementRow: Sendable {
  let id: BudgetID
  /// Its period's end, exclusive; nil where it never ends.
  var end: Timestamp?
  let limitAtOpen: Credits?
  var limitAtClose: Credits?
  let usedAtOpen: Int64
  var charges: Int64 = 0
  var credits: Int64 = 0
  var usedAtClose: Int64
  let heldAtOpen: Int64
  /// Credits that holds took.
  var holds: Int64 = 0
  /// Credits of holds that ended with a charge.
  var settled: Int64 = 0
  /// Credits of holds that ended without one.
  var released: Int64 = 0
  var heldAtClose: Int64
  /// How often its limit changed.
  var limitChanges: Int64 = 0
  private var isTouched = false

  /// A row as it stands when the range begins.
  init(opening budget: Budget) {
    id = budget.id
    end = budget.end
    limitAtOpen = budget.limit
    limitAtClose = budget.limit
    usedAtOpen = budget.used.value
    usedAtClose = budget.used.value
    heldAtOpen = budget.held.value
    heldAtClose = budget.held.value
  }

  /// Takes in where the row stands after a line.
  mutating func close(_ movement: BudgetMovement) {
    end = movement.end
    limitAtClose = movement.limit
    usedAtClose = movement.usedAfter.value
    heldAtClose = movement.heldAfter.value
    isTouched = true
  }

  /// Takes in a change of the row's limit.
  mutating func close(_ change: BudgetLimitChange) {
    end = change.end
    limitAtClose = change.limitAfter
    limitChanges.increase(by: 1)
    isTouched = true
  }

  /// Whether a statement that ends at `moment` lists it: it moved, has something held, or is the current period's.
  func isListed(at moment: Timestamp) -> Bool {
    isTouched || heldAtOpen != 0 || heldAtClose != 0 || end.map { $0 > moment } ?? true
  }

  /// Whether what happened leads from the opening to the closing amounts.
  var isBalanced: Bool {
    StatementRow.isBalanced(usedAtOpen, charges, credits, 0, usedAtClose)
      && StatementRow.isBalanced(heldAtOpen, holds, settled, released, heldAtClose)
  }

  private static func isBalanced(_ open: Int64, _ plus: Int64, _ minus: Int64, _ less: Int64, _ close: Int64) -> Bool {
    Int128(open) + Int128(plus) - Int128(minus) - Int128(less) == Int128(close)
  }
}
