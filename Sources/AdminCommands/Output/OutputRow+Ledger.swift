import Ledger
import LedgerStore

extension OutputRow {
  /// Adds what every budget shows: limit (null: none), used, held, and when it starts again.
  mutating func add(_ budget: BudgetView) {
    add("creditLimit", "LIMIT", .optional(budget.limit?.value), text: budget.limit == nil ? "none" : nil)
    add("usedCredit", "USED", .integer(budget.used.value))
    add("heldCredit", "HELD", .integer(budget.held.value))
    add("availableCredit", nil, .optional(budget.available?.value))
    add("resetsAt", "RESETS", .time(budget.resetsAt), text: budget.resetsAt == nil ? "never" : nil)
  }
}

extension OutputValue {
  /// A moment with milliseconds, as in the Feature API; or null.
  static func time(_ moment: Timestamp?) -> OutputValue {
    .optional(moment?.millisecondText)
  }

  /// An id as text.
  static func id<Kind>(_ id: Identifier<Kind>) -> OutputValue {
    .string(id.description)
  }
}
