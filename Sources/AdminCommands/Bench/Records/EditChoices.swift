import Ledger
import LedgerStore

/// What members choose among: some of it often, some of it rarely.
package struct EditChoices: Sendable {
  private static let models = [("gpt-image-1-mini", 70.0), ("gpt-image-1", 22), ("flux-kontext-pro", 8)]
  private static let qualities = [("medium", 60.0), ("low", 25), ("high", 15)]
  private static let sizes = [("1024x1024", 60.0), ("1024x1536", 25), ("1536x1024", 15)]
  private static let pictures = [(1, 80.0), (2, 12), (4, 8)]
  /// What a result of the models costs that a new installation has no price for.
  private static let price = Credits(120_000)

  /// One edit as it is sent.
  struct Kind: Sendable {
    var choice: BenchEdit.Choice
    var n: Int
    var edit: BenchEdit
  }

  let kinds: [Kind]
  private let chances: WeightedChoice

  /// All of them, with prompts of so many characters.
  package init(promptLength: Int) {
    var (kinds, weights): ([Kind], [Double]) = ([], [])
    for (model, modelWeight) in Self.models {
      for (quality, qualityWeight) in Self.qualities {
        for (size, sizeWeight) in Self.sizes {
          for (n, weight) in Self.pictures {
            let choice = BenchEdit.Choice(model: model, quality: quality, size: size)
            let edit = BenchEdit(promptLength: promptLength, choice: choice, n: n)
            kinds.append(Kind(choice: choice, n: n, edit: edit))
            weights.append(modelWeight * qualityWeight * sizeWeight * weight)
          }
        }
      }
    }
    self.kinds = kinds
    chances = WeightedChoice(weights)
  }

  /// The position of one of them.
  func next(using generator: inout some RandomNumberGenerator) -> Int { chances.next(using: &generator) }

  /// What an edit costs on average.
  func averagePrice(in prices: PriceBook, at moment: Timestamp) -> Double {
    kinds.indices.reduce(0) { sum, position in
      let (choice, n) = (kinds[position].choice, kinds[position].n)
      let price = prices.price(model: choice.model, quality: choice.quality, size: choice.size, at: moment)
      return sum + chances.share(of: position) * Double(n) * Double(price?.credits.value ?? 0)
    }
  }

  /// Prices what has no price since the beginning. Throws `StoreError`.
  func complete(_ prices: PriceBook, at moment: Timestamp, in store: LedgerStore) async throws -> PriceBook {
    for choice in Set(kinds.map(\.choice)) where !prices.isPriced(choice, at: moment) {
      _ = try await store.setPrice(
        model: choice.model, quality: choice.quality, size: choice.size, credits: Self.price, from: .epoch,
        by: BenchTeam.administrator)
    }
    return try await store.prices()
  }
}

extension PriceBook {
  fileprivate func isPriced(_ choice: BenchEdit.Choice, at moment: Timestamp) -> Bool {
    price(model: choice.model, quality: choice.quality, size: choice.size, at: moment) != nil
  }
}
