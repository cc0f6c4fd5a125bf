import NIOCore

/// How one request and its answer went on the wire, before anybody looks at what the answer means.
enum Exchange: Sendable {
  /// A complete answer came.
  case answered(Answer)
  /// Not one byte was sent.
  case notSent(Refusal.Cause)
  /// The first byte was sent, and no complete answer came.
  case unanswered(Uncertainty.Cause)
}

/// A complete answer.
struct Answer: Sendable {
  var status: Int
  /// The `Retry-After` header.
  var retryAfter: String?
  /// The `Date` header: what a date in `Retry-After` counts from.
  var date: String?
  var body: ByteBuffer
}
