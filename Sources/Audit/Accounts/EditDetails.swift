import Ledger

/// What is known of an edit beside what its last line tells: enough for a row of a table.
struct EditDetails: Sendable {
  var member: MemberID
  /// The key; nil where the range does not tell.
  var key: KeyID?
  /// Model, quality and size as they were priced; nil where the hold stands before the range.
  var product: Product?
  var n: Int?
  var unitPrice: Credits?
  var priceVersion: Int64?
  var heldAt: Timestamp?

  init(_ event: borrowing EditHeld, _ product: consuming Product, at moment: Timestamp) {
    member = event.member
    key = event.key
    self.product = product
    n = event.n
    unitPrice = event.unitPrice
    priceVersion = event.priceVersion
    heldAt = moment
  }

  init(_ event: borrowing EditRefused, _ product: consuming Product) {
    member = event.member
    key = event.key
    self.product = product
    n = event.n
    unitPrice = event.unitPrice
    priceVersion = event.priceVersion
  }

  /// Of an edit as the book has it, which does not tell what it asked for.
  init(_ record: borrowing RecordState, _ product: consuming Product? = nil) {
    self.product = product
    member = record.member
    key = record.key
    n = record.n
    unitPrice = record.unitPrice
    priceVersion = record.priceVersion
    heldAt = record.heldAt
  }

  /// Of an edit that was over when the range began.
  init(member: MemberID) {
    self.member = member
  }
}
