/// The body of `POST /api/features` for an image edit, in the Feature API's own names (docs/feature-api.md).
struct FeatureBody: Encodable {
  struct PromptObject: Encodable {
    var imageUrl: String
    var prompt: String
    var size: String
    var n: Int
    var quality: String
    var outputFormat: String
    var outputCompression: Int
    var background: String

    private enum CodingKeys: String, CodingKey {
      case imageUrl, prompt, size, n, quality, background
      case outputFormat = "output_format"
      case outputCompression = "output_compression"
    }
  }

  var type = "IMAGE_EDITOR"
  var model: String
  var promptObject: PromptObject
  /// Left out of a synchronous request, as in the page's example.
  var async: Bool?

  init(_ edit: EditRequest) {
    model = edit.model
    promptObject = PromptObject(
      imageUrl: edit.imageUrl, prompt: edit.prompt, size: edit.size, n: edit.n, quality: edit.quality,
      outputFormat: edit.outputFormat, outputCompression: edit.outputCompression, background: edit.background)
    async = edit.isAsync ? true : nil
  }
}
