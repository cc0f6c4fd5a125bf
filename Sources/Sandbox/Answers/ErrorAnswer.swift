import HTTPTypes

/// An error in the flat shape of the live service: `errorCode`, `message`, and `details` as JSON in a string.
struct ErrorAnswer: Error, Sendable {
  var status: HTTPResponse.Status
  var errorCode: String
  var message: String
  var details: String?
  /// The service behind the service that refused, where one did.
  var service: String?

  /// The answer's body.
  var json: String {
    let text = JSONWriter()
    text.raw("{\"errorCode\":").string(errorCode).raw(",\"message\":").string(message)
    if let service { text.raw(",\"context\":{\"service\":").string(service).raw("}") }
    if let details { text.raw(",\"details\":").string(details) }
    return text.raw("}").text
  }

  private static func details(_ fields: [String], _ message: String) -> String {
    let text = JSONWriter()
    for (position, field) in fields.enumerated() {
      text.raw(position == 0 ? "[" : ",").raw("{\"field\":").string(field)
      text.raw(",\"message\":").string("\(field) \(message)").raw("}")
    }
    return text.raw(fields.isEmpty ? "[]" : "]").text
  }

  static let noKey = ErrorAnswer(
    status: .unauthorized, errorCode: "INVALID_API_KEY", message: "The API key is missing or not valid")
  static let notFound = ErrorAnswer(
    status: .notFound, errorCode: "NOT_FOUND", message: "There is nothing at this address")
  static let forbidden = ErrorAnswer(
    status: .forbidden, errorCode: "ACCESS_DENIED", message: "The address is not signed for this file")
  static let busy = ErrorAnswer(
    status: .serviceUnavailable, errorCode: "BUSY", message: "Too many pictures are being made")
  static let internalError = ErrorAnswer(
    status: .internalServerError, errorCode: "INTERNAL_SERVER_ERROR", message: "Internal server error")
  static let invalidJSON = ErrorAnswer(
    status: .badRequest, errorCode: "INVALID_JSON", message: "The body is not a JSON object")
  static let tooLarge = ErrorAnswer(
    status: .contentTooLarge, errorCode: "PAYLOAD_TOO_LARGE", message: "The request is too large")
  static let noPicture = ErrorAnswer(
    status: .unsupportedMediaType, errorCode: "UNSUPPORTED_MEDIA_TYPE", message: "The file is not a png, jpeg or webp")
  static let noAsset = ErrorAnswer(
    status: .badRequest, errorCode: "MISSING_REQUIRED_FIELDS", message: "The form has no file field asset",
    details: details(["asset"], "is required"))
  static let invalidForm = ErrorAnswer(
    status: .badRequest, errorCode: "INVALID_FORM", message: "The body is not a complete multipart form")
  /// What the provider behind the service says when it will not do an edit.
  static let providerRefused = ErrorAnswer(
    status: .badRequest, errorCode: "EXTERNAL_API_RESPONSE_WITH_ERROR",
    message: "The image provider could not process the request",
    details: #"{"error":{"code":"image_generation_user_error","message":"The sandbox was told to refuse this edit."}}"#,
    service: "OPENAI")

  static let sourceNotFound = ErrorAnswer(
    status: .notFound, errorCode: "ASSET_NOT_FOUND", message: "There is no stored image under imageUrl",
    details: details(["imageUrl"], "is not stored"))

  static func unsupportedFeature(_ type: String?) -> ErrorAnswer {
    ErrorAnswer(
      status: .badRequest, errorCode: "UNSUPPORTED_FEATURE", message: "Feature \(type ?? "null") is not supported")
  }

  static func unsupportedModel(_ model: String?) -> ErrorAnswer {
    ErrorAnswer(
      status: .badRequest, errorCode: "UNSUPPORTED_MODEL", message: "Model \(model ?? "null") is not supported")
  }

  static func missing(_ fields: [String], model: String) -> ErrorAnswer {
    ErrorAnswer(
      status: .badRequest, errorCode: "MISSING_REQUIRED_FIELDS",
      message: "Missing required fields for \(model) model: \(fields.joined(separator: ", ")). "
        + "Please provide all required parameters.",
      details: details(fields, "is required"))
  }

  static func invalid(_ fields: [String], model: String) -> ErrorAnswer {
    ErrorAnswer(
      status: .badRequest, errorCode: "INVALID_FIELDS",
      message: "Invalid fields for \(model) model: \(fields.joined(separator: ", ")).",
      details: details(fields, "is not valid"))
  }
}
