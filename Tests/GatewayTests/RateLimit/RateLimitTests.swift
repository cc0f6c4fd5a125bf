import Gateway
import HTTPTypes
import Ledger
import LedgerStore
import Testing

@Suite struct TokenBucketTests {
  @Test func burstIsExactlyAWholeMinute() {
    for rate in [1, 7, 60, 600, 1_000, 59_999] {
      var bucket = TokenBucket(now: 0)
      var taken = 0
      while bucket.take(perMinute: rate, now: 0) == .taken { taken += 1 }
      #expect(taken == rate)
    }
  }

  @Test func waitIsWhenTheNextTokenIsThere() {
    var bucket = TokenBucket(now: 0)
    while bucket.take(perMinute: 7, now: 0) == .taken {}
    guard case .empty(let wait) = bucket.take(perMinute: 7, now: 0) else { return #expect(Bool(false)) }
    #expect(bucket.take(perMinute: 7, now: wait - 1) == .empty(wait: 1))
    #expect(bucket.take(perMinute: 7, now: wait) == .taken)
  }

  /// In no stretch of time does a key get more than a minute's burst and what flows in meanwhile.
  @Test func neverMoreThanTheRateAllows() {
    let seed = SeededGenerator.testSeed()
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<50 {
      let rate = Int.random(in: 1...1_000, using: &generator)
      var bucket = TokenBucket(now: 0)
      var now: Int64 = 0
      var taken: [Int64] = []
      for _ in 0..<2_000 {
        now += Int64.random(in: 0...200_000_000, using: &generator)
        if bucket.take(perMinute: rate, now: now) == .taken { taken.append(now) }
      }
      for start in stride(from: 0, to: taken.count, by: 37) {
        for end in stride(from: start, to: taken.count, by: 53) {
          let span = taken[end] - taken[start]
          let allowed = Int64(rate) + span * Int64(rate) / TokenBucket.span
          #expect(Int64(end - start + 1) <= allowed + 1, "TALLY_TEST_SEED=\(seed)")
        }
      }
    }
  }
}

@Suite struct RateLimiterTests {
  private let manual = ManualClock()

  @Test func requestOverTheRateIs429WithWholeSeconds() throws {
    let limiter = RateLimiter(perMinute: 2, clock: manual.clock)
    for _ in 0..<2 { try limiter.take(Fixtures.principal()) }
    let error = #expect(throws: GatewayError.self) { try limiter.take(Fixtures.principal()) }
    #expect(error?.status == .tooManyRequests)
    #expect(error?.code == .rateLimited)
    #expect(error?.retryAfterSeconds == 30)
    manual.advance(by: .seconds(30))
    try limiter.take(Fixtures.principal())
  }

  @Test func keysOwnRateComesFirstAndZeroMeansNone() throws {
    let limiter = RateLimiter(perMinute: 1, clock: manual.clock)
    for _ in 0..<1_000 { try limiter.take(Fixtures.principal(ratePerMinute: 0)) }
    for _ in 0..<5 { try limiter.take(Fixtures.principal(ratePerMinute: 5)) }
    #expect(throws: GatewayError.self) { try limiter.take(Fixtures.principal(ratePerMinute: 5)) }
  }

  @Test func keysDoNotShareABucket() throws {
    let limiter = RateLimiter(perMinute: 1, clock: manual.clock)
    for number in 1...100 {
      var principal = Fixtures.principal()
      principal.key = KeyID(bits: UInt128(number))
      try limiter.take(principal)
    }
  }
}
