/// What is paid for: model, quality and size, as prices have them (docs/prices.md).
package struct LineItem: Sendable, Hashable {
  /// The model.
  package var model: String
  /// The quality.
  package var quality: String
  /// The size.
  package var size: String

  /// An item of these.
  package init(model: String, quality: String, size: String) {
    self.model = model
    self.quality = quality
    self.size = size
  }

  /// The item written as `text` writes it; nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: ", ", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3 else { return nil }
    self.init(model: parts[0], quality: parts[1], size: parts[2])
  }

  /// How it stands in a report: `gpt-image-1-mini, high, 1024x1024`. None of the three has a blank or a comma in it.
  package var text: String { "\(model), \(quality), \(size)" }
}
