/// The body of `POST /api/features`, read so that all of its faults are known at once (docs/feature-api.md).
struct FeatureRequest: Decodable {
  struct PromptObject: Decodable {
    var imageUrl: String?
    var prompt: String?
    var size: String?
    var n: Int?
    var quality: String?
    var outputFormat: String?
    var outputCompression: Int?
    var background: String?
    /// Fields that are there with a value of another type.
    var mistyped: [String] = []

    private enum Key: String, CodingKey {
      case imageUrl, prompt, size, n, quality, background
      case outputFormat = "output_format"
      case outputCompression = "output_compression"
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      var mistyped: [String] = []
      func read<Value: Decodable>(_ type: Value.Type, _ key: Key) -> Value? {
        do {
          return try container.decodeIfPresent(type, forKey: key)
        } catch {
          mistyped.append(key.rawValue)
          return nil
        }
      }
      imageUrl = read(String.self, .imageUrl)
      prompt = read(String.self, .prompt)
      size = read(String.self, .size)
      n = read(Int.self, .n)
      quality = read(String.self, .quality)
      outputFormat = read(String.self, .outputFormat)
      outputCompression = read(Int.self, .outputCompression)
      background = read(String.self, .background)
      self.mistyped = mistyped
    }
  }

  var type: String?
  var model: String?
  var promptObject: PromptObject?
  var isAsync: Bool

  private enum Key: String, CodingKey {
    case type, model, promptObject
    case isAsync = "async"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    type = try? container.decodeIfPresent(String.self, forKey: .type)
    model = try? container.decodeIfPresent(String.self, forKey: .model)
    promptObject = try? container.decodeIfPresent(PromptObject.self, forKey: .promptObject)
    isAsync = (try? container.decodeIfPresent(Bool.self, forKey: .isAsync)) ?? false
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
