extension PriceBook {
  /// The prices that a new installation begins with: version 1, in effect since the Unix epoch.
  ///
  /// They follow OpenAI's published price per image ($0.005 and 0.006, $0.011 and 0.015, $0.036 and 0.052) at 3,000,000
  /// credits a dollar, since 1min.ai publishes none per edit. An administrator changes them with `tally price set`.
  package static let defaultEntries: [PriceEntry] =
    entries(quality: "low", square: 15_000, oblong: 18_000)
    + entries(quality: "medium", square: 33_000, oblong: 45_000)
    + entries(quality: "high", square: 108_000, oblong: 156_000)

  private static func entries(quality: String, square: Int64, oblong: Int64) -> [PriceEntry] {
    [("1024x1024", square), ("1024x1536", oblong), ("1536x1024", oblong)].map { size, credits in
      PriceEntry(
        version: 1, model: "gpt-image-1-mini", quality: quality, size: size, credits: Credits(credits),
        effectiveFrom: .epoch)
    }
  }
}
