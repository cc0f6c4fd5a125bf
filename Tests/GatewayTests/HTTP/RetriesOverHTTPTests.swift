import Gateway
import HTTPTypes
import Ledger
import LedgerStore
import Synchronization
import Testing
import Upstream

/// Idempotency-Keys and edits that are answered at once, over HTTP.
@Suite struct RetriesOverHTTPTests {
  private static let header = [("Idempotency-Key", "\"a key\"")]

  @Test func theKeyAndTheBodysHashGoWithTheHold() async throws {
    let gateway = GatewayUnderTest()
    let body = Fixtures.body()
    try await gateway.run { client async throws in
      _ = try await client.edit(body, headers: Self.header)
      _ = try await client.edit(body)
    }
    let claims = gateway.ledger.holds.map(\.idempotency)
    #expect(claims == [IdempotencyClaim(key: "a key", body: Array(body.utf8)), nil])
  }

  @Test func aRetryIsAnsweredFromItsRecordAndNothingIsSent() async throws {
    let gateway = GatewayUnderTest()
    gateway.ledger.answers.withLock {
      $0.hold = .success(.repeated(RepeatedEdit(record: Fixtures.record, state: .settled)))
      $0.record = Fixtures.stored(.settled)
    }
    let answer = try await gateway.run { try await $0.edit(headers: Self.header) }
    #expect(answer.status == .ok)
    #expect(answer.json?.at("aiRecord", "uuid") == .string(Fixtures.record.description))
    #expect(answer.json?.at("receipt", "index")?.integer == 4)
    #expect(gateway.provider.edits.isEmpty)
  }

  @Test func anEditThatRunsIs409WithRetryAfterAndItsRecord() async throws {
    let gateway = GatewayUnderTest()
    gateway.ledger.answers.withLock {
      $0.hold = .success(.repeated(RepeatedEdit(record: Fixtures.record, state: .held)))
    }
    let answer = try await gateway.run { try await $0.edit(headers: Self.header) }
    #expect(answer.status == .conflict && answer.code == "IDEMPOTENCY_IN_PROGRESS")
    #expect(answer.headers[.retryAfter] == "\(GatewayError.idempotencyRetrySeconds)")
    #expect(answer.details?.at("uuid") == .string(Fixtures.record.description))
    #expect(gateway.provider.edits.isEmpty)
  }

  @Test func aKeyThatCameWithAnotherBodyIs422() async throws {
    let gateway = GatewayUnderTest()
    gateway.ledger.answers.withLock { $0.hold = .failure(StoreError(.idempotencyKeyReused)) }
    let answer = try await gateway.run { try await $0.edit(headers: Self.header) }
    #expect(answer.status == .unprocessableContent && answer.code == "IDEMPOTENCY_KEY_REUSED")
    #expect(gateway.provider.edits.isEmpty)
  }

  @Test func anAsyncEditIsAnsweredAtOnceAndGoesOn() async throws {
    let gate = Promise<Void>()
    let provider = StubProvider(gate: gate)
    let gateway = GatewayUnderTest(provider: provider)
    try await gateway.run { client async throws in
      let answer = try await client.edit(Fixtures.body(top: ["async": "true", "metadata": #"{"a":1}"#]))
      #expect(answer.status == .ok)
      #expect(answer.json?.at("aiRecord", "status") == .string("PROCESSING"))
      #expect(answer.json?.at("aiRecord", "metadata") == (try JSONReader.parse(Array(#"{"a":1}"#.utf8))))
      #expect(answer.json?.at("receipt") == .null)
      let hold = try #require(gateway.ledger.holds.first)
      #expect(hold.isAsync)
      #expect(answer.json?.at("aiRecord", "uuid") == .string(hold.record.description))
      #expect(!gateway.ledger.calls.contains(.settle(results: 1)))
      gate.fulfil(())
      #expect(await gateway.ledger.settled.value(within: .seconds(60)) != nil)
    }
    // The provider is asked as for any edit; how is the operator's own setting.
    #expect(gateway.provider.edits.count == 1)
  }

  @Test func anAsyncEditThatDoesNotFitIsRefusedAtOnce() async throws {
    let gateway = GatewayUnderTest()
    let refused = try Fixtures.refused()
    gateway.ledger.answers.withLock { $0.hold = .success(.refused(refused)) }
    let answer = try await gateway.run { try await $0.edit(Fixtures.body(top: ["async": "true"])) }
    #expect(answer.status == .notAcceptable)
    #expect(gateway.provider.edits.isEmpty)
  }

  @Test func asyncEditsCountAmongTheRunningOnes() async throws {
    let gate = Promise<Void>()
    let provider = StubProvider(gate: gate)
    var gateway = GatewayUnderTest(provider: provider)
    gateway.configuration.maximumRunningEdits = 1
    try await gateway.run { client async throws in
      #expect(try await client.edit(Fixtures.body(top: ["async": "true"])).status == .ok)
      #expect(try await client.edit().status == .serviceUnavailable)
      gate.fulfil(())
    }
  }
}
