import Ledger
import TransparencyLog

/// `focus-1.2.csv`: one row for each charge and each credit, in the FinOps Open Cost and Usage Specification 1.2.
///
/// Edits are paid from prepaid credits, so nothing is billed; what they cost stands in credits, exactly, and in dollars at
/// the rate of `creditsPerUnit`.
struct FocusTable {
  /// Credits to one unit of the billing currency: what Tally assumes of its upstream (docs/prices.md). Part of the
  /// bundle's version.
  static let creditsPerUnit = CostText.creditsPerDollar

  private static let columns = [
    "BilledCost", "BillingAccountId", "BillingAccountName", "BillingAccountType", "BillingCurrency", "BillingPeriodEnd",
    "BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency", "ChargePeriodEnd",
    "ChargePeriodStart", "ConsumedQuantity", "ConsumedUnit", "ContractedCost", "ContractedUnitPrice", "EffectiveCost",
    "InvoiceId", "InvoiceIssuerName", "ListCost", "ListUnitPrice", "PricingCategory", "PricingCurrency",
    "PricingCurrencyContractedUnitPrice", "PricingCurrencyEffectiveCost", "PricingCurrencyListUnitPrice",
    "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "ResourceId", "ResourceName", "ResourceType",
    "ServiceCategory", "ServiceName", "ServiceSubcategory", "SkuId", "SkuMeter", "SkuPriceDetails", "SkuPriceId",
    "SubAccountId", "SubAccountName", "SubAccountType", "Tags", "x_LeafHash", "x_LogIndex",
  ]

  static let heading = TableRow.heading(columns)

  private let team: String
  private let logName: String
  /// The billing period of the last row, and the cells up to it: rows come in the order of time.
  private var period: (bounds: PeriodBounds, opening: TableCells)
  /// The amounts that came by lately, and the cells of each.
  private var amounts: [(credits: Int64, results: Int)] = Array(repeating: (-1, -1), count: 64)
  private var amountCells: [TableCells] = Array(repeating: TableCells { _ in }, count: 64)
  private let cells = TableRow()

  private let unknownCharge = chargeCells("Image edit")
  private let unknownAssumedCharge = chargeCells("Image edit, assumed")
  private let service = TableCells { addService(to: $0) }
  private let member = TableCells { row in
    row.add(nil as String?)
    row.add("Member")
  }
  private let noSKU = TableCells { row in
    for _ in 0..<4 { row.add(nil as String?) }
  }

  /// The table of the team whose log has this origin.
  init(team: TeamID, log: String) {
    self.team = team.description
    logName = String(decoding: log.utf8.prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self)
    let bounds = PeriodBounds.utcMonth(containing: .epoch)
    period = (bounds, FocusTable.opening(team: self.team, bounds))
  }

  /// The row of a line, in memory that is valid until the next row; nil where it has none.
  mutating func row(
    _ header: LineHeader, _ event: Event, _ edit: EditDetails, leaf: Digest
  ) -> UnsafeRawBufferPointer? {
    switch event {
    case .settled(let event): return row(header, event, edit, leaf: leaf)
    case .credited(let event):
      credit(event.amount, of: event.record, edit, at: header.at)
    case .evidence(let event) where event.credited > .zero:
      credit(event.credited, of: event.record, edit, at: header.at)
    default: return nil
    }
    return finish(header, leaf)
  }

  private func finish(_ header: LineHeader, _ leaf: Digest) -> UnsafeRawBufferPointer {
    cells.add(leaf)
    cells.add(header.index)
    return cells.finish()
  }

  /// The row of a settlement's line. Cells in the order of `columns`.
  mutating func row(
    _ header: LineHeader, _ event: EditSettled, _ edit: EditDetails, leaf: Digest
  ) -> UnsafeRawBufferPointer {
    addOpening(at: header.at)
    let product = edit.product
    if let product {
      cells.add(event.assumed ? product.assumedChargeCells : product.chargeCells)
    } else {
      cells.add(event.assumed ? unknownAssumedCharge : unknownCharge)
    }
    cells.add(second: header.at.adding(seconds: 1))
    cells.add(second: header.at)
    cells.add(amountCells[placeOfAmounts(event.charge, results: event.results)])
    cells.add(event.record)
    // A usage row must name what was bought. Of an edit that was held before the range began, the price is known alone.
    cells.add(
      product?.serviceCells ?? FocusTable.serviceCells(sku: "image-edit", priceVersion: edit.priceVersion ?? 0))
    add(edit)
    return finish(header, leaf)
  }

  /// The credit of a line that gives some of a charge back.
  private mutating func credit(
    _ credits: Credits, of record: RecordID, _ edit: EditDetails, at moment: Timestamp
  ) {
    addOpening(at: moment)
    cells.add("Credit")
    let month = PeriodBounds.utcMonth(containing: moment)
    // The month of the charge is that of the record's id, which begins with the time at which the edit was taken on. The line
    // that charged may stand before the range, and the row must be the same in every bundle.
    cells.add(record.moment.map(month.contains) ?? false ? nil : "Correction")
    cells.add("Credit for an image edit")
    cells.add("One-Time")
    cells.add(second: moment.adding(seconds: 1))
    cells.add(second: moment)
    cells.add(FocusAmounts(crediting: credits.value, logName: logName).cells)
    cells.add(record)
    cells.add(service)
    cells.add(noSKU)
    add(edit)
  }

  /// The member, and a JSON object with what has no column of its own.
  private func add(_ edit: EditDetails) {
    cells.add(edit.member)
    cells.add(member)
    cells.begin()
    guard let key = edit.key else { return cells.put("{}") }
    cells.put("\"{\"\"keyId\"\":\"\"")
    cells.put(key)
    cells.put("\"\"}\"")
  }

  /// What kind of row a charge is, and what for.
  static func chargeCells(_ description: String) -> TableCells {
    TableCells { row in
      for text in ["Usage", nil, description, "Usage-Based"] { row.add(text) }
    }
  }

  /// The service, what was bought of it, and the price at which it was.
  static func serviceCells(sku: String, priceVersion: Int64) -> TableCells {
    TableCells { row in
      addService(to: row)
      for text in [sku, "Image edits", nil, "\(sku)/\(priceVersion)"] { row.add(text) }
    }
  }

  private static func addService(to row: TableRow) {
    for text in [nil, "Edit", "AI and Machine Learning", "Image edits", "Generative AI"] { row.add(text) }
  }

  /// Where the cells of a charge are.
  private mutating func placeOfAmounts(_ charge: Credits, results: Int) -> Int {
    let place = Int(truncatingIfNeeded: (charge.value ^ Int64(results) << 32) % 61) & 63
    if amounts[place] != (charge.value, results) {
      amounts[place] = (charge.value, results)
      amountCells[place] = FocusAmounts(charging: charge.value, results: results, logName: logName).cells
    }
    return place
  }

  private mutating func addOpening(at moment: Timestamp) {
    if !period.bounds.contains(moment) {
      let bounds = PeriodBounds.utcMonth(containing: moment)
      period = (bounds, FocusTable.opening(team: team, bounds))
    }
    cells.add(period.opening)
  }

  private static func opening(team: String, _ month: PeriodBounds) -> TableCells {
    TableCells { row in
      row.add(number: "0.0")
      for text in [team, nil, "Team", "USD"] { row.add(text) }
      row.add(second: month.end ?? .maximum)
      row.add(second: month.start)
    }
  }
}
