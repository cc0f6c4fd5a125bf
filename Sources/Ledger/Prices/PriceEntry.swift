/// One line of the price book: what one image costs from a moment on.
package struct PriceEntry: Hashable, Sendable {
  /// The version of the price book that brought it; a higher one wins where two take effect together.
  package var version: Int64
  /// The model's name, `gpt-image-1-mini`.
  package var model: String
  /// The quality: `low`, `medium` or `high`.
  package var quality: String
  /// The size in pixels: `1024x1024`.
  package var size: String
  /// Credits for one image.
  package var credits: Credits
  /// From when on it holds.
  package var effectiveFrom: Timestamp

  /// An entry with these fields.
  package init(
    version: Int64, model: String, quality: String, size: String, credits: Credits, effectiveFrom: Timestamp
  ) {
    self.version = version
    self.model = model
    self.quality = quality
    self.size = size
    self.credits = credits
    self.effectiveFrom = effectiveFrom
  }

  /// What `n` images cost; throws `LedgerError.amountOutOfRange` where that is more than `Credits.maximum`.
  package func amount(n: Int) throws(LedgerError) -> Credits {
    try credits.multiplied(by: n)
  }
}
