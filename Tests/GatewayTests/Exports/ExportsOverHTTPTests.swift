import Exports
import Gateway
import HTTPTypes
import Ledger
import LedgerStore
import Synchronization
import Testing

@Suite struct ExportsOverHTTPTests {
  /// A gateway with exports, for finance.
  private static func gateway(
    _ exports: StubExports, role: MemberRole = .finance, scopes: KeyScopes = [.audit, .reports]
  ) -> GatewayUnderTest {
    var gateway = GatewayUnderTest(Fixtures.principal(role: role, scopes: scopes))
    gateway.exports = ExportParts(exports: exports, folder: "/nowhere")
    return gateway
  }

  private static func header(_ name: String, _ answer: GatewayUnderTest.Answer) -> String? {
    HTTPField.Name(name).flatMap { answer.headers[$0] }
  }

  /// The fields that a problem names.
  private static func faults(_ answer: GatewayUnderTest.Answer) -> [String] {
    guard case .array(let errors) = answer.json?.at("errors") else { return [] }
    return errors.compactMap { $0.at("field")?.text }
  }

  @Test func anExportIsToldOfAndStreamed() async throws {
    let exports = StubExports()
    try await Self.gateway(exports).run { client in
      let answer = try await client.send(.get, "/v1/audit/export?from=5&to=2026-11-01&format=csv")
      #expect(answer.status == .ok)
      #expect(String(decoding: answer.body, as: UTF8.self) == "first\nsecond\n")
      #expect(answer.headers[.contentType] == "text/csv; charset=utf-8")
      #expect(Self.header("Tally-From", answer) == "12" && Self.header("Tally-To", answer) == "34")
      #expect(answer.headers[.contentDisposition] == "attachment; filename=\"tally-usage-12-34.csv\"")
    }
    let state = exports.state.withLock { $0 }
    let day = try #require(Timestamp(rfc3339: "2026-11-01T00:00:00Z"))
    #expect(state.requests.map(\.from) == [.index(5)] && state.requests.map(\.to) == [.moment(day)])
    #expect(state.requests.map(\.content) == [.usage] && state.requests.map(\.takesShortHead) == [false])
    #expect(state.noted.map(\.key) == [Fixtures.principal().key])
  }

  @Test(arguments: [
    ("jsonl", ExportRequest.Content.lines, "application/x-ndjson", "12"),
    ("focus", .focus, "text/csv; charset=utf-8", "12"), ("bundle", .bundle, "application/x-tar", "7"),
  ])
  func eachFormatSaysWhatItIs(format: String, content: ExportRequest.Content, type: String, from: String) async throws {
    let exports = StubExports()
    try await Self.gateway(exports).run { client in
      let answer = try await client.send(.get, "/v1/audit/export?format=\(format)")
      #expect(answer.headers[.contentType] == type && Self.header("Tally-From", answer) == from)
    }
    #expect(exports.state.withLock { $0.requests.map(\.content) } == [content])
  }

  @Test func anOldLogAndAHeldHeadAreAskedFor() async throws {
    let exports = StubExports()
    try await Self.gateway(exports).run { client in
      let answer = try await client.send(
        .get, "/v1/audit/export?format=bundle&log=tally.local%2F1%2F2026-11-27T10:15:00.123456Z&known=15")
      #expect(answer.status == .ok)
      exports.state.withLock { $0.failure = ExportFailure.unproven(log: "tally.local/1") }
      let unproven = try await client.send(.get, "/v1/audit/export?format=bundle&log=tally.local/1")
      #expect(unproven.status == .badRequest && Self.faults(unproven) == ["format"])
      exports.state.withLock { $0.failure = ExportFailure.unprovenBehind(size: 5, log: "tally.local/1") }
      let behind = try await client.send(.get, "/v1/audit/export?format=bundle&log=tally.local/1&to=9")
      #expect(behind.status == .badRequest && Self.faults(behind) == ["to"])
    }
    let request = try #require(exports.state.withLock { $0.requests.first })
    #expect(request.log == "tally.local/1/2026-11-27T10:15:00.123456Z" && request.knownSize == 15)
  }

  @Test func askingForTheHeadersTellsOfNoExport() async throws {
    let exports = StubExports()
    try await Self.gateway(exports).run { client in
      // More often than exports may run at once: none of them keeps a place.
      for _ in 0..<3 {
        let answer = try await client.send(.head, "/v1/audit/export")
        #expect(answer.status == .ok)
        // How long it would be is not known before it is made.
        #expect(answer.headers[.contentLength] == nil && answer.headers[.connection] == "close")
      }
      let other = try await client.send(.head, "/models")
      #expect(other.headers[.contentLength] != nil && other.headers[.connection] == nil)
    }
    #expect(exports.state.withLock { $0.noted.isEmpty })
  }

