import HTTPTypes

/// An image edit as a member submitted it, checked, with all documented defaults filled in (docs/feature-api.md).
package struct EditSubmission: Sendable, Equatable {
  /// The rules of its model.
  package var rules: EditRules
  /// The source image.
  package var image: ImageAddress
  /// The transformation in words.
  package var prompt: String
  /// Width and height in pixels.
  package var size: String
  /// How many images to make.
  package var n: Int
  /// How good they are to be.
  package var quality: String
  /// Their file format.
  package var outputFormat: String
  /// Their compression.
  package var outputCompression: Int
  /// How their background is handled.
  package var background: String
  /// The caller's own metadata object, JSON text; nil where there is none.
  package var metadata: String?
  /// Whether the member wants an answer at once, and the result later.
  package var isAsync: Bool

  /// The model's name.
  package var model: String { rules.model }

  /// The image as it is forwarded: the storage key, or the address.
  package var imageUrl: String {
    switch image {
    case .storageKey(let key): key
    case .url(let url): url
    }
  }

  /// The promptObject as it is forwarded and stored: JSON text, fields in the order of the Feature API page.
  package var promptObject: String {
    JSONWriter.text { writer in
      writer.field("imageUrl", imageUrl)
      writer.field("prompt", prompt)
      writer.field("size", size)
      writer.field("n", n)
      writer.field("quality", quality)
      writer.field("output_format", outputFormat)
      writer.field("output_compression", outputCompression)
      writer.field("background", background)
    }
  }
}

extension EditSubmission {
  /// Reads a body. Throws 400 with everything that is wrong with it (docs/http.md, errors): MISSING_REQUIRED_FIELDS
  /// where something is missing, else INVALID_FIELDS; an unknown type or model stands alone, since it decides what the
  /// other fields mean.
  package init(_ body: JSONValue, storage: StorageHosts) throws(GatewayError) {
    guard case .object(let object) = body else {
      throw GatewayError(.badRequest, .invalidJSON, "The body must be a JSON object.")
    }
    var top = FieldReader(object)
    if let type = top.required("type"), !type.hasSameBytes(as: EditRules.feature) {
      throw GatewayError(.badRequest, .unsupportedFeature, "Feature \(FieldReader.shown(type)) is not supported")
    }
    var rules = EditRules.gptImage1Mini
    let model = top.required("model")
    if let model {
      guard let known = EditRules.of(model: model) else {
        throw GatewayError(.badRequest, .unsupportedModel, "Model \(FieldReader.shown(model)) is not supported")
      }
      rules = known
    }
    let isAsync = EditSubmission.isAsync(object, &top)
    let metadata = EditSubmission.metadata(object, &top)
    guard let promptObject = top.requiredObject("promptObject") else {
      throw EditSubmission.refusal(top.faults, model: model)
    }
    var fields = FieldReader(promptObject)
    let submission = EditSubmission(&fields, rules: rules, storage: storage, metadata: metadata, isAsync: isAsync)
    top.add(fields.faults)
    guard let submission, top.faults.isEmpty else { throw EditSubmission.refusal(top.faults, model: model) }
    self = submission
  }

  private init?(
    _ fields: inout FieldReader, rules: EditRules, storage: StorageHosts, metadata: String?, isAsync: Bool
  ) {
    let image = EditSubmission.image(&fields, storage)
    let prompt = EditSubmission.prompt(&fields)
    self.rules = rules
    self.metadata = metadata
    self.isAsync = isAsync
    size = fields.choice("size", of: rules.sizes, otherwise: rules.sizes[0])
    n = fields.integer("n", in: rules.count, otherwise: rules.count.lowerBound)
    quality = fields.choice("quality", of: rules.qualities, otherwise: rules.defaultQuality)
    outputFormat = fields.choice("output_format", of: rules.formats, otherwise: rules.formats[0])
    outputCompression = fields.integer(
      "output_compression", in: rules.compression, otherwise: rules.defaultCompression)
    background = fields.choice("background", of: rules.backgrounds, otherwise: rules.backgrounds[0])
    if background == "transparent", outputFormat != rules.transparentFormat {
      fields.fault("background", "can be transparent only with output_format \(rules.transparentFormat)")
    }
    fields.refuseOthers(than: EditSubmission.fieldNames)
    guard let image, let prompt else { return nil }
    self.image = image
    self.prompt = prompt
  }

  /// The fields of a promptObject.
  package static let fieldNames = [
    "imageUrl", "prompt", "size", "n", "quality", "output_format", "output_compression", "background",
  ]

  private static func image(_ fields: inout FieldReader, _ storage: StorageHosts) -> ImageAddress? {
    guard let text = fields.required("imageUrl") else { return nil }
    do {
      return try ImageAddress(text, storage: storage)
    } catch {
      fields.fault("imageUrl", "\(error.rawValue)")
      return nil
    }
  }

  private static func prompt(_ fields: inout FieldReader) -> String? {
    guard let prompt = fields.required("prompt") else { return nil }
    guard EditRules.promptScalars.contains(prompt.unicodeScalars.count), !prompt.utf8.contains(0) else {
      let range = EditRules.promptScalars
      fields.fault("prompt", "must have \(range.lowerBound) to \(range.upperBound) characters, none of them NUL")
      return nil
    }
    return prompt
  }

  private static func isAsync(_ object: JSONObject, _ fields: inout FieldReader) -> Bool {
    switch object["async"] {
    case nil: return false
    case .bool(let isAsync): return isAsync
    default:
      fields.fault("async", "must be true or false")
      return false
    }
  }

  private static func metadata(_ object: JSONObject, _ fields: inout FieldReader) -> String? {
    switch object["metadata"] {
    case nil, .null: return nil
    case .object(let metadata):
      var writer = JSONWriter()
      writer.value(.object(metadata))
      if writer.bytes.count <= EditRules.maximumMetadataBytes { return writer.text }
      fields.fault("metadata", "may have at most \(EditRules.maximumMetadataBytes) bytes")
    default: fields.fault("metadata", "must be an object")
    }
    return nil
  }

  private static func refusal(_ faults: [FieldFault], model: String?) -> GatewayError {
    let missing = faults.filter(\.isMissing).map(\.field)
    guard !missing.isEmpty else { return .invalid(faults) }
    // The provider's own wording, which clients know.
    let subject = model.map { " for \($0) model" } ?? ""
    let names = missing.joined(separator: ", ")
    return GatewayError(
      .badRequest, .missingRequiredFields,
      "Missing required fields\(subject): \(names). Please provide all required parameters.", details: .faults(faults))
  }
}
