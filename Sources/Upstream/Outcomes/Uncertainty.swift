/// Why nobody can tell whether the work was done: something went wrong after the first byte of the request.
package struct Uncertainty: Sendable, Equatable {
  /// What went wrong.
  package enum Cause: Sendable, Equatable {
    /// No answer in time, or the provider says so itself: 408, 504, 522, 524.
    case timedOut
    /// The connection ended, or was ended by the stopping of this process, before the answer was complete.
    case reset
    /// Any other 5xx.
    case serverError
    /// The answer is no HTTP, no JSON, or not of a shape that decides anything.
    case unparseable
    /// The answer is longer than ``OneMinConfiguration/maximumResponseBytes``.
    case tooLarge
    /// A status that has no meaning here: 1xx, 2xx other than 200, 3xx (never followed), 4xx other than the known ones.
    case unexpectedStatus
  }

  /// What went wrong.
  package var cause: Cause
  /// The status that the provider answered, where it answered.
  package var httpStatus: Int?

  /// An uncertainty.
  package init(cause: Cause, httpStatus: Int? = nil) {
    self.cause = cause
    self.httpStatus = httpStatus
  }
}
