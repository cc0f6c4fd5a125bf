package import Ledger

/// A price that is to be entered.
package struct PriceRequest: Sendable {
  /// The id of the change: under it the price is entered once, however often it is asked for.
  package var id: NoteID
  package var model: String
  package var quality: String
  package var size: String
  /// Credits for one result; 0 withdraws the price.
  package var credits: Credits
  /// From when on it counts; nil: from now on.
  package var from: Timestamp?

  /// A request to enter a price.
  package init(id: NoteID, model: String, quality: String, size: String, credits: Credits, from: Timestamp?) {
    self.id = id
    self.model = model
    self.quality = quality
    self.size = size
    self.credits = credits
    self.from = from
  }
}

extension BatchDecider {
  /// What a new price changes. Whoever decides it has locked the operator's row, so that the prices of the batch are all
  /// that there are, and versions have no gap.
  func change(_ request: PriceRequest, at moment: Timestamp) -> PriceChanged {
    var book = prices
    if !writes.prices.isEmpty {
      book = PriceBook(
        prices.entries
          + writes.prices.map { price in
            PriceEntry(
              version: price.event.priceVersion, model: price.event.model, quality: price.event.quality,
              size: price.event.size, credits: price.event.new ?? .zero, effectiveFrom: price.event.from)
          })
    }
    let from = request.from ?? moment
    let old = book.price(model: request.model, quality: request.quality, size: request.size, at: from)
    return PriceChanged(
      priceVersion: (book.entries.map(\.version).max() ?? 0) + 1, model: request.model, quality: request.quality,
      size: request.size, from: from, old: old?.credits, new: request.credits > .zero ? request.credits : nil)
  }
}
