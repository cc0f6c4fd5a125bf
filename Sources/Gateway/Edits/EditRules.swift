/// What an image edit may ask for, and what it gets where it asks for nothing (docs/feature-api.md).
package struct EditRules: Sendable, Equatable {
  /// The only feature that this gateway offers.
  package static let feature = "IMAGE_EDITOR"
  /// Length of a prompt, in Unicode scalars.
  package static let promptScalars = 1...4_000
  /// The caller's own `metadata`, as JSON text, in bytes: stored with each record, so it stays small.
  package static let maximumMetadataBytes = 4_096

  /// The model's name.
  package var model: String
  /// Sizes in pixels; the first is the default.
  package var sizes: [String]
  /// Qualities, the cheapest first.
  package var qualities: [String]
  /// The quality of who asks for none.
  package var defaultQuality: String
  /// File formats of the results; the first is the default.
  package var formats: [String]
  /// The format that can be transparent.
  package var transparentFormat: String
  /// Ways to handle the background; the first is the default.
  package var backgrounds: [String]
  /// Images of one edit; the lowest is the default.
  package var count: ClosedRange<Int>
  /// Compression of the results, higher is better quality.
  package var compression: ClosedRange<Int>
  /// The compression of who asks for none.
  package var defaultCompression: Int

  /// The rules of every model that is known; a model must have a price, too.
  package static let known: [EditRules] = [gptImage1Mini]

  /// The model of the Feature API page.
  package static let gptImage1Mini = EditRules(
    model: "gpt-image-1-mini", sizes: ["1024x1024", "1024x1536", "1536x1024"], qualities: ["low", "medium", "high"],
    defaultQuality: "medium", formats: ["png", "jpeg", "webp"], transparentFormat: "png",
    backgrounds: ["auto", "preserve", "transparent", "white", "black"], count: 1...10, compression: 0...100,
    defaultCompression: 85)

  /// The rules of the model with that name.
  package static func of(model: String) -> EditRules? {
    known.first { $0.model.hasSameBytes(as: model) }
  }
}
