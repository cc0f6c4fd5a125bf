package import HTTPTypes
package import Ledger
package import Upstream

/// How a member is told that an edit was not done, or that nobody can tell (docs/http.md, errors).
package struct EditFailure: Sendable, Equatable {
  /// HTTP status.
  package var status: HTTPResponse.Status
  /// The code that clients decide by.
  package var code: ErrorCode
  /// A sentence for people.
  package var message: String
  /// Seconds for `Retry-After`.
  package var retryAfterSeconds: Int?
  /// The provider's own details, where it refused the request itself; the state is told otherwise.
  package var upstreamDetails: String?

  /// A failure with these parts.
  init(
    _ status: HTTPResponse.Status, _ code: ErrorCode, _ message: String, retryAfterSeconds: Int? = nil,
    upstreamDetails: String? = nil
  ) {
    self.status = status
    self.code = code
    self.message = message
    self.retryAfterSeconds = retryAfterSeconds
    self.upstreamDetails = upstreamDetails
  }

  /// Seconds to wait after the provider's own rate limit, where it names none: its limit counts by the minute.
  package static let rateLimitRetrySeconds = 15

  /// Longest code of the provider's that is passed on, in bytes; theirs have about 30.
  private static let maximumCodeBytes = 64

  /// What the member is told of a refusal: of the request itself, everything; of the operator's account, nothing.
  package init(_ refusal: Upstream.Refusal) {
    switch refusal.cause {
    case .notSent:
      self.init(
        .badGateway, .upstreamError, "The provider could not be reached. Nothing was sent and nothing was charged.")
    case .notPermitted:
      self.init(
        .serviceUnavailable, .serviceUnavailable, "The gateway may not send at this moment. Nothing was sent.",
        retryAfterSeconds: GatewayError.busyRetrySeconds)
    case .account:
      self.init(
        .badGateway, .upstreamAccount,
        "The provider refused the operator's account. Nothing was charged; the operator has been told.")
    case .rateLimited:
      self.init(
        .tooManyRequests, .rateLimited, "The provider has too many requests from this gateway. Nothing was charged.",
        retryAfterSeconds: refusal.retryAfterSeconds ?? EditFailure.rateLimitRetrySeconds)
    case .refused:
      self.init(
        EditFailure.status(refusal.httpStatus), EditFailure.code(refusal.errorCode),
        refusal.message ?? "The provider refused the request.", upstreamDetails: refusal.details)
    }
  }

  /// The provider's own status; 400 for a failure that came as success.
  private static func status(_ code: Int?) -> HTTPResponse.Status {
    guard let code, (400...499).contains(code) else { return .badRequest }
    return HTTPResponse.Status(code: code)
  }

  /// The provider's own code where it looks like one.
  private static func code(_ code: String?) -> ErrorCode {
    guard let code, (1...maximumCodeBytes).contains(code.utf8.count),
      code.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return .externalAPIError }
    return ErrorCode(code)
  }

  /// No answer in time: the work may have been done.
  static let timedOut = EditFailure(
    .gatewayTimeout, .upstreamTimeout,
    "The provider did not answer in time. The credits stay held until it is known whether the work was done.")
  /// An answer that decides nothing: the work may have been done.
  static let undecided = EditFailure(
    .badGateway, .upstreamError,
    "The provider's answer does not tell whether the work was done. The credits stay held until it is known.")
  /// The work was done, and the charge is not committed yet.
  static let notBookedYet = EditFailure(
    .gatewayTimeout, .upstreamTimeout, "The work was done, but could not be booked in time. Ask for the record later.")
  /// The work was done, and the ledger cannot take the charge.
  static let notBooked = EditFailure(
    .internalServerError, .internalError, "The work was done, but could not be booked. The operator has been told.")
  /// The work was done after somebody else had resolved the hold.
  static let resolvedElsewhere = EditFailure(
    .badGateway, .upstreamError, "The work was done after its credits had been given back. Nothing was charged.")
  /// An administrator gave the credits back.
  static let givenBack = EditFailure(
    .badGateway, .upstreamError, "Nobody could tell what became of the edit. Its credits were given back.")
  /// The gateway stops while the edit is running.
  package static let interrupted = EditFailure(
    .gatewayTimeout, .upstreamTimeout, "The gateway is stopping while the edit is running. Ask for the record later.")

  /// The answer, with the record's id and where it stands.
  package func error(record: RecordID, state: EditState) -> GatewayError {
    let details: GatewayError.Details =
      if let upstreamDetails {
        .upstream(upstreamDetails)
      } else {
        .object(
          JSONWriter.text { writer in
            writer.field("state", state.rawValue)
            writer.field("uuid", record.description)
          })
      }
    return GatewayError(status, code, message, details: details, retryAfterSeconds: retryAfterSeconds)
  }
}
