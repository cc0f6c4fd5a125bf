import Gateway
import HTTPTypes
import Ledger
import LedgerStore
import NIOCore
import Synchronization
import Testing
import Upstream

@Suite struct SurfaceTests {
  @Test(arguments: [
    ("GET", "/", "application/json; charset=utf-8"), ("GET", "/api/nothing", "application/json; charset=utf-8"),
    ("DELETE", "/api/nothing", "application/json; charset=utf-8"), ("GET", "/v1/nothing", "application/problem+json"),
    ("PATCH", "/v1/nothing/x", "application/problem+json"), ("GET", "/v1", "application/problem+json"),
    ("POST", "/v1/audit/proof/1/2", "application/problem+json"),
  ])
  func whatNoRouteAnswersToIs404InTheShapeOfItsSurface(method: String, path: String, type: String) async throws {
    let method = try #require(HTTPRequest.Method(method))
    let answer = try await GatewayUnderTest().run { try await $0.send(method, path) }
    #expect(answer.status == .notFound)
    #expect(answer.code == "NOT_FOUND")
    #expect(answer.headers[.contentType] == type)
  }

  @Test(arguments: [
    ("DELETE", "/api/features", "application/json; charset=utf-8", "POST"),
    ("OPTIONS", "/models", "application/json; charset=utf-8", "GET, HEAD"),
    ("POST", "/v1/statements/2026-11", "application/problem+json", "GET, HEAD"),
    ("PUT", "/v1/members", "application/problem+json", "GET, HEAD, POST"),
  ])
  func aMethodThatARouteDoesNotTakeIs405WithThoseThatItTakes(
    method: String, path: String, type: String, allowed: String
  ) async throws {
    let method = try #require(HTTPRequest.Method(method))
    let answer = try await GatewayUnderTest().run { try await $0.send(method, path) }
    #expect(answer.status == .methodNotAllowed && answer.code == "METHOD_NOT_ALLOWED")
    #expect(answer.headers[.allow] == allowed && answer.headers[.contentType] == type)
  }

  @Test func everyAnswerHasItsRequestIDAndNothingToBeKept() async throws {
    let name = try #require(HTTPField.Name("X-Request-Id"))
    try await GatewayUnderTest().run { client async throws in
      let own = try await client.send(.get, "/healthz", headers: [("X-Request-Id", "mine-1")])
      #expect(own.headers[name] == "mine-1")
      let made = try await client.send(.get, "/nothing", headers: [("X-Request-Id", "bad id\u{1}")])
      #expect(made.headers[name].map(RequestID.isAcceptable) == true)
      #expect(made.headers[name] != "bad id\u{1}")
      for answer in [own, made] {
        #expect(answer.headers[.cacheControl] == "no-store")
        #expect(answer.headers[try #require(HTTPField.Name("X-Content-Type-Options"))] == "nosniff")
      }
      let problem = try await client.send(.get, "/v1/nothing", headers: [("X-Request-Id", "mine-2")])
      #expect(problem.json?.at("requestId") == .string("mine-2"))
    }
  }

  @Test(arguments: ["/healthz", "/readyz", "/metrics", "/openapi.json", "/models", "/api/models?feature=IMAGE_EDITOR"])
  func operationsAndModelsNeedNoKey(path: String) async throws {
    try await GatewayUnderTest().run { client async throws in
      let answer = try await client.send(.get, path, key: nil)
      #expect(answer.status == .ok)
      let head = try await client.send(.head, path, key: nil)
      #expect(head.status == .ok)
      #expect(head.body.isEmpty)
    }
  }

  @Test(arguments: Route.allCases)
  func everyOtherRouteNeedsAKey(route: Route) async throws {
    let open: Set<Route> = [.models, .modelsUnderAPI, .alive, .ready, .metrics, .openAPI]
    guard !open.contains(route) else { return }
    let path = route.pattern.replacing("{uuid}", with: Fixtures.record.description)
      .replacing("{id}", with: Fixtures.keyID.description).replacing("{userId}", with: "user-12345")
    let answer = try await GatewayUnderTest().run { try await $0.send(route.method, path, key: nil) }
    #expect(answer.status == .unauthorized)
    #expect(answer.code == "INVALID_API_KEY")
  }

  @Test func readinessIsThatOfTheDatabaseAndLivenessIsNot() async throws {
    let gateway = GatewayUnderTest()
    gateway.ledger.answers.withLock { $0.isReady = false }
    try await gateway.run { client async throws in
      #expect(try await client.send(.get, "/readyz", key: nil).status == .serviceUnavailable)
      #expect(try await client.send(.get, "/healthz", key: nil).status == .ok)
    }
  }

