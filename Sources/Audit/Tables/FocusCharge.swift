import Ledger

/// What a row of FOCUS says of one charge or credit.
struct FocusCharge {
  var record: RecordID
  var member: MemberID
  /// The amount, not negative: charged, or given back where `isCredit`.
  var credits: Int64
  var isCredit = false
  /// Whether it corrects a charge of an earlier billing period.
  var isCorrection = false
  /// Images that came back; nil where that is not said.
  var results: Int64?
  /// What was bought; nil where the range does not tell.
  var sku: String?
  /// The price at which it was bought.
  var skuPrice: String?
  var description: String
  var tags: String

  /// The charge of a settlement's line.
  init(_ event: EditSettled, _ edit: EditDetails, at moment: Timestamp) {
    record = event.record
    member = edit.member
    credits = event.charge.value
    results = Int64(event.results)
    // A usage row must name what was bought. Of an edit that was held before the range began, the price is known alone.
    sku = edit.product.map { "\($0.model)/\($0.quality)/\($0.size)" } ?? "image-edit"
    skuPrice = (sku ?? "") + "/\(edit.priceVersion ?? 0)"
    description = "Image edit" + (edit.product.map { ", \($0.model), \($0.quality), \($0.size)" } ?? "")
    if event.assumed { description += ", assumed" }
    tags = FocusCharge.tags(edit)
  }

  /// The credit of a line that gives some of a charge back.
  init(crediting amount: Credits, of record: RecordID, _ entry: RangeAccounts.Entry, at moment: Timestamp) {
    self.record = record
    member = entry.details.member
    credits = amount.value
    isCredit = true
    let month = PeriodBounds.utcMonth(containing: moment)
    // What was charged before the range began was charged in an earlier period: a range begins where one was closed.
    isCorrection = !(entry.chargedAt.map(month.contains) ?? false)
    description = "Credit for an image edit"
    tags = FocusCharge.tags(entry.details)
  }

  /// A JSON object with what has no column of its own.
  private static func tags(_ edit: EditDetails) -> String {
    edit.key.map { "{\"keyId\":\"\($0)\"}" } ?? "{}"
  }
}
