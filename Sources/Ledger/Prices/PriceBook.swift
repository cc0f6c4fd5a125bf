/// What edits cost, as versioned data: model, quality and size to credits per image (docs/ledger.md, the price).
///
/// What has no entry is not priced and therefore refused, never free; the same goes for an entry of zero credits, which
/// is how a price is withdrawn.
package struct PriceBook: Hashable, Sendable {
  /// All entries, in the order in which they came.
  package let entries: [PriceEntry]

  /// The entries of each option, the one that holds latest last.
  private let entriesOfOption: [Option: [PriceEntry]]

  private struct Option: Hashable {
    var model: String
    var quality: String
    var size: String
  }

  /// A book of these entries.
  package init(_ entries: [PriceEntry]) {
    self.entries = entries
    var grouped: [Option: [PriceEntry]] = [:]
    for entry in entries {
      grouped[Option(model: entry.model, quality: entry.quality, size: entry.size), default: []].append(entry)
    }
    entriesOfOption = grouped.mapValues { entries in
      entries.sorted { ($0.effectiveFrom, $0.version) < ($1.effectiveFrom, $1.version) }
    }
  }

  /// The entry that holds at `moment`: of those in effect the latest, of two that took effect together the one with
  /// the higher version. Nil when the option is not priced then.
  package func price(model: String, quality: String, size: String, at moment: Timestamp) -> PriceEntry? {
    let option = Option(model: model, quality: quality, size: size)
    let entry = entriesOfOption[option]?.last { $0.effectiveFrom <= moment }
    guard let entry, entry.credits > .zero, entry.credits.isWithinLimits else { return nil }
    return entry
  }

  /// What is priced at `moment`: the entry of each option, ordered by model, quality and size.
  package func priced(at moment: Timestamp) -> [PriceEntry] {
    entriesOfOption.keys
      .compactMap { price(model: $0.model, quality: $0.quality, size: $0.size, at: moment) }
      .sorted { ($0.model, $0.quality, $0.size) < ($1.model, $1.quality, $1.size) }
  }

  /// The models that are priced at `moment`, ordered by name.
  package func models(at moment: Timestamp) -> [String] {
    Set(priced(at: moment).map(\.model)).sorted()
  }
}
