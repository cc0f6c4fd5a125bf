import Gateway
import HTTPTypes
import Ledger
import LedgerStore
import Synchronization
import Testing

@Suite struct AuthenticatorTests {
  private let manual = ManualClock()

  private func headers(_ key: String = Fixtures.key.text) -> HTTPFields {
    [.authorization: "Bearer \(key)"]
  }

  @Test func wrongChecksumNeverReachesTheStore() async {
    let ledger = StubLedger()
    let authenticator = Authenticator(ledger: ledger, clock: manual.clock)
    await #expect(throws: GatewayError.self) {
      try await authenticator.principal(of: headers("tally_qkJaB6MffYVzZXWqmcoF49yrUxP3wf0Lsakp"))
    }
    #expect(ledger.calls.isEmpty)
  }

  @Test func knownKeyIsAskedForOnceUntilItIsTooOld() async throws {
    let ledger = StubLedger(principal: Fixtures.principal())
    let authenticator = Authenticator(ledger: ledger, clock: manual.clock)
    for _ in 0..<3 { _ = try await authenticator.principal(of: headers()) }
    #expect(ledger.calls == [.principal])
    manual.advance(by: KeyCache.lifetime)
    _ = try await authenticator.principal(of: headers())
    #expect(ledger.calls == [.principal, .principal])
  }

  @Test func manyRequestsOfOneKeyAskOnce() async throws {
    let ledger = StubLedger(principal: Fixtures.principal())
    let authenticator = Authenticator(ledger: ledger, clock: manual.clock)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<100 { group.addTask { _ = try await authenticator.principal(of: headers()) } }
      try await group.waitForAll()
    }
    #expect(ledger.calls == [.principal])
  }

  @Test func unknownKeyIs401AndForgottenSoon() async throws {
    let ledger = StubLedger()
    let authenticator = Authenticator(ledger: ledger, clock: manual.clock)
    for _ in 0..<2 { await expect(.invalidAPIKey, authenticator) }
    #expect(ledger.calls == [.principal])
    ledger.answers.withLock { $0.principals[Fixtures.key.hash] = Fixtures.principal() }
    manual.advance(by: KeyCache.absenceLifetime)
    _ = try await authenticator.principal(of: headers())
  }

  @Test func failureOfTheStoreIs503AndNotRemembered() async throws {
    let ledger = StubLedger(principal: Fixtures.principal())
    ledger.answers.withLock { $0.failure = StoreError(.unavailable(mayBeHeld: false)) }
    let authenticator = Authenticator(ledger: ledger, clock: manual.clock)
    await expect(.serviceUnavailable, authenticator)
    ledger.answers.withLock { $0.failure = nil }
    _ = try await authenticator.principal(of: headers())
  }

  @Test(arguments: [
    (Fixtures.principal(memberStatus: .suspended), ErrorCode.memberSuspended),
    (Fixtures.principal(teamStatus: .suspended), .teamSuspended),
    (Fixtures.principal(expiresAt: Fixtures.now), .invalidAPIKey),
    (Fixtures.principal(revokedAt: Fixtures.now), .invalidAPIKey),
    (Fixtures.principal(memberStatus: .suspended, revokedAt: Fixtures.now), .invalidAPIKey),
  ])
  func principalThatMayNotActIsRefused(principal: Principal, code: ErrorCode) async {
    await expect(code, Authenticator(ledger: StubLedger(principal: principal), clock: manual.clock))
  }

  @Test func endOfASuspensionCountsAtOnce() async throws {
    let ledger = StubLedger(principal: Fixtures.principal(memberStatus: .suspended))
    let authenticator = Authenticator(ledger: ledger, clock: manual.clock)
    await expect(.memberSuspended, authenticator)
    ledger.answers.withLock { $0.principals[Fixtures.key.hash] = Fixtures.principal() }
    _ = try await authenticator.principal(of: headers())
  }

  @Test func cachedKeyExpiresOnTime() async throws {
    let expiry = Timestamp(microseconds: Fixtures.now.microseconds + 2_000_000)
    let authenticator = Authenticator(
      ledger: StubLedger(principal: Fixtures.principal(expiresAt: expiry)), clock: manual.clock)
    _ = try await authenticator.principal(of: headers())
    manual.advance(by: .seconds(2))
    await expect(.invalidAPIKey, authenticator)
  }

  @Test func keyThatIsReplacedStaysGoodForTheOverlap() async throws {
    let end = Timestamp(microseconds: Fixtures.now.microseconds + 1)
    let authenticator = Authenticator(
      ledger: StubLedger(principal: Fixtures.principal(revokedAt: end)), clock: manual.clock)
    _ = try await authenticator.principal(of: headers())
  }

  private func expect(_ code: ErrorCode, _ authenticator: Authenticator) async {
    let error = await #expect(throws: GatewayError.self) { try await authenticator.principal(of: headers()) }
    #expect(error?.code == code)
  }
}

@Suite struct KeyCacheTests {
  @Test func guessedKeysNeitherGrowTheCacheNorPushOutRealOnes() {
    var cache = KeyCache()
    cache.learn(Fixtures.principal(), of: Fixtures.key.hash, at: .zero)
    for number in 0..<(3 * KeyCache.maximumAbsent) {
      cache.learn(nil, of: digest(number), at: .zero)
      #expect(cache.absentCount <= KeyCache.maximumAbsent)
    }
    #expect(cache.knowledge(of: Fixtures.key.hash, at: .zero) == .found(Fixtures.principal()))
  }

  @Test func foundKeysAreBounded() {
    var cache = KeyCache()
    for number in 0...KeyCache.maximumFound { cache.learn(Fixtures.principal(), of: digest(number), at: .zero) }
    #expect(cache.foundCount <= KeyCache.maximumFound)
  }

  private func digest(_ number: Int) -> Digest32 {
    let bytes = (0..<32).map { $0 < 8 ? UInt8(truncatingIfNeeded: number >> (8 * $0)) : 0 }
    return Digest32(bytes: bytes) ?? .zero
  }
}
