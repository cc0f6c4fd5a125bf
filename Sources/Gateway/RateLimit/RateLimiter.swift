import HTTPTypes
import Ledger
package import LedgerStore
import Synchronization

/// Holds each key to its requests a minute, before anything touches the ledger (docs/http.md, API keys).
package final class RateLimiter: Sendable {
  /// Keys whose buckets are kept. Only keys that exist get one, and full buckets are forgotten first.
  package static let maximumBuckets = 100_000

  private let perMinute: Int
  private let clock: GatewayClock
  private let buckets = Mutex<[KeyID: TokenBucket]>([:])

  /// A limiter of `perMinute` requests a minute for keys without a rate of their own; 0: none.
  package init(perMinute: Int, clock: GatewayClock) {
    self.perMinute = perMinute
    self.clock = clock
  }

  /// Takes a token of the principal's key. Throws 429 with the whole seconds after which there is one again.
  package func take(_ principal: Principal) throws(GatewayError) {
    let rate = principal.ratePerMinute ?? perMinute
    guard rate > 0 else { return }
    let now = clock.monotonic().wholeNanoseconds
    let answer = buckets.withLock { buckets in
      if buckets.count >= RateLimiter.maximumBuckets, buckets[principal.key] == nil {
        buckets = buckets.filter { !$0.value.isFull(at: now) }
      }
      return buckets[principal.key, default: TokenBucket(now: now)].take(perMinute: rate, now: now)
    }
    guard case .empty(let wait) = answer else { return }
    let seconds = Int((wait + 999_999_999) / 1_000_000_000)
    throw GatewayError(
      .tooManyRequests, .rateLimited, "This key may make \(rate) requests a minute.", retryAfterSeconds: max(1, seconds)
    )
  }
}

extension Duration {
  /// The whole nanoseconds; enough for 292 years.
  var wholeNanoseconds: Int64 {
    components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
  }
}
