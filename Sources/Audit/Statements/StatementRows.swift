import Ledger

/// The statement of a range while its lines come by.
struct StatementRows: Sendable {
  /// A change of a team's, member's or key's limit.
  struct LimitChange: Sendable {
    var index: Int64
    var at: Timestamp
    var scope: BudgetScope
    var subject: Identifier<Never>
    var old: Credits?
    var new: Credits?
    /// The budget row of which it changed the limit; nil where the subject had none.
    var row: BudgetID?
  }

  private var all: [BudgetID: StatementRow] = [:]
  /// The changes of limits, in the log's order.
  private(set) var limitChanges: [LimitChange] = []

  /// The statement that begins with the budgets of `book`.
  init(opening book: TeamBook) {
    for budget in book.budgets.values { all[budget.id] = StatementRow(opening: budget) }
  }

  /// The rows that a statement which ends at `moment` lists, in the order of budgets.
  func rows(at moment: Timestamp) -> [StatementRow] {
    all.values.filter { $0.isListed(at: moment) }.sorted { $0.id < $1.id }
  }

  /// Takes in what a line tells.
  mutating func add(_ event: Event, _ header: LineHeader) {
    switch event {
    case .held(let event): add(event.budgets) { $0.holds.increase(by: event.amount.value) }
    case .settled(let event):
      add(event.budgets) { row in
        row.settled.increase(by: event.amount.value)
        row.charges.increase(by: event.charge.value)
      }
    case .released(let event): add(event.budgets) { $0.released.increase(by: event.amount.value) }
    case .credited(let event): add(event.budgets) { $0.credits.increase(by: event.amount.value) }
    case .evidence(let event) where event.credited > .zero:
      add(event.budgets) { $0.credits.increase(by: event.credited.value) }
    case .limitChanged(let event): add(event, header)
    case .teamChanged(let event): add(event.budget)
    case .memberChanged(let event): add(event.budget)
    default: break
    }
  }

  private mutating func add(_ movements: [BudgetMovement], _ change: (inout StatementRow) -> Void) {
    for movement in movements {
      // Only a hold opens a row, and before it the row has nothing.
      var opening = movement.before
      opening.used = .zero
      opening.held = .zero
      StatementRows.move(&all[movement.id, default: StatementRow(opening: opening)], movement, change)
    }
  }

  private static func move(
    _ row: inout StatementRow, _ movement: BudgetMovement, _ change: (inout StatementRow) -> Void
  ) {
    row.close(movement)
    change(&row)
  }

  private mutating func add(_ event: LimitChanged, _ header: LineHeader) {
    limitChanges.append(
      LimitChange(
        index: header.index, at: header.at, scope: event.scope, subject: Identifier(bits: event.subject),
        old: event.old,
        new: event.new, row: event.budget?.id))
    if let change = event.budget { all[change.id, default: StatementRow(opening: change.before)].close(change) }
  }

  private mutating func add(_ change: BudgetEndChange?) {
    if let change { all[change.id]?.end = change.new }
  }
}
