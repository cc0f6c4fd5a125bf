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

  /// A power of two: more than there are members at work at once, mostly.
  private static let recentCount = 1_024

  private var all: [StatementRow] = []
  private var places: [BudgetID: Int] = [:]
  /// Where the rows are that moved lately, by bits of their subjects: nearly always those that move next.
  private var recent = [Int](repeating: 0, count: StatementRows.recentCount)
  /// The changes of limits, in the log's order.
  private(set) var limitChanges: [LimitChange] = []

  /// The statement that begins with the budgets of `book`.
  init(opening book: TeamBook) {
    for budget in book.budgets.values { _ = place(of: budget) }
  }

  /// The rows that a statement which ends at `moment` lists, in the order of budgets.
  func rows(at moment: Timestamp) -> [StatementRow] {
    all.filter { $0.isListed(at: moment) }.sorted { $0.id < $1.id }
  }

  /// Takes in what a line tells.
  mutating func add(_ event: Event, _ header: LineHeader) {
    switch event {
    case .held(let event): add(event)
    case .settled(let event): add(event)
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

  /// Takes in a hold.
  mutating func add(_ event: EditHeld) {
    add(event.budgets) { $0.holds.increase(by: event.amount.value) }
  }

  /// Takes in a settlement.
  mutating func add(_ event: EditSettled) {
    add(event.budgets) { row in
      row.settled.increase(by: event.amount.value)
      row.charges.increase(by: event.charge.value)
    }
  }

  private mutating func add(_ movements: [BudgetMovement], _ change: (inout StatementRow) -> Void) {
    for movement in movements {
      let place = place(of: movement)
      all[place].close(movement)
      change(&all[place])
    }
  }

  /// Where the row is that a line moves.
  private mutating func place(of movement: BudgetMovement) -> Int {
    let bits = Int(truncatingIfNeeded: movement.id.subject) & (StatementRows.recentCount - 1)
    let recent = recent[bits]
    if recent < all.count, all[recent].id == movement.id { return recent }
    // Only a hold opens a row, and before it the row has nothing.
    var opening = movement.before
    opening.used = .zero
    opening.held = .zero
    let place = place(of: opening)
    self.recent[bits] = place
    return place
  }

  /// Where the row is; where it is not known yet, it opens as `budget` says.
  private mutating func place(of budget: Budget) -> Int {
    if let place = places[budget.id] { return place }
    places[budget.id] = all.count
    all.append(StatementRow(opening: budget))
    return all.count - 1
  }

  private mutating func add(_ event: LimitChanged, _ header: LineHeader) {
    limitChanges.append(
      LimitChange(
        index: header.index, at: header.at, scope: event.scope, subject: Identifier(bits: event.subject),
        old: event.old,
        new: event.new, row: event.budget?.id))
    if let change = event.budget { all[place(of: change.before)].close(change) }
  }

  private mutating func add(_ change: BudgetEndChange?) {
    if let change, let place = places[change.id] { all[place].end = change.new }
  }
}
