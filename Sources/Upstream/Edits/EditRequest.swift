/// One image edit as it is sent upstream. The fields and their values are those of the Feature API (docs/feature-api.md);
/// they are checked, and the defaults filled in, before they come here.
package struct EditRequest: Sendable, Equatable {
  /// Our record's id, sent as `X-Request-Id`. Whether the provider looks at it is not known.
  package var requestID: String
  /// The model, for example `gpt-image-1-mini`.
  package var model: String
  /// The source image: a storage key or an https address.
  package var imageUrl: String
  /// The transformation in words.
  package var prompt: String
  /// Width and height in pixels, for example `1024x1024`.
  package var size: String
  /// How many images to make.
  package var n: Int
  /// `low`, `medium` or `high`.
  package var quality: String
  /// `png`, `jpeg` or `webp`.
  package var outputFormat: String
  /// 0 to 100, higher is better quality.
  package var outputCompression: Int
  /// `auto`, `preserve`, `transparent`, `white` or `black`.
  package var background: String
  /// Whether the provider answers at once with an id to ask for, instead of holding the connection.
  package var isAsync: Bool

  /// An edit with every field given.
  package init(
    requestID: String, model: String, imageUrl: String, prompt: String, size: String, n: Int, quality: String,
    outputFormat: String, outputCompression: Int, background: String, isAsync: Bool = false
  ) {
    self.requestID = requestID
    self.model = model
    self.imageUrl = imageUrl
    self.prompt = prompt
    self.size = size
    self.n = n
    self.quality = quality
    self.outputFormat = outputFormat
    self.outputCompression = outputCompression
    self.background = background
    self.isAsync = isAsync
  }
}
