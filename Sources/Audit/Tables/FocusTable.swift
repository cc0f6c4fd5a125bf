import Ledger

/// `focus-1.2.csv`: one row for each charge and each credit, in the FinOps Open Cost and Usage Specification 1.2.
///
/// Edits are paid from prepaid credits, so nothing is billed; what they cost stands in credits, exactly, and in dollars at
/// the rate of `creditsPerUnit`.
struct FocusTable {
  /// Credits to one unit of the billing currency: what Tally assumes of its upstream (docs/prices.md). Part of the
  /// bundle's version.
  static let creditsPerUnit: Int64 = 3_000_000

  /// What one credit costs.
  private static let creditCost = CostText.cost(1)

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
  /// The billing period of the last row, with its texts: rows come in the order of time.
  private var period: (bounds: PeriodBounds, start: String, end: String)?
  private var cells = TableRow()

  /// The table of the team whose log has this origin.
  init(team: TeamID, log: String) {
    self.team = team.description
    logName = String(decoding: log.utf8.prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self)
  }

  /// The row of a line; nil where it has none.
  mutating func row(_ header: LineHeader, _ event: Event, _ entry: RangeAccounts.Entry, leaf: String) -> [UInt8]? {
    switch event {
    case .settled(let event):
      write(FocusCharge(event, entry.details, at: header.at), header, leaf)
    case .credited(let event):
      write(FocusCharge(crediting: event.amount, of: event.record, entry, at: header.at), header, leaf)
    case .evidence(let event) where event.credited > .zero:
      write(FocusCharge(crediting: event.credited, of: event.record, entry, at: header.at), header, leaf)
    default: return nil
    }
    return cells.finish()
  }

  /// Cells in the order of `columns`.
  private mutating func write(_ charge: FocusCharge, _ header: LineHeader, _ leaf: String) {
    let cost = CostText.cost(charge.credits, isNegative: charge.isCredit)
    let unitPrice = charge.isCredit ? nil : FocusTable.creditCost
    let period = period(of: header.at)
    add("0.0")
    for text in [team, nil, "Team", "USD"] { cells.add(text) }
    cells.add(period.end)
    cells.add(period.start)
    cells.add(charge.isCredit ? "Credit" : "Usage")
    cells.add(charge.isCorrection ? "Correction" : nil)
    cells.add(charge.description)
    cells.add(charge.isCredit ? "One-Time" : "Usage-Based")
    cells.add(FocusTable.time(header.at.adding(seconds: 1)))
    cells.add(FocusTable.time(header.at))
    add(charge.results.map { "\($0).0" })
    cells.add(charge.results.map { _ in "Images" })
    add(cost)
    add(unitPrice)
    add(cost)
    // Nothing is invoiced.
    cells.add(nil as String?)
    cells.add(logName)
    add(cost)
    add(unitPrice)
    cells.add(charge.isCredit ? nil : "Standard")
    cells.add("Credits")
    add(charge.isCredit ? nil : "1.0")
    add((charge.isCredit && charge.credits > 0 ? "-" : "") + "\(charge.credits).0")
    add(charge.isCredit ? nil : "1.0")
    add(charge.isCredit ? nil : "\(charge.credits).0")
    cells.add(charge.isCredit ? nil : "Credits")
    for text in [
      logName, "1min.ai", charge.record.description, nil, "Edit", "AI and Machine Learning", "Image edits",
      "Generative AI", charge.sku, charge.sku.map { _ in "Image edits" }, nil, charge.skuPrice,
      charge.member.description, nil, "Member", charge.tags, leaf,
    ] { cells.add(text) }
    cells.add(header.index)
  }

  private mutating func period(of moment: Timestamp) -> (start: String, end: String) {
    if let period, period.bounds.contains(moment) { return (period.start, period.end) }
    let bounds = PeriodBounds.utcMonth(containing: moment)
    let texts = (start: FocusTable.time(bounds.start), end: FocusTable.time(bounds.end ?? .maximum))
    period = (bounds, texts.start, texts.end)
    return texts
  }

  private mutating func add(_ number: String?) {
    if let number { cells.add(number: number) } else { cells.add(nil as String?) }
  }

  /// `YYYY-MM-DDTHH:mm:ssZ`, as FOCUS wants it.
  private static func time(_ moment: Timestamp) -> String {
    String(decoding: moment.rfc3339.utf8.prefix(19), as: UTF8.self) + "Z"
  }
}
