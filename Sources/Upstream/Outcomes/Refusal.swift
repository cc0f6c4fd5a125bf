/// Why the work was provably not done.
package struct Refusal: Sendable, Equatable {
  /// What kept a request from being sent: not one byte of it left this machine.
  package enum Unsent: Sendable, Equatable {
    /// The provider's name could not be resolved.
    case dns
    /// No connection could be made in time.
    case connect
    /// The connection could not be secured.
    case tls
    /// No connection became free in time: as many edits are running as there may be.
    case busy
    /// This process is stopping.
    case stopping
    /// The request cannot be written as HTTP, for example because of a control character in a header.
    case malformed
  }

  /// Why the work was not done.
  package enum Cause: Sendable, Equatable {
    /// Nothing was sent.
    case notSent(Unsent)
    /// Nothing was sent, because the caller's permit said no.
    case notPermitted
    /// The provider refused this request: 400, 404, 413, 415 or 422 with an error that could be read, or 200 with
    /// status FAILURE. Its code and message are the member's to see.
    case refused
    /// The provider refused us: 401, 403, or 406 for want of credit. That is the operator's affair, so nothing of the
    /// answer may reach a member.
    case account
    /// The provider has had too many requests from us (429).
    case rateLimited
  }

  /// Why the work was not done.
  package var cause: Cause
  /// The status that the provider answered, where it answered.
  package var httpStatus: Int?
  /// The provider's own error code. After ``Cause/account`` it is for the operator's log only.
  package var errorCode: String?
  /// The provider's own message, bounded and free of control characters, to be passed on; nil after ``Cause/account``.
  package var message: String?
  /// How long the provider asks us to wait, in seconds; only after ``Cause/rateLimited``.
  package var retryAfterSeconds: Int?
  /// The provider's own details, usually JSON in a string, bounded and free of control characters; nil after
  /// ``Cause/account``.
  package var details: String?

  /// A refusal.
  package init(
    cause: Cause, httpStatus: Int? = nil, errorCode: String? = nil, message: String? = nil,
    retryAfterSeconds: Int? = nil, details: String? = nil
  ) {
    self.cause = cause
    self.httpStatus = httpStatus
    self.errorCode = errorCode
    self.message = message
    self.retryAfterSeconds = retryAfterSeconds
    self.details = details
  }
}
