import Ledger
import TransparencyLog

/// `usage.csv`: one row for each line that ends an edit or corrects one.
struct UsageTable {
  private let cells = TableRow()

  static let heading = TableRow.heading([
    "index", "at", "action", "record", "member", "key", "model", "quality", "size", "n", "unitPrice", "priceVersion",
    "hold", "heldAt", "held", "charged", "credited", "variance", "results", "upstreamCredit", "assumed", "cause",
    "leafHash",
  ])

  /// What stands for a product that is not known.
  private let noProduct = TableCells { row in
    for _ in 0..<3 { row.add(nil as String?) }
  }

  /// The row of a line, in memory that is valid until the next row; nil where it has none.
  func row(
    _ header: LineHeader, _ event: Event, _ edit: EditDetails, leaf: Digest
  ) -> UnsafeRawBufferPointer? {
    switch event {
    case .refused(let event):
      begin(header, .editRefused, event.record, edit)
      end(held: event.needed, cause: "\(event.refusedBy.rawValue) limit")
    case .settled(let event): return row(header, event, edit, leaf: leaf)
    case .released(let event):
      begin(header, .editReleased, event.record, edit, hold: event.hold)
      end(held: event.amount, charged: .zero, cause: event.cause.rawValue)
    case .credited(let event):
      begin(header, .editCredited, event.record, edit, hold: event.hold)
      end(credited: event.amount)
    case .evidence(let event):
      begin(header, .editEvidence, event.record, edit, hold: event.hold)
      end(
        held: event.amount, credited: event.credited, variance: event.variance, results: event.results,
        upstreamCredit: event.upstreamCredit, cause: event.worked ? "worked" : "did not work")
    default: return nil
    }
    cells.add(leaf)
    return cells.finish()
  }

  /// The row of a settlement's line.
  func row(
    _ header: LineHeader, _ event: EditSettled, _ edit: EditDetails, leaf: Digest
  ) -> UnsafeRawBufferPointer {
    begin(header, .editSettled, event.record, edit, hold: event.hold)
    end(
      held: event.amount, charged: event.charge, variance: event.variance, results: event.results,
      upstreamCredit: event.upstreamCredit, assumed: event.assumed, cause: event.cause.rawValue)
    cells.add(leaf)
    return cells.finish()
  }

  private func begin(
    _ header: LineHeader, _ action: Action, _ record: RecordID, _ edit: EditDetails, hold: Int64? = nil
  ) {
    cells.add(header.index)
    cells.add(header.at)
    cells.add(token: action.rawValue)
    cells.add(record)
    cells.add(edit.member)
    cells.add(edit.key)
    if let product = edit.product { cells.add(product.usageCells) } else { cells.add(noProduct) }
    cells.add(edit.n.map(Int64.init))
    cells.add(edit.unitPrice)
    cells.add(edit.priceVersion)
    cells.add(hold)
    cells.add(edit.heldAt)
  }

  private func end(
    held: Credits? = nil, charged: Credits? = nil, credited: Credits? = nil, variance: Credits? = nil,
    results: Int? = nil, upstreamCredit: Credits? = nil, assumed: Bool? = nil, cause: String? = nil
  ) {
    cells.add(held)
    cells.add(charged)
    cells.add(credited)
    cells.add(variance)
    cells.add(results.map(Int64.init))
    cells.add(upstreamCredit)
    cells.add(token: assumed.map { $0 ? "true" : "false" })
    cells.add(token: cause)
  }
}
