import Gateway
import HTTPTypes
import Ledger
import LedgerStore
import Synchronization
import Testing
import Upstream

@Suite struct EditsOverHTTPTests {
  @Test func editIsHeldSubmittedSettledAndAnswered() async throws {
    let gateway = GatewayUnderTest()
    let answer = try await gateway.run { try await $0.edit() }
    #expect(answer.status == .ok)
    #expect(answer.json?.at("aiRecord", "status") == .string("SUCCESS"))
    #expect(answer.json?.at("receipt", "index")?.integer == 4)
    #expect(gateway.ledger.calls == [.principal, .owns(Fixtures.assetKey), .hold, .settle(results: 1)])
    let hold = try #require(gateway.ledger.holds.first)
    #expect(answer.json?.at("aiRecord", "uuid") == .string(hold.record.description))
    #expect(hold.team == Fixtures.team && hold.member == Fixtures.member && hold.key == Fixtures.keyID)
    let sent = try #require(gateway.provider.edits.first)
    #expect(sent.requestID == hold.record.description)
    #expect(sent.imageUrl == Fixtures.assetKey && sent.outputCompression == 85 && !sent.isAsync)
  }

  @Test func refusedEditNeverReachesTheProvider() async throws {
    let gateway = GatewayUnderTest()
    gateway.ledger.answers.withLock { $0.hold = .failure(StoreError(.unpriced(model: "m", quality: "q", size: "s"))) }
    let answer = try await gateway.run { try await $0.edit() }
    #expect(answer.status == .badRequest)
    #expect(answer.code == "UNSUPPORTED_MODEL")
    #expect(gateway.provider.edits.isEmpty)
  }

  @Test func holdThatIsUnknownIs503AndNothingIsSent() async throws {
    let gateway = GatewayUnderTest()
    gateway.ledger.answers.withLock { $0.hold = .failure(StoreError(.unavailable(mayBeHeld: true))) }
    let answer = try await gateway.run { try await $0.edit() }
    #expect(answer.status == .serviceUnavailable)
    #expect(answer.headers[.retryAfter] != nil)
    #expect(gateway.provider.edits.isEmpty)
  }

  private static let outcomes: [(EditOutcome, HTTPResponse.Status, String, StubLedger.Call)] = [
    (
      .notDone(Refusal(cause: .refused, httpStatus: 422, errorCode: "BAD_IMAGE", message: "no")),
      .unprocessableContent, "BAD_IMAGE", .release(.upstreamRefused, code: "BAD_IMAGE")
    ),
    (
      .notDone(Refusal(cause: .account, httpStatus: 401)), .badGateway, "UPSTREAM_ACCOUNT",
      .release(.upstreamAccount, code: "UPSTREAM_ACCOUNT")
    ),
    (
      .notDone(Refusal(cause: .notSent(.connect))), .badGateway, "UPSTREAM_ERROR",
      .release(.notSent, code: "UPSTREAM_ERROR")
    ),
    (.unknown(Uncertainty(cause: .timedOut)), .gatewayTimeout, "UPSTREAM_TIMEOUT", .doubt(.timedOut)),
    (.unknown(Uncertainty(cause: .tooLarge)), .badGateway, "UPSTREAM_ERROR", .doubt(.upstreamUnknown)),
  ]

  @Test(arguments: outcomes)
  func everyFailureIsBookedBeforeItIsTold(
    outcome: EditOutcome, status: HTTPResponse.Status, code: String, call: StubLedger.Call
  ) async throws {
    let gateway = GatewayUnderTest(provider: StubProvider(edit: outcome))
    let answer = try await gateway.run { try await $0.edit() }
    #expect(answer.status == status)
    #expect(answer.code == code)
    #expect(gateway.ledger.calls.last == call)
    if call != .release(.upstreamRefused, code: "BAD_IMAGE") {
      let record = try #require(gateway.ledger.holds.first).record
      #expect(answer.details?.at("uuid") == .string(record.description))
    }
  }

  @Test func clientThatGoesAwayDoesNotCancelItsEdit() async throws {
    let gate = Promise<Void>()
    let provider = StubProvider(gate: gate)
    let gateway = GatewayUnderTest(provider: provider)
    try await gateway.run { client async throws in
      let request = Task { try await client.edit() }
      _ = await provider.reached.value()
      request.cancel()
      let answer = try? await request.value
      #expect(answer?.status != .ok)
      #expect(!gateway.ledger.calls.contains(.settle(results: 1)))
      gate.fulfil(())
      // The edit goes on in a task of its own. The limit only keeps a broken promise from hanging the test.
      #expect(await gateway.ledger.settled.value(within: .seconds(60)) != nil)
    }
  }

  @Test func tooManyRunningEditsAre503BeforeTheHold() async throws {
    let gate = Promise<Void>()
    let provider = StubProvider(gate: gate)
    var gateway = GatewayUnderTest(provider: provider)
    gateway.configuration.maximumRunningEdits = 1
    let ledger = gateway.ledger
    try await gateway.run { client async throws in
      async let first = client.edit()
      _ = await provider.reached.value()
      let second = try await client.edit()
      #expect(second.status == .serviceUnavailable)
      #expect(ledger.holds.count == 1)
      gate.fulfil(())
      #expect(try await first.status == .ok)
    }
  }

  @Test func withoutAPermitNothingIsSent() async throws {
    let provider = StubProvider()
    let ledger = StubLedger()
    let flow = EditFlow(
      ledger: ledger, provider: provider, meters: EditMeters(factory: PrometheusRegistry()), clock: .system,
      budget: RequestBudget(perMinute: 0, clock: .system), permit: { false })
    let job = EditFlow.Job(
      record: Fixtures.record, submission: try Fixtures.submission(), principal: Fixtures.principal(),
      clientAddress: nil)
    let told = Promise<Result<RecordAnswer, GatewayError>>()
    await flow.run(job, .silent) { told.fulfil($0) }
    let result = try #require(await told.value())
    #expect(throws: GatewayError.self) { try result.get() }
    #expect(provider.edits.isEmpty)
    #expect(ledger.calls.last == .release(.withdrawn, code: "SERVICE_UNAVAILABLE"))
  }

  @Test func ownershipIsAskedOnceAndNoIsNeverRemembered() async throws {
    let gateway = GatewayUnderTest()
    try await gateway.run { client async throws in
      gateway.ledger.answers.withLock { $0.ownedKeys = [] }
      #expect(try await client.edit().code == "ASSET_NOT_FOUND")
      gateway.ledger.answers.withLock { $0.ownedKeys = [Fixtures.assetKey] }
      #expect(try await client.edit().status == .ok)
      #expect(try await client.edit().status == .ok)
    }
    #expect(gateway.ledger.calls.filter { $0 == .owns(Fixtures.assetKey) }.count == 2)
  }

  @Test func outcomesAreCounted() async throws {
    let gateway = GatewayUnderTest()
    let metrics = try await gateway.run { client async throws in
      _ = try await client.edit()
      return try await client.send(.get, "/metrics", key: nil)
    }
    let text = String(decoding: metrics.body, as: UTF8.self)
    #expect(text.contains(#"tally_edits_total{outcome="done"} 1"#))
    #expect(text.contains("# TYPE tally_edits_running gauge\n"))
    #expect(text.contains(#"tally_http_requests_total{method="POST",route="/api/features",status="200"} 1"#))
  }
}
