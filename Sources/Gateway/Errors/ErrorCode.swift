/// The machine-readable name of an error on both surfaces (docs/http.md, errors). Clients decide by it.
package struct ErrorCode: Sendable, Hashable {
  /// The name, such as `INVALID_FIELDS`.
  package var text: String

  /// A code with this name; for the upstream's own codes, which are passed on.
  package init(_ text: String) {
    self.text = text
  }

  /// 400: the body is no JSON that can be read.
  package static let invalidJSON = ErrorCode("INVALID_JSON")
  /// 400: something that must be there is missing; other faults may be named along with it.
  package static let missingRequiredFields = ErrorCode("MISSING_REQUIRED_FIELDS")
  /// 400: something is of the wrong type or out of its range.
  package static let invalidFields = ErrorCode("INVALID_FIELDS")
  /// 400: a `type` that this gateway does not offer.
  package static let unsupportedFeature = ErrorCode("UNSUPPORTED_FEATURE")
  /// 400: a model, or an option of it, that is unknown or has no price.
  package static let unsupportedModel = ErrorCode("UNSUPPORTED_MODEL")
  /// 400: the provider refused the work and gave no code of its own.
  package static let externalAPIError = ErrorCode("EXTERNAL_API_RESPONSE_WITH_ERROR")
  /// 401: no key, or none that works.
  package static let invalidAPIKey = ErrorCode("INVALID_API_KEY")
  /// 403: the key or the member's role does not allow it.
  package static let forbidden = ErrorCode("FORBIDDEN")
  /// 403: the member is suspended.
  package static let memberSuspended = ErrorCode("MEMBER_SUSPENDED")
  /// 403: the team is suspended.
  package static let teamSuspended = ErrorCode("TEAM_SUSPENDED")
  /// 404: the image is not the team's own, or does not exist: one answer for both.
  package static let assetNotFound = ErrorCode("ASSET_NOT_FOUND")
  /// 404: no such route or thing.
  package static let notFound = ErrorCode("NOT_FOUND")
  /// 405: the path is there, with other methods.
  package static let methodNotAllowed = ErrorCode("METHOD_NOT_ALLOWED")
  /// 406: the edit does not fit a budget.
  package static let insufficientCredits = ErrorCode("INSUFFICIENT_CREDITS")
  /// 409: the edit that the Idempotency-Key stands for has no answer yet.
  package static let idempotencyInProgress = ErrorCode("IDEMPOTENCY_IN_PROGRESS")
  /// 422: the Idempotency-Key came with another body before.
  package static let idempotencyKeyReused = ErrorCode("IDEMPOTENCY_KEY_REUSED")
  /// 409: what is there does not allow the change, such as a member of that user id.
  package static let conflict = ErrorCode("CONFLICT")
  /// 413: more bytes than are taken.
  package static let payloadTooLarge = ErrorCode("PAYLOAD_TOO_LARGE")
  /// 415: a body of another kind than the route takes.
  package static let unsupportedMediaType = ErrorCode("UNSUPPORTED_MEDIA_TYPE")
  /// 429: too many requests of one key, or of this gateway to the provider.
  package static let rateLimited = ErrorCode("RATE_LIMITED")
  /// 500: a fault of the gateway.
  package static let internalError = ErrorCode("INTERNAL")
  /// 502: the provider refuses the operator's account.
  package static let upstreamAccount = ErrorCode("UPSTREAM_ACCOUNT")
  /// 502: the provider could not be reached or answered something that decides nothing.
  package static let upstreamError = ErrorCode("UPSTREAM_ERROR")
  /// 503: no database, or too busy; nothing was sent.
  package static let serviceUnavailable = ErrorCode("SERVICE_UNAVAILABLE")
  /// 504: the provider did not answer in time.
  package static let upstreamTimeout = ErrorCode("UPSTREAM_TIMEOUT")
}
