import JSON

/// The body of `POST /api/features`, read so that all of its faults are known at once (docs/feature-api.md).
struct FeatureRequest {
  struct PromptObject {
    var imageUrl: String?
    var prompt: String?
    var size: String?
    var n: Int?
    var quality: String?
    var outputFormat: String?
    var outputCompression: Int?
    var background: String?
    /// Fields that are there with a value of another type, in the order of the Feature API page.
    var mistyped: [String] = []

    private static let names = [
      "imageUrl", "prompt", "size", "n", "quality", "output_format", "output_compression", "background",
    ]
  }

  var type: String?
  var model: String?
  var promptObject: PromptObject?
  var isAsync = false

  /// Reads a body. Of a name that stands twice the last one counts.
  /// - Throws: where it is no JSON object.
  init(_ bytes: [UInt8]) throws(MalformedJSON) {
    var cursor = try JSONCursor(bytes)
    var read = (type: String?.none, model: String?.none, promptObject: PromptObject?.none, isAsync: false)
    try cursor.object { (name, cursor) throws(MalformedJSON) in
      switch name {
      case "type" where cursor.kind == .string: read.type = try cursor.string()
      case "model" where cursor.kind == .string: read.model = try cursor.string()
      case "promptObject" where cursor.kind == .object: read.promptObject = try PromptObject(&cursor)
      case "async" where cursor.kind == .bool: read.isAsync = try cursor.bool()
      default: try cursor.skip()
      }
    }
    try cursor.end()
    (type, model, promptObject, isAsync) = read
  }
}

extension FeatureRequest.PromptObject {
  fileprivate init(_ cursor: inout JSONCursor) throws(MalformedJSON) {
    var object = Self()
    var mistyped: Set<String> = []
    try cursor.object { (name, cursor) throws(MalformedJSON) in
      func text() throws(MalformedJSON) -> String? {
        if cursor.kind == .string { return try cursor.string() }
        if cursor.kind != .null { mistyped.insert(name) }
        try cursor.skip()
        return nil
      }
      func integer() throws(MalformedJSON) -> Int? {
        guard cursor.kind == .number else {
          if cursor.kind != .null { mistyped.insert(name) }
          try cursor.skip()
          return nil
        }
        let number = try cursor.integer()
        if number == nil { mistyped.insert(name) }
        return number.map(Int.init)
      }
      switch name {
      case "imageUrl": object.imageUrl = try text()
      case "prompt": object.prompt = try text()
      case "size": object.size = try text()
      case "n": object.n = try integer()
      case "quality": object.quality = try text()
      case "output_format": object.outputFormat = try text()
      case "output_compression": object.outputCompression = try integer()
      case "background": object.background = try text()
      default: try cursor.skip()
      }
    }
    object.mistyped = Self.names.filter(mistyped.contains)
    self = object
  }
}

extension FeatureRequest.PromptObject {
  /// The object as it came, as JSON, in the order of the Feature API page.
  var json: String {
    let text = JSONWriter(bytes: (prompt ?? "").utf8.count + 256)
    var separator = "{"
    func field(_ name: String, _ append: () -> Void) {
      text.raw(separator).string(name).raw(":")
      separator = ","
      append()
    }
    func string(_ name: String, _ value: String?) {
      if let value { field(name) { text.string(value) } }
    }
    func integer(_ name: String, _ value: Int?) {
      if let value { field(name) { text.raw(String(value)) } }
    }
    string("imageUrl", imageUrl)
    string("prompt", prompt)
    string("size", size)
    integer("n", n)
    string("quality", quality)
    string("output_format", outputFormat)
    integer("output_compression", outputCompression)
    string("background", background)
    return text.raw(separator == "{" ? "{}" : "}").text
  }
}
