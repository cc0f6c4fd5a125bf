/// A token bucket of one key, kept as a single time (the generic cell rate algorithm, as in ITU-T I.371): the moment at
/// which the bucket will be full again. Whole numbers only, so that it never drifts.
package struct TokenBucket: Sendable, Equatable {
  /// The time that a full bucket takes to fill, and so the burst: a whole minute's requests (docs/http.md).
  package static let span: Int64 = 60_000_000_000

  /// When it will be full, in nanoseconds of the monotonic clock.
  package private(set) var fullAt: Int64

  /// A full bucket.
  package init(now: Int64) {
    fullAt = now
  }

  /// What came of asking for a token.
  package enum Answer: Sendable, Equatable {
    /// Here it is.
    case taken
    /// The next token is there after so many nanoseconds.
    case empty(wait: Int64)
  }

  /// Takes one token of a bucket that gets `perMinute` of them a minute; at least one a minute.
  package mutating func take(perMinute: Int, now: Int64) -> Answer {
    let rate = Int64(max(1, perMinute))
    // Rounded up: a bucket must never give more than it is meant to.
    let interval = (TokenBucket.span + rate - 1) / rate
    let fullAfter = max(fullAt, now) + interval
    // A burst is `rate` tokens exactly, so the rounding of each is allowed for.
    let excess = fullAfter - now - interval * rate
    guard excess <= 0 else { return .empty(wait: excess) }
    fullAt = fullAfter
    return .taken
  }

  /// Whether it is full, so that forgetting it changes nothing.
  package func isFull(at now: Int64) -> Bool {
    fullAt <= now
  }
}