  @Test(arguments: [
    ("from=-1", ["from"]), ("from=1e3&to=tomorrow", ["from", "to"]), ("to=2026-02-30", ["to"]),
    ("format=xml", ["format"]), ("team=other", ["team"]), ("from=99999999999999999999", ["from"]),
    ("known=7", ["known"]), ("known=-7&format=bundle", ["known"]), ("log=a&log=b", ["log"]),
    ("format=csv&format=focus", ["format"]), ("from=1&from=2&to=x", ["from", "to"]),
  ])
  func whatCannotBeReadIsNamed(query: String, fields: [String]) async throws {
    try await Self.gateway(StubExports()).run { client in
      let answer = try await client.send(.get, "/v1/audit/export?\(query)")
      #expect(answer.status == .badRequest && answer.headers[.contentType] == "application/problem+json")
      #expect(Self.faults(answer).sorted() == fields.sorted())
    }
  }

  @Test func whatCannotBeExportedSaysWhy() async throws {
    let exports = StubExports()
    try await Self.gateway(exports).run { client in
      exports.state.withLock { $0.failure = StoreError(.invalid(field: "to", message: "lies in the future")) }
      var answer = try await client.send(.get, "/v1/audit/export")
      #expect(answer.status == .badRequest && Self.faults(answer) == ["to"])
      exports.state.withLock { $0.failure = ExportFailure.noHead }
      answer = try await client.send(.get, "/v1/audit/export?format=bundle")
      #expect(answer.status == .serviceUnavailable && answer.headers[.retryAfter] != nil)
      exports.state.withLock { $0.failure = ExportFailure.damaged("lines were changed") }
      answer = try await client.send(.get, "/v1/statements/2026-10")
      #expect(answer.status == .serviceUnavailable && answer.code == "SERVICE_UNAVAILABLE")
      #expect(!String(decoding: answer.body, as: UTF8.self).contains("lines were changed"))
      exports.state.withLock { $0.failure = ExportFailure.tooLong(maximum: 5) }
      answer = try await client.send(.get, "/v1/audit/export?format=bundle")
      #expect(answer.status == .badRequest && Self.faults(answer) == ["from"])
    }
  }

  private static let keys: [(MemberRole, KeyScopes, Int)] = [
    (.member, [.audit, .edit], 403), (.finance, [.reports], 403), (.admin, [.audit], 200),
    (.admin, [.admin, .edit], 403),
  ]

  @Test(arguments: keys)
  func onlyAdministratorsAndFinanceExport(role: MemberRole, scopes: KeyScopes, status: Int) async throws {
    let exports = StubExports()
    try await Self.gateway(exports, role: role, scopes: scopes).run { client in
      let export = try await client.send(.get, "/v1/audit/export")
      #expect(export.status.code == status)
      let statement = try await client.send(.get, "/v1/statements/2026-10")
      #expect(statement.status.code == (status == 200 ? 404 : status))
      let stranger = try await client.send(.get, "/v1/audit/export", key: nil)
      #expect(stranger.status == .unauthorized)
    }
    #expect(exports.state.withLock { $0.requests.count } == (status == 200 ? 1 : 0))
  }

  @Test func aThirdExportOfATeamWaitsItsTurn() async throws {
    let exports = StubExports()
    let gates = (0..<2).map { _ in (isInside: Promise<Void>(), goOn: Promise<Void>()) }
    exports.state.withLock { $0.gates = gates }
    try await Self.gateway(exports).run { client in
      try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
        for gate in gates {
          group.addTask { try await client.send(.get, "/v1/audit/export").status }
          _ = await gate.isInside.value()
        }
        let third = try await client.send(.get, "/v1/audit/export")
        #expect(third.status == .tooManyRequests && third.headers[.retryAfter] != nil)
        for gate in gates { gate.goOn.fulfil(()) }
        for try await status in group { #expect(status == .ok) }
      }
      let later = try await client.send(.get, "/v1/audit/export")
      #expect(later.status == .ok)
    }
  }

