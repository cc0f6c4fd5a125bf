import Gateway
import NIOCore
import Synchronization
import Testing

/// What happens below the level of requests, on a real socket.
@Suite struct ConnectionTests {
  private let head = "POST /api/features HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
  private let key = "API-KEY: \(Fixtures.key.text)\r\n"

  /// Sends chunks for as long as anybody takes them.
  private func flood() -> @Sendable () -> ByteBuffer? {
    let chunk = ByteBuffer(string: "10000\r\n\(String(repeating: " ", count: 65_536))\r\n")
    return { chunk }
  }

  @Test func connectionServesManyRequests() async throws {
    try await ListeningGateway.run { gateway async throws in
      let request = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
      let answer = try await gateway.exchange(
        request + ListeningGateway.edit() + request,
        until: { $0.components(between: "HTTP/1.1 200 OK") == 4 && $0.hasSuffix("{\"status\":\"ok\"}") })
      #expect(answer.contains("\"receipt\""))
    }
  }

  @Test func answerToHEADHasNoBody() async throws {
    try await ListeningGateway.run { gateway async throws in
      let answer = try await gateway.exchange(
        "HEAD /nothing HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
        until: { $0.hasSuffix("{\"status\":\"ok\"}") })
      #expect(answer.hasPrefix("HTTP/1.1 404 "))
      #expect(!answer.contains("errorCode"))
    }
  }

  @Test func whatIsNoHTTPIsRefused() async throws {
    try await ListeningGateway.run { gateway async throws in
      let nonsense = try await gateway.exchange("this is no HTTP at all\r\n\r\n")
      #expect(nonsense.hasPrefix("HTTP/1.1 400 "))
      let long = String(repeating: "x", count: HTTPLimits.headerFieldBytes + 1)
      let large = try await gateway.exchange("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: \(long)\r\n\r\n")
      #expect(large.hasPrefix("HTTP/1.1 400 "))
    }
  }
}

/// A gateway that is asked to stop.
@Suite struct ShutdownTests {
  @Test func runningEditSettlesAndIsAnswered() async throws {
    let gate = Promise<Void>()
    let provider = StubProvider(gate: gate)
    let under = GatewayUnderTest(provider: provider)
    try await ListeningGateway.run(under) { gateway async throws in
      async let edit = gateway.exchange(ListeningGateway.edit())
      _ = await provider.reached.value()
      await gateway.stop()
      gate.fulfil(())
      #expect(try await edit.hasPrefix("HTTP/1.1 200 "))
    }
    #expect(under.ledger.calls.last == .settle(results: 1))
  }

  @Test func editThatTakesTooLongIsAnsweredAsInDoubt() async throws {
    let gate = Promise<Void>()
    let provider = StubProvider(gate: gate)
    var under = GatewayUnderTest(provider: provider)
    under.configuration.shutdownGrace = .milliseconds(50)
    try await ListeningGateway.run(under) { gateway async throws in
      async let edit = gateway.exchange(ListeningGateway.edit())
      _ = await provider.reached.value()
      await gateway.stop()
      let answer = try await edit
      #expect(answer.isEmpty || answer.contains("UPSTREAM_TIMEOUT"))
    }
    gate.fulfil(())
  }
}

extension String {
  /// How many pieces there are between the occurrences of `separator`.
  fileprivate func components(between separator: String) -> Int {
    split(separator: separator, omittingEmptySubsequences: false).count
  }
}
