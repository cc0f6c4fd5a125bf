/// An edit that the sandbox may take: every field checked against the Feature API page.
struct EditOrder: Sendable {
  static let model = "gpt-image-1-mini"
  static let type = "IMAGE_EDITOR"
  /// The longest prompt, in Unicode scalars.
  static let promptScalars = 4_000

  /// Width, height and credits for each size, by quality: the assumed price list (docs/feature-api.md).
  private static let sizes: [String: PictureSize] = [
    "1024x1024": PictureSize(width: 1024, height: 1024),
    "1024x1536": PictureSize(width: 1024, height: 1536),
    "1536x1024": PictureSize(width: 1536, height: 1024),
  ]
  private static let squareCredits: [String: Int64] = ["low": 15_000, "medium": 33_000, "high": 108_000]
  private static let oblongCredits: [String: Int64] = ["low": 18_000, "medium": 45_000, "high": 156_000]

  var imageUrl: String
  var prompt: String
  var size: PictureSize
  var count: Int
  var format: PictureFormat
  var compression: Int
  var background: PictureRecipe.Background
  /// What the whole edit costs, in credits.
  var credits: Int64
  /// The prompt object as it came, as JSON.
  var promptObject: String
  var isAsync: Bool

  /// Checks a request.
  ///
  /// - Throws: the answer that names what is wrong.
  init(_ request: FeatureRequest) throws(ErrorAnswer) {
    guard request.type == Self.type else { throw .unsupportedFeature(request.type) }
    guard request.model == Self.model else { throw .unsupportedModel(request.model) }
    guard let object = request.promptObject else { throw .missing(["promptObject"], model: Self.model) }
    let required: [(name: String, isThere: Bool)] = [
      ("imageUrl", object.imageUrl?.isEmpty == false), ("prompt", object.prompt?.isEmpty == false),
      ("size", object.size != nil), ("n", object.n != nil), ("quality", object.quality != nil),
    ]
    // The live service asks for `quality` too, although its page calls it optional.
    let missing = required.filter { !$0.isThere && !object.mistyped.contains($0.name) }.map(\.name)
    guard missing.isEmpty else { throw .missing(missing, model: Self.model) }

    let size = object.size.flatMap { Self.sizes[$0] }
    let format = PictureFormat(rawValue: object.outputFormat ?? "png")
    let background = PictureRecipe.Background(rawValue: object.background ?? "auto")
    let compression = object.outputCompression ?? 85
    let prices = size?.width == size?.height ? Self.squareCredits : Self.oblongCredits
    let price = object.quality.flatMap { prices[$0] }
    var invalid = object.mistyped
    func check(_ name: String, _ isValid: Bool) {
      if !isValid, !invalid.contains(name) { invalid.append(name) }
    }
    check("prompt", (object.prompt ?? "").unicodeScalars.count <= Self.promptScalars)
    check("size", size != nil)
    check("n", (1...10).contains(object.n ?? 0))
    check("quality", price != nil)
    check("output_format", format != nil)
    check("output_compression", (0...100).contains(compression))
    check("background", background != nil && (background != .transparent || format == .png))
    guard invalid.isEmpty, let imageUrl = object.imageUrl, let prompt = object.prompt, let size, let count = object.n,
      let format, let background, let price
    else { throw .invalid(invalid, model: Self.model) }
    self.imageUrl = imageUrl
    self.prompt = prompt
    self.size = size
    self.count = count
    self.format = format
    self.compression = compression
    self.background = background
    credits = price * Int64(count)
    promptObject = object.json
    isAsync = request.isAsync
  }

  /// What the result of that number, from 1, is made from.
  func recipe(index: Int) -> PictureRecipe {
    PictureRecipe(
      source: imageUrl, promptHash: PictureRecipe.hash(prompt), promptLabel: PictureRecipe.label(prompt), size: size,
      format: format, compression: compression, background: background, index: index, count: count)
  }
}
