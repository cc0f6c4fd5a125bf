import Ledger

/// The cells of a FOCUS row that say how much: from the quantity consumed to the publisher.
struct FocusAmounts: Sendable {
  let cells: TableCells

  /// What one credit costs.
  private static let creditCost = CostText.cost(1)

  /// A charge of so many credits for so many images.
  init(charging credits: Int64, results: Int, logName: String) {
    self.init(credits: credits, results: results, logName: logName)
  }

  /// So many credits given back.
  init(crediting credits: Int64, logName: String) {
    self.init(credits: credits, results: nil, logName: logName)
  }

  private init(credits: Int64, results: Int?, logName: String) {
    let isCredit = results == nil
    let cost = CostText.cost(credits, isNegative: isCredit)
    let unitPrice = isCredit ? nil : FocusAmounts.creditCost
    cells = TableCells { row in
      row.add(number: results.map { "\($0).0" })
      row.add(results.map { _ in "Images" })
      row.add(number: cost)
      row.add(number: unitPrice)
      row.add(number: cost)
      // Nothing is invoiced.
      row.add(nil as String?)
      row.add(logName)
      row.add(number: cost)
      row.add(number: unitPrice)
      row.add(isCredit ? nil : "Standard")
      row.add("Credits")
      row.add(number: isCredit ? nil : "1.0")
      row.add(number: (isCredit && credits > 0 ? "-" : "") + "\(credits).0")
      row.add(number: isCredit ? nil : "1.0")
      row.add(number: isCredit ? nil : "\(credits).0")
      row.add(isCredit ? nil : "Credits")
      for text in [logName, "1min.ai"] { row.add(text) }
    }
  }
}
