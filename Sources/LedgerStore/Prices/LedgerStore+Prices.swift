package import Ledger
import Postgres

extension LedgerStore {
  /// The most credits that one result may cost: ten of them must still be an amount.
  package static let priceMaximum = Credits(Credits.maximum.value / Int64(HoldCommand.resultsMaximum))

  /// How often a price is entered again because somebody else took its version. Each time somebody gets through, so
  /// this many administrators may press the key at once.
  private static let priceAttempts = 10

  /// The whole price book.
  /// - Throws: `unavailable`.
  package func prices() async throws(StoreError) -> PriceBook {
    PriceBook(try await operatorRows(.priceEntries))
  }

  /// Enters a price. Lanes see it with their next batch; holds that were taken before keep theirs.
  /// - Parameters:
  ///   - credits: credits for one result; 0 withdraws the price, and the option is refused from then on.
  ///   - from: from when on it counts; nil: from now on.
  /// - Throws: `invalid`; `unavailable`.
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
    for _ in 1..<Self.priceAttempts {
      do throws(StoreError) {
        return try await enterPrice(model, quality, size, credits, from, administrator)
      } catch  where error.sqlState == "23505" {
        continue
      }
    }
    return try await enterPrice(model, quality, size, credits, from, administrator)
  }

  private func enterPrice(
    _ model: String, _ quality: String, _ size: String, _ credits: Credits, _ from: Timestamp?,
    _ administrator: Administrator
  ) async throws(StoreError) -> PriceEntry {
    let entered = try await operatorRows(
      .enterPrice, administrator.name, model, quality, size, credits.value, from?.timestamptz)
    guard let entry = entered.first else { throw StoreError(.database) }
    return entry
  }
}
