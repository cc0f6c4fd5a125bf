import Ledger

/// What happened in a range, in whole numbers (docs/audit.md, statements).
package struct BundleTotals: Hashable, Sendable, Codable {
  /// Edits for which credits were held.
  package var edits: Int64 = 0
  /// Edits that did not fit a budget.
  package var refused: Int64 = 0
  /// Edits that were charged, also with 0 credits.
  package var settled: Int64 = 0
  /// Edits whose credits were given back uncharged.
  package var released: Int64 = 0
  /// Credits charged.
  package var charged: Int64 = 0
  /// Credits given back of charges.
  package var credited: Int64 = 0

  /// Nothing.
  package init() {}

  /// Takes in what `event` tells.
  mutating func add(_ event: Event) {
    switch event {
    case .held(let event): add(event)
    case .refused: refused.increase(by: 1)
    case .released: released.increase(by: 1)
    case .settled(let event): add(event)
    case .credited(let event): credited.increase(by: event.amount.value)
    case .evidence(let event): credited.increase(by: event.credited.value)
    default: break
    }
  }

  /// Takes in a hold.
  mutating func add(_ event: EditHeld) { edits.increase(by: 1) }

  /// Takes in a settlement.
  mutating func add(_ event: EditSettled) {
    settled.increase(by: 1)
    charged.increase(by: event.charge.value)
  }

  /// The fields of the JSON object in which they stand.
  var json: String {
    """
    {"edits":\(edits),"refused":\(refused),"settled":\(settled),"released":\(released),"charged":\(charged),\
    "credited":\(credited)}
    """
  }
}

extension Int64 {
  /// Adds, and stays at the largest number where the sum would be larger: a log that nobody wrote in good faith must not
  /// end its reader.
  mutating func increase(by amount: Int64) {
    let (sum, overflow) = addingReportingOverflow(amount)
    self = overflow ? .max : sum
  }
}
