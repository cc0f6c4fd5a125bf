import Gateway
import Ledger
import Synchronization
import Testing

@Suite struct GatewayConfigurationTests {
  private func fault(_ change: (inout GatewayConfiguration) -> Void) -> GatewayConfigurationError? {
    var configuration = GatewayConfiguration()
    change(&configuration)
    do {
      try configuration.validate()
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: ["127.0.0.1", "127.8.9.10", "localhost", "LOCALHOST", "::1", "0:0:0:0:0:0:0:1"])
  func plainHTTPIsServedOnLoopback(host: String) {
    #expect(fault { $0.host = host } == nil)
  }

  @Test(arguments: [
    "0.0.0.0", "::", "192.168.1.2", "example.com", "localhost.example.com", "127.1", "::ffff:127.0.0.1",
  ])
  func plainHTTPBeyondLoopbackNeedsToBeAskedFor(host: String) {
    #expect(fault { $0.host = host } == .plainBeyondLoopback)
    #expect(
      fault {
        $0.host = host
        $0.isInsecureAllowed = true
      } == nil)
    #expect(
      fault {
        $0.host = host
        ($0.tlsCertificatePath, $0.tlsKeyPath) = ("cert.pem", "key.pem")
      } == nil)
  }

  @Test func halfOfTLSIsRefused() {
    #expect(fault { $0.tlsKeyPath = "key.pem" } == .halfTLS)
    #expect(fault { $0.tlsCertificatePath = "cert.pem" } == .halfTLS)
  }

  @Test func limitsHaveToBeLimits() {
    #expect(fault { $0.maximumRunningEdits = 0 } == .limitOutOfRange)
    #expect(fault { $0.ratePerMinute = -1 } == .limitOutOfRange)
    #expect(fault { $0.ratePerMinute = 0 } == nil)
    #expect(fault { $0.port = 65_536 } == .unusableAddress)
  }

  @Test func stoppingGatewayWaitsLongerThanTheProviderMayTake() {
    #expect(GatewayConfiguration(upstreamTimeout: .seconds(300)).shutdownGrace > .seconds(300))
  }
}

@Suite struct RequestIDTests {
  @Test(arguments: ["a", "8e03978e-40d5-43dd-bc93-6894a57f9324", "req_1.2:3", String(repeating: "a", count: 128)])
  func harmlessNamesAreTaken(text: String) {
    #expect(RequestID.isAcceptable(text))
  }

  @Test(arguments: ["", "a b", "a\nb", "a\u{301}", "é", "<x>", "a\"b", "a{b}", String(repeating: "a", count: 129)])
  func otherNamesAreNot(text: String) {
    #expect(!RequestID.isAcceptable(text))
  }
}

@Suite struct GatewayIDsTests {
  @Test func recordIDsAreOfVersion7AndGrowWithTime() {
    let ids = GatewayIDs(randomBits: { .max })
    #expect(
      ids.record(at: Timestamp(microseconds: 0x0123_4567_89AB * 1_000 + 999)).description
        == "01234567-89ab-7fff-bfff-ffffffffffff")
    #expect(
      GatewayIDs(randomBits: { 0 }).record(at: Timestamp(microseconds: 1_000)).description
        == "00000000-0001-7000-8000-000000000000")
  }

  @Test func namesAreOfVersion4() {
    #expect(GatewayIDs(randomBits: { .max }).name() == "ffffffff-ffff-4fff-bfff-ffffffffffff")
    #expect(GatewayIDs(randomBits: { 0 }).name() == "00000000-0000-4000-8000-000000000000")
  }

  @Test func systemsIDsDiffer() {
    #expect(Set((0..<1_000).map { _ in GatewayIDs.system.name() }).count == 1_000)
  }
}

@Suite struct FreshValueTests {
  private enum Fault: Error { case once }

  @Test func valueIsLoadedOnceUntilItIsTooOld() async throws {
    let manual = ManualClock()
    let loads = Counted()
    let value = FreshValue<Int, Fault>(lifetime: .seconds(5), clock: manual.clock) { .success(loads.next()) }
    #expect(try await value.get() == 1)
    #expect(try await value.get() == 1)
    manual.advance(by: .seconds(5))
    #expect(try await value.get() == 2)
  }

  @Test func failureIsNotKept() async throws {
    let loads = Counted()
    let value = FreshValue<Int, Fault>(lifetime: .seconds(5), clock: ManualClock().clock) {
      loads.next() == 1 ? .failure(.once) : .success(7)
    }
    await #expect(throws: Fault.self) { try await value.get() }
    #expect(try await value.get() == 7)
  }

  @Test func readinessIsThatOfTheDatabase() async {
    let manual = ManualClock()
    let ledger = StubLedger()
    #expect(await Readiness(ledger: ledger, clock: manual.clock).isReady)
    ledger.answers.withLock { $0.isReady = false }
    #expect(await !Readiness(ledger: ledger, clock: manual.clock).isReady)
  }
}
