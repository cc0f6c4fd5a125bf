import Gateway
import HTTPTypes
import Ledger
import LedgerStore
import Synchronization
import Testing

/// What a team's administrators ask for over HTTP, in the gateway's own part: shapes, fields, order of checks.
@Suite struct AdministrationOverHTTPTests {
  private static let other = "0d5a8f8e-6b0e-4f0c-9d6b-0f8b8a7f1c11"

  private static func gateway(
    role: MemberRole = .admin, scopes: KeyScopes = [.admin, .audit, .edit, .reports]
  ) -> GatewayUnderTest {
    GatewayUnderTest(Fixtures.principal(role: role, scopes: scopes))
  }

  /// One good request of each route.
  private static let requests: [(HTTPRequest.Method, String, String?)] = [
    (.get, "/v1/members", nil), (.post, "/v1/members", #"{"userId":"u","userName":"U"}"#),
    (.patch, "/v1/members/u", #"{"creditLimit":5}"#), (.get, "/v1/keys", nil),
    (.post, "/v1/keys", #"{"userId":"u"}"#), (.post, "/v1/keys/\(other)/rotate", nil),
    (.delete, "/v1/keys/\(other)", nil), (.get, "/v1/team", nil), (.patch, "/v1/team", #"{"timeZone":"UTC"}"#),
  ]

  @Test func onlyAnAdministratorWithAKeyForItIsLetIn() async throws {
    for (role, scopes) in [
      (MemberRole.admin, KeyScopes([.edit, .reports, .audit])), (.member, [.admin, .edit]), (.finance, [.admin]),
    ] {
      let gateway = Self.gateway(role: role, scopes: scopes)
      try await gateway.run { client async throws in
        for (method, path, body) in Self.requests {
          let answer = try await client.send(method, path, body: body)
          #expect(answer.status == .forbidden && answer.code == "FORBIDDEN", "\(role) \(method) \(path)")
          #expect(answer.headers[.contentType] == "application/problem+json")
        }
      }
      #expect(gateway.ledger.asked.withLock { $0.isEmpty })
    }
    try await Self.gateway().run { client async throws in
      for (method, path, body) in Self.requests {
        let answer = try await client.send(method, path, body: body)
        #expect(answer.status == (method == .post ? .created : .ok), "\(method) \(path)")
      }
    }
  }

  @Test func whoAsksAndWhyGoToTheLogAndTheTeamIsTheKeys() async throws {
    let gateway = Self.gateway()
    try await gateway.run { client async throws in
      _ = try await client.send(.post, "/v1/members", body: #"{"userId":"u","userName":"U","reason":"new here"}"#)
      _ = try await client.send(.patch, "/v1/members/u", body: #"{"role":"FINANCE","reason":"moved"}"#)
      _ = try await client.send(.post, "/v1/keys", body: #"{"userId":"u","reason":"first key"}"#)
      _ = try await client.send(.post, "/v1/keys/\(Self.other)/rotate", body: #"{"reason":"monthly"}"#)
      _ = try await client.send(.delete, "/v1/keys/\(Self.other)?reason=found+in%20a%20repository")
      _ = try await client.send(.delete, "/v1/keys/\(Self.other)", headers: [("X-Reason", "by header")])
      _ = try await client.send(.delete, "/v1/keys/\(Self.other)", body: #"{"reason":"by body"}"#)
      _ = try await client.send(.patch, "/v1/team", body: #"{"creditLimit":400,"reason":"thrift"}"#)
      _ = try await client.send(.patch, "/v1/team", body: #"{"creditLimit":300}"#)
    }
    let asked = gateway.ledger.asked.withLock { $0 }
    #expect(
      asked.map(\.by.reason) == [
        "new here", "moved", "first key", "monthly", "found in a repository", "by header", "by body", "thrift", nil,
      ])
    for one in asked {
      #expect(one.what.team == Fixtures.team)
      #expect(one.by.key == Fixtures.keyID && one.by.member == Fixtures.member && one.by.name == "user-12345")
    }
  }

  @Test func aKeyIsShownOnceAndItsHashIsWhatIsStored() async throws {
    let gateway = Self.gateway()
    let (issued, listed) = try await gateway.run { client async throws in
      let issued = try await client.send(
        .post, "/v1/keys",
        body:
          #"{"userId":"u","scopes":["edit"],"creditLimit":7,"period":"month","ratePerMinute":5,"expiresAt":"2027-01-01T00:00:00+01:00"}"#
      )
      return (issued, try await client.send(.get, "/v1/keys"))
    }
    let text = try #require(issued.json?.at("key")?.text)
    let made = Gateway.APIKey(text)
    let key = try #require(made)
    guard case .issueKey(let stored, _) = gateway.ledger.asked.withLock({ $0[0].what }) else {
      Issue.record("no key was issued")
      return
    }
    #expect(stored.hash == key.hash && stored.hint == key.hint && stored.scopes == [.edit])
    #expect(stored.limit == Credits(7) && stored.period == .month && stored.ratePerMinute == 5)
    #expect(stored.expiresAt == Fixtures.at("2026-12-31T23:00:00Z"))
    #expect(!String(decoding: listed.body, as: UTF8.self).contains(text))
  }

  @Test func scopesAreWhatTheMembersRoleAllowsWhereNoneAreNamed() async throws {
    let gateway = Self.gateway()
    gateway.ledger.answers.withLock { $0.memberRole = .finance }
    _ = try await gateway.run { try await $0.send(.post, "/v1/keys", body: #"{"userId":"u"}"#) }
    guard case .issueKey(let stored, _) = gateway.ledger.asked.withLock({ $0[0].what }) else {
      Issue.record("no key was issued")
      return
    }
    #expect(stored.scopes == [.reports, .audit])
  }

  /// Method, path, body, and the fields that are at fault.
  private static let faulty: [(HTTPRequest.Method, String, String, [String])] = [
    (.post, "/v1/members", "{}", ["userId", "userName"]),
    (.post, "/v1/members", #"{"userId":"u","userName":"U","teamId":"x"}"#, ["teamId"]),
    (
      .post, "/v1/members",
      #"{"userId":1,"userName":"U","role":"OWNER","creditLimit":-1,"period":"week","reason":" "}"#,
      ["userId", "role", "creditLimit", "period", "reason"]
    ),
    (.patch, "/v1/members/u", #"{"userName":"x"}"#, ["userName"]),
    (.patch, "/v1/members/u", #"{"creditLimit":1.5,"status":null}"#, ["status", "creditLimit"]),
    (.post, "/v1/keys", #"{"userId":"u","scopes":[],"ratePerMinute":0}"#, ["scopes", "ratePerMinute"]),
    (
      .post, "/v1/keys", #"{"userId":"u","scopes":["root"],"expiresAt":"2020-01-01T00:00:00Z"}"#,
      ["scopes", "expiresAt"]
    ),
    (.post, "/v1/keys", #"{"userId":"u","scopes":"edit"}"#, ["scopes"]),
    (.post, "/v1/keys/\(other)/rotate", #"{"overlapSeconds":-1,"x":1}"#, ["overlapSeconds", "x"]),
    (.delete, "/v1/keys/\(other)", #"{"why":"x"}"#, ["why"]),
    (.delete, "/v1/keys/\(other)?reason=a", #"{"reason":"b"}"#, ["reason"]),
    (.delete, "/v1/keys/\(other)?force=1", "", ["force"]),
    (
      .patch, "/v1/team", #"{"timeZone":5,"inDoubtChargeAfterSeconds":"never"}"#,
      ["timeZone", "inDoubtChargeAfterSeconds"]
    ),
    (.get, "/v1/members?limit=101&page=2", "", ["page", "limit"]), (.get, "/v1/keys?after=x", "", ["after"]),
  ]

  @Test func everyFaultyFieldIsNamedAndNothingIsAsked() async throws {
    let gateway = Self.gateway()
    try await gateway.run { client async throws in
      for (method, path, body, fields) in Self.faulty {
        let answer = try await client.send(method, path, body: body.isEmpty ? nil : body)
        #expect(answer.status == .badRequest, "\(method) \(path) \(body)")
        guard case .array(let errors) = answer.json?.at("errors") else {
          Issue.record("no errors for \(path) \(body)")
          continue
        }
        #expect(Set(errors.compactMap { $0.at("field")?.text }) == Set(fields), "\(method) \(path) \(body)")
      }
      for path in ["/v1/members/u", "/v1/team"] {
        let nothing = try await client.send(.patch, path, body: #"{"reason":"for nothing"}"#)
        #expect(nothing.code == "MISSING_REQUIRED_FIELDS")
      }
      #expect(try await client.send(.post, "/v1/members", body: "[]").code == "INVALID_JSON")
      #expect(try await client.send(.post, "/v1/members", body: "").code == "INVALID_JSON")
    }
    #expect(gateway.ledger.asked.withLock { $0.isEmpty })
  }

  @Test func whatIsTheOperatorsIsRefusedByName() async throws {
    let gateway = Self.gateway()
    try await gateway.run { client async throws in
      for field in [#""status":"SUSPENDED""#, #""period":"total""#, #""name":"x""#] {
        let answer = try await client.send(.patch, "/v1/team", body: "{\(field),\"timeZone\":\"UTC\"}")
        #expect(answer.status == .forbidden && answer.code == "FORBIDDEN", "\(field)")
      }
    }
    #expect(gateway.ledger.asked.withLock { $0.isEmpty })
  }

  private static let denials: [(StoreError.Reason, HTTPResponse.Status, String)] = [
    (.conflict("the team has a member of this user id already"), .conflict, "CONFLICT"),
    (.forbidden(.lastAdministrator), .conflict, "CONFLICT"), (.forbidden(.ownKey), .conflict, "CONFLICT"),
    (.forbidden(.notAdministrator), .forbidden, "FORBIDDEN"),
    (.forbidden(.scopesBeyondKey(.admin)), .forbidden, "FORBIDDEN"),
    (.forbidden(.scopesBeyondRole(.admin, .member)), .badRequest, "INVALID_FIELDS"),
    (.forbidden(.raisesTeamLimit(to: nil, from: Credits(5))), .forbidden, "FORBIDDEN"),
    (.notFound("the member"), .notFound, "NOT_FOUND"), (.notAllowed(.keyRevoked), .unauthorized, "INVALID_API_KEY"),
    (.invalid(field: "timeZone", message: "must be"), .badRequest, "INVALID_FIELDS"),
    (.unavailable(mayBeHeld: true), .serviceUnavailable, "SERVICE_UNAVAILABLE"),
  ]

  @Test func whatTheLedgerDeniesIsAProblemThatSaysWhy() async throws {
    for (reason, status, code) in Self.denials {
      let gateway = Self.gateway()
      gateway.ledger.answers.withLock { $0.denial = StoreError(reason) }
      let answer = try await gateway.run { try await $0.send(.patch, "/v1/members/u", body: #"{"creditLimit":1}"#) }
      #expect(answer.status == status && answer.code == code, "\(reason)")
      #expect(answer.json?.at("detail")?.text?.contains("sent") == false, "\(reason)")
    }
  }

  @Test func aKeyThatHasEndedIsAConflictAndNotAFaultOfTheAskingKey() async throws {
    let gateway = Self.gateway()
    gateway.ledger.answers.withLock { $0.denial = StoreError(.notAllowed(.keyExpired)) }
    let answer = try await gateway.run { try await $0.send(.post, "/v1/keys/\(Self.other)/rotate") }
    #expect(answer.status == .conflict)
  }

  @Test func aListingSaysWhereItGoesOn() async throws {
    let gateway = Self.gateway()
    let member = try await gateway.ledger.member(of: Fixtures.team, userID: "anna@example.com")
    gateway.ledger.answers.withLock { answers in
      answers.members = Page(elements: [member], hasMore: true)
      answers.keys = Page(elements: [StubLedger.key()], hasMore: false)
    }
    try await gateway.run { client async throws in
      let members = try await client.send(.get, "/v1/members?limit=1")
      #expect(members.json?.at("next") == .string("anna@example.com"))
      #expect(members.json?.at("hasMore") == .bool(true))
      let keys = try await client.send(.get, "/v1/keys")
      #expect(keys.json?.at("next") == .null && keys.json?.at("hasMore") == .bool(false))
    }
  }

  @Test func aPathNamesItsUserWithOrWithoutEscapes() async throws {
    let gateway = Self.gateway()
    try await gateway.run { client async throws in
      for path in ["/v1/members/anna%40example.com", "/v1/members/anna@example.com"] {
        let answer = try await client.send(.patch, path, body: #"{"creditLimit":1}"#)
        #expect(answer.json?.at("userId") == .string("anna@example.com"), "\(path)")
      }
      for path in ["/v1/keys/nonsense", "/v1/keys/%00"] {
        #expect(try await client.send(.delete, path).status == .notFound)
      }
    }
  }
}