  @Test func modelsAreListedWithTheirPrices() async throws {
    try await GatewayUnderTest().run { client async throws in
      let answer = try await client.send(.get, "/models?feature=IMAGE_EDITOR", key: nil)
      guard case .array(let models) = answer.json?.at("models"), case .array(let prices) = models.first?.at("credits")
      else {
        Issue.record("no models")
        return
      }
      #expect(models.count == 1)
      #expect(prices.count == 9)
      #expect(
        prices.contains {
          $0.at("quality") == .string("medium") && $0.at("size") == .string("1024x1024")
            && $0.at("credits")?.integer == 33_000
        })
      let other = try await client.send(.get, "/models?feature=CHAT_WITH_AI", key: nil)
      #expect(other.json?.at("models") == .array([]))
    }
  }

  @Test func memberSeesItsBudgets() async throws {
    let answer = try await GatewayUnderTest().run { try await $0.send(.get, "/v1/me") }
    #expect(answer.json?.at("teamId") == .string(Fixtures.team.description))
    #expect(answer.json?.at("role") == .string("MEMBER"))
    guard case .array(let budgets) = answer.json?.at("budgets") else {
      Issue.record("no budgets")
      return
    }
    #expect(budgets.first?.at("available")?.integer == 99_972_000)
    #expect(budgets.first?.at("subject") == .string("user-12345"))
  }

  @Test func estimateTellsWhatWouldHappen() async throws {
    let gateway = GatewayUnderTest()
    try await gateway.run { client async throws in
      let admitted = try await client.send(.post, "/v1/estimate", body: Fixtures.body())
      #expect(admitted.json?.at("credits")?.integer == 33_000)
      #expect(admitted.json?.at("admitted") == .bool(true))
      #expect(admitted.json?.at("refusedBy") == .null)
      gateway.ledger.answers.withLock {
        $0.estimate = Estimate(credits: Credits(33_000), refusedBy: Fixtures.budget(used: 90, limit: 100))
      }
      let refused = try await client.send(.post, "/v1/estimate", body: Fixtures.body())
      #expect(refused.json?.at("admitted") == .bool(false))
      #expect(refused.json?.at("refusedBy", "available")?.integer == 10)
      let faulty = try await client.send(.post, "/v1/estimate", body: Fixtures.body(["n": "0"]))
      #expect(faulty.status == .badRequest)
      #expect(faulty.headers[.contentType] == "application/problem+json")
    }
    #expect(!gateway.ledger.calls.contains(.hold))
  }

  @Test func uploadIsForwardedUnderANameOfOursAndKept() async throws {
    let gateway = GatewayUnderTest()
    let answer = try await gateway.run { try await $0.upload(UploadTests.png, fileName: "my cat") }
    #expect(answer.status == .ok)
    #expect(answer.json?.at("asset", "key") == .string("images/stored.png"))
    #expect(answer.json?.at("asset", "originalname") == .string("my cat"))
    let sent = try #require(gateway.provider.uploads.first)
    #expect(sent.fileName.hasSuffix(".png") && !sent.fileName.contains("cat"))
    #expect(sent.mediaType == "image/png")
    #expect(gateway.ledger.calls.last == .storeAsset("images/stored.png", name: "my cat"))
  }

  @Test func uploadsThatAreNoneAreRefused() async throws {
    let gateway = GatewayUnderTest()
    try await gateway.run { client async throws in
      #expect(try await client.upload([]).code == "INVALID_FIELDS")
      #expect(try await client.upload(Array("GIF89a".utf8)).code == "UNSUPPORTED_MEDIA_TYPE")
      let json = try await client.send(
        .post, "/api/assets", body: "{}", headers: [("Content-Type", "application/json")])
      #expect(json.status == .unsupportedMediaType)
      let broken = try await client.send(
        .post, "/api/assets", body: "--b\r\nContent-Disposition: form-data; name=\"asset\"\r\n\r\nabc",
        headers: [("Content-Type", "multipart/form-data; boundary=b")])
      #expect(broken.status == .badRequest)
      let large = try await client.upload([UInt8](repeating: 0x89, count: 50_100_000))
      #expect(large.status == .contentTooLarge)
    }
    #expect(gateway.provider.uploads.isEmpty)
  }
}
