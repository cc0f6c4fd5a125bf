/// What a benchmark does after one try of an upload.
///
/// An upload costs nothing and is found only by who made it, so it may be sent again whenever it is not known to be done.
package enum UploadTry: Sendable, Hashable {
  /// The answer says all that there is to say.
  case isOver
  /// Sent again after so many seconds.
  case waits(seconds: Int)

  /// Tries of one upload, the first included.
  package static let maximum = 8
  /// The longest wait between two tries, in seconds, whatever the gateway asks for.
  package static let longestWaitSeconds = 10
  /// The wait where the gateway names none, in seconds.
  package static let usualWaitSeconds = 1

  /// After try `number` (from 1) was answered with `status`.
  /// - Parameters:
  ///   - status: the HTTP status; nil: the connection was cut, as by a gateway that refuses a body before it has read it.
  ///   - retryAfter: the text of the answer's Retry-After.
  package init(number: Int, status: Int?, retryAfter: String?) {
    let isBusy = status == nil || status == 429 || status == 503
    guard isBusy, number < Self.maximum else {
      self = .isOver
      return
    }
    let asked = retryAfter.flatMap { Int($0) } ?? Self.usualWaitSeconds
    self = .waits(seconds: min(max(asked, Self.usualWaitSeconds), Self.longestWaitSeconds))
  }
}
