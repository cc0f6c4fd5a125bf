package import Ledger
import Postgres

extension LedgerStore {
  /// The most credits that one result may cost: ten of them must still be an amount.
  package static let priceMaximum = Credits(Credits.maximum.value / Int64(HoldCommand.resultsMaximum))

  /// The whole price book.
  /// - Throws: `unavailable`.
  package func prices() async throws(StoreError) -> PriceBook {
    PriceBook(try await operatorRows(.priceEntries))
  }

  /// Enters a price, with a line in the operator's log. Lanes see it with their next batch; holds that were taken before
  /// keep theirs.
  /// - Parameters:
  ///   - credits: credits for one result; 0 withdraws the price, and the option is refused from then on.
  ///   - from: from when on it counts; nil: from now on.
  /// - Throws: `invalid`; `notAllowed` while the operator's log is halted; `unavailable`.
  package func setPrice(
    model: String, quality: String, size: String, credits: Credits, from: Timestamp?, by administrator: Administrator
  ) async throws(StoreError) -> PriceEntry {
    for (field, text) in [("model", model), ("quality", quality), ("size", size)] where !Token.isValid(text) {
      // The option stands in every log line of an edit.
      throw StoreError(.invalid(field: field, message: "must be printable ASCII without spaces, quotes, backslashes"))
    }
    guard credits >= .zero, credits <= Self.priceMaximum else {
      throw StoreError(.invalid(field: "credits", message: "must lie between 0 and \(Self.priceMaximum)"))
    }
    if let from, !from.isWithinLimits {
      throw StoreError(.invalid(field: "from", message: "must lie between 1970 and 9999"))
    }
    guard Self.isStorable(administrator.name) else { throw StoreError(.invalid(field: "by", message: "holds a NUL")) }
    let request = PriceRequest(
      id: NoteID(bits: .random(in: .min ... .max)), model: model, quality: quality, size: size, credits: credits,
      from: from)
    _ = try await submitOperators(.setPrice(request, administrator), by: administrator)
    // The line names no version that a caller who lost the answer would find again: the newest such price is it.
    let entry = try await prices().entries.last { entry in
      entry.model == model && entry.quality == quality && entry.size == size && entry.credits == credits
        && (from == nil || from == entry.effectiveFrom)
    }
    guard let entry else { throw StoreError(.database) }
    return entry
  }
}
