import Gateway
import HTTPTypes
import Ledger
import LedgerStore
import Synchronization
import Testing

/// 401, 403, 429, 413/415, 400, 404, 406: the first one that applies is answered (docs/http.md, order of checks). Each
/// request here has all the faults that come later, too.
@Suite struct OrderOfChecksTests {
  private static let hugeBody = String(repeating: "x", count: 300_000)

  private func answer(
    _ gateway: GatewayUnderTest, key: String? = Fixtures.key.text, body: String, contentType: String = "text/plain"
  ) async throws -> GatewayUnderTest.Answer {
    try await gateway.run {
      try await $0.send(.post, "/api/features", body: body, key: key, headers: [("Content-Type", contentType)])
    }
  }

  @Test func missingKeyComesFirst() async throws {
    let answer = try await answer(GatewayUnderTest(), key: nil, body: OrderOfChecksTests.hugeBody)
    #expect(answer.status == .unauthorized)
    #expect(answer.headers[.wwwAuthenticate] == "Bearer")
  }

  @Test func rightsComeBeforeTheRate() async throws {
    let gateway = GatewayUnderTest(Fixtures.principal(role: .finance, scopes: [.reports], ratePerMinute: 1))
    let statuses = try await gateway.run { client async throws in
      [try await client.edit().status, try await client.edit().status]
    }
    #expect(statuses == [.forbidden, .forbidden])
  }

  @Test func rateComesBeforeTheBody() async throws {
    let gateway = GatewayUnderTest(Fixtures.principal(ratePerMinute: 1))
    try await gateway.run { client async throws in
      _ = try await client.send(.get, "/v1/me")
      let answer = try await client.send(.post, "/api/features", body: OrderOfChecksTests.hugeBody)
      #expect(answer.status == .tooManyRequests)
      #expect(answer.headers[.retryAfter] == "60")
    }
  }

  @Test func sizeAndTypeComeBeforeTheContent() async throws {
    let large = try await answer(
      GatewayUnderTest(), body: OrderOfChecksTests.hugeBody, contentType: "application/json")
    #expect(large.status == .contentTooLarge)
    #expect(large.code == "PAYLOAD_TOO_LARGE")
    #expect(large.headers[.connection] == "close")
    let type = try await answer(GatewayUnderTest(), body: "{", contentType: "text/plain")
    #expect(type.status == .unsupportedMediaType)
    let form = try await answer(GatewayUnderTest(), body: "{", contentType: "application/x-www-form-urlencoded")
    #expect(form.status == .unsupportedMediaType)
  }

  @Test func contentComesBeforeTheImage() async throws {
    let gateway = GatewayUnderTest()
    gateway.ledger.answers.withLock { $0.ownedKeys = [] }
    let answers = try await gateway.run { client async throws in
      [try await client.edit(Fixtures.body(["n": "0"])), try await client.edit()]
    }
    #expect(answers.map(\.status) == [.badRequest, .notFound])
    #expect(!gateway.ledger.calls.contains(.hold))
  }

  @Test(arguments: [
    "application/json", "application/json; charset=utf-8", "APPLICATION/JSON", "application/vnd.api+json",
    "application/json ;x=y",
  ])
  func jsonIsTakenUnderItsNames(contentType: String) async throws {
    let answer = try await answer(GatewayUnderTest(), body: Fixtures.body(), contentType: contentType)
    #expect(answer.status == .ok)
  }

  @Test func compressedBodyIsRefused() async throws {
    let answer = try await GatewayUnderTest().run {
      try await $0.edit(headers: [("Content-Encoding", "gzip")])
    }
    #expect(answer.status == .unsupportedMediaType)
  }
}