  @Test(.timeLimit(.minutes(1))) func aReaderThatLeavesGivesItsPlaceBack() async throws {
    let exports = StubExports()
    let cuts = (0..<ExportSlots.maximumPerTeam).map { _ in Promise<Void>() }
    exports.state.withLock { $0.endless = cuts }
    try await ListeningGateway.run(Self.gateway(exports)) { gateway in
      let request = "GET /v1/audit/export HTTP/1.1\r\nHost: x\r\nAPI-KEY: \(Fixtures.key.text)\r\n"
      for cut in cuts {
        let answer = try await gateway.exchange("\(request)\r\n", until: { $0.contains("first") })
        #expect(answer.hasPrefix("HTTP/1.1 200"))
        _ = await cut.value()
      }
      // All places of the team were taken. They come back with the end of the answers, a moment later.
      var answer = ""
      repeat {
        answer = try await gateway.exchange("\(request)Connection: close\r\n\r\n")
      } while answer.hasPrefix("HTTP/1.1 429")
      #expect(answer.hasPrefix("HTTP/1.1 200") && answer.contains("second"))
    }
  }

  /// A reader that keeps the connection and takes nothing is cut off, and gives its place back.
  @Test(.timeLimit(.minutes(1))) func aReaderThatTakesNothingIsCutOffAfterTheLimit() async throws {
    let exports = StubExports()
    let cut = Promise<Void>()
    exports.state.withLock { $0.endless = [cut] }
    var gateway = Self.gateway(exports)
    let clock = gateway.manual
    // Each look is an hour after the one before: whatever waits by then waits too long.
    gateway.exports?.stallTick = {
      while exports.state.withLock({ !$0.endless.isEmpty }) {
        try Task.checkCancellation()
        await Task.yield()
      }
      clock.advance(by: .seconds(3_600))
    }
    try await ListeningGateway.run(gateway, clock: clock.clock) { gateway in
      let connection = try await RawConnection.open(gateway.port)
      try await connection.hold("GET /v1/audit/export HTTP/1.1\r\nHost: x\r\nAPI-KEY: \(Fixtures.key.text)\r\n\r\n") {
        #expect(await cut.value(within: .seconds(50)) != nil, "the export goes on")
      }
    }
  }

  @Test func aStatementIsTheBundlesTextOrItsTable() async throws {
    let exports = StubExports()
    let made = MonthStatement(
      period: "2026-10", isComplete: true, json: Array("{\"rows\":[]}\n".utf8), table: Array("scope\r\n".utf8))
    exports.state.withLock { $0.statement = made }
    try await Self.gateway(exports).run { client in
      var answer = try await client.send(.get, "/v1/statements/2026-10")
      #expect(
        String(decoding: answer.body, as: UTF8.self)
          == "{\"period\":\"2026-10\",\"complete\":true,\"statement\":{\"rows\":[]}}\n")
      answer = try await client.send(.get, "/v1/statements/2026-10", headers: [("Accept", "text/csv;q=0.9, */*;q=0.1")])
      #expect(answer.body == made.table && answer.headers[.contentType] == "text/csv; charset=utf-8")
      #expect(Self.header("Tally-Complete", answer) == "true")
      answer = try await client.send(
        .get, "/v1/statements/2026-10", headers: [("Accept", "application/json, text/csv")])
      #expect(answer.json?.at("complete") == .bool(true))
      answer = try await client.send(.get, "/v1/statements/2026-10?format=csv")
      #expect(answer.status == .badRequest && Self.faults(answer) == ["format"])
      answer = try await client.send(.get, "/v1/statements/november")
      #expect(answer.status == .badRequest && Self.faults(answer) == ["period"])
    }
    #expect(exports.state.withLock { $0.readings } == ["statement", "statement", "statement"])
  }

  @Test(arguments: [
    ("text/csv", true), ("text/csv;q=0, application/json", false), ("text/csv;q=0", false), ("*/*", false),
    ("text/csv;q=0.5, application/json", false), ("application/json;q=0.5, text/csv; q=0.6", true),
    ("text/csv, application/json", true), ("application/json, text/csv", false), ("text/csv;q=0.2, */*", false),
    ("text/csv, */*;q=0.1", true), ("*/*, text/csv", true), ("TEXT/CSV;charset=utf-8;Q=1", true),
  ])
  func theTableIsGivenToWhoWantsItMoreThanJSON(accept: String, isTable: Bool) async throws {
    let exports = StubExports()
    exports.state.withLock {
      $0.statement = MonthStatement(
        period: "2026-10", isComplete: true, json: Array("{}".utf8), table: Array("scope".utf8))
    }
    let answer = try await Self.gateway(exports).run { client in
      try await client.send(.get, "/v1/statements/2026-10", headers: [("Accept", accept)])
    }
    #expect(answer.headers[.contentType]?.contains("text/csv") == isTable)
  }
}
