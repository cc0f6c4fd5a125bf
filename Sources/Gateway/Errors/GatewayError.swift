package import HTTPTypes

/// An answer that says why a request was not fulfilled; each surface writes it in its own shape (docs/http.md, errors).
///
/// What it carries goes to the client, so it never holds a secret, a prompt, SQL or a path.
package struct GatewayError: Error, Sendable, Equatable {
  /// What a client can act on, besides code and message.
  package enum Details: Sendable, Equatable {
    /// Nothing more.
    case none
    /// All faults of a body at once.
    case faults([FieldFault])
    /// An object, as JSON text.
    case object(String)
    /// The provider's own details, passed on as they came.
    case upstream(String)
  }

  /// HTTP status.
  package var status: HTTPResponse.Status
  /// The code that clients decide by.
  package var code: ErrorCode
  /// A sentence for people.
  package var message: String
  /// What more there is to say.
  package var details: Details
  /// Seconds after which another try makes sense, for `Retry-After`.
  package var retryAfterSeconds: Int?
  /// Whether the rest of the request is not worth reading: the connection ends with the answer.
  package var closesConnection: Bool

  /// An answer with these parts.
  package init(
    _ status: HTTPResponse.Status, _ code: ErrorCode, _ message: String, details: Details = .none,
    retryAfterSeconds: Int? = nil, closesConnection: Bool = false
  ) {
    self.status = status
    self.code = code
    self.message = message
    self.details = details
    self.retryAfterSeconds = retryAfterSeconds
    self.closesConnection = closesConnection
  }
}

extension GatewayError {
  /// Seconds that a client is asked to wait when the database is away or the gateway is too busy: long enough for a
  /// failover's first moments, short enough that nobody notices a hiccup.
  package static let busyRetrySeconds = 2

  /// 400 that names every faulty field.
  package static func invalid(_ faults: [FieldFault]) -> GatewayError {
    let names = faults.map(\.field).joined(separator: ", ")
    return GatewayError(.badRequest, .invalidFields, "Invalid fields: \(names).", details: .faults(faults))
  }

  /// 400 for a body that is no JSON.
  package static func invalidJSON(_ fault: JSONFault) -> GatewayError {
    GatewayError(
      .badRequest, .invalidJSON, "\(fault.reason.rawValue) (at byte \(fault.offset)).".capitalizingFirstByte)
  }

  /// 401. `reason` says no more than whoever holds the key may know.
  package static func unauthenticated(_ reason: String) -> GatewayError {
    GatewayError(.unauthorized, .invalidAPIKey, reason)
  }

  /// 404 for what does not exist, or belongs to another team.
  package static func notFound(_ what: String) -> GatewayError {
    GatewayError(.notFound, .notFound, "\(what) was not found.")
  }

  /// 413: more than `limit` bytes. What is left of the body is not read.
  package static func tooLarge(limit: Int) -> GatewayError {
    GatewayError(
      .contentTooLarge, .payloadTooLarge, "The request body may have at most \(limit) bytes.", closesConnection: true)
  }

  /// 415. What is left of the body is not read.
  package static func unsupportedMediaType(_ message: String) -> GatewayError {
    GatewayError(.unsupportedMediaType, .unsupportedMediaType, message, closesConnection: true)
  }

  /// 500 that tells nothing.
  package static let internalFault = GatewayError(
    .internalServerError, .internalError, "The gateway could not answer because of an internal fault.")

  /// 503 with the assurance that nothing was sent.
  package static func unavailable(_ message: String) -> GatewayError {
    GatewayError(
      .serviceUnavailable, .serviceUnavailable, message, retryAfterSeconds: busyRetrySeconds)
  }
}

extension String {
  /// The text with its first letter in upper case, where that is an ASCII letter.
  var capitalizingFirstByte: String {
    guard let first = utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return self }
    return String(UnicodeScalar(first - 32)) + dropFirst()
  }
}
