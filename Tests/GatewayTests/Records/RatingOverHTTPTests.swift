import Gateway
import HTTPTypes
import Ledger
import LedgerStore
import Synchronization
import Testing

@Suite struct RatingOverHTTPTests {
  private let path = "/v1/records/\(Fixtures.record)"
  private let json = [("Content-Type", "application/json")]

  @Test func memberRatesItsOwnRecord() async throws {
    let gateway = GatewayUnderTest()
    gateway.ledger.answers.withLock { $0.record = Fixtures.stored(.settled) }
    let answer = try await gateway.run { [path, json] in
      try await $0.send(.patch, path, body: #"{"rating":4,"feedback":"nice \u00e9"}"#, headers: json)
    }
    #expect(answer.status == .ok)
    #expect(answer.json?.at("rating")?.integer == 4)
    #expect(answer.json?.at("feedback") == .string("nice \u{e9}"))
    #expect(answer.json?.at("receipt", "index")?.integer == 4)
  }

  @Test func anothersRecordAnswersLikeAMissingOne() async throws {
    let gateway = GatewayUnderTest()
    gateway.ledger.answers.withLock { $0.record = Fixtures.stored(.settled, member: MemberID(bits: 0x99)) }
    try await gateway.run { [path, json] client async throws in
      let foreign = try await client.send(.patch, path, body: #"{"rating":4}"#, headers: json)
      let missing = try await client.send(
        .patch, "/v1/records/\(RecordID(bits: 7))", body: #"{"rating":4}"#, headers: json)
      #expect(foreign.status == .notFound && missing.status == .notFound)
      #expect(foreign.json?.at("detail") == missing.json?.at("detail"))
      #expect(try await client.send(.patch, "/v1/records/x", body: #"{"rating":4}"#, headers: json).status == .notFound)
    }
    let admin = GatewayUnderTest(Fixtures.principal(role: .admin, scopes: [.admin]))
    admin.ledger.answers.withLock { $0.record = Fixtures.stored(.settled, member: MemberID(bits: 0x99)) }
    let answer = try await admin.run { [path, json] in
      try await $0.send(.patch, path, body: #"{"rating":null}"#, headers: json)
    }
    #expect(answer.status == .ok)
  }

  @Test(arguments: [
    (#"{"rating":0}"#, "rating"), (#"{"rating":6}"#, "rating"), (#"{"rating":1.5}"#, "rating"),
    (#"{"rating":"5"}"#, "rating"), (#"{"feedback":7}"#, "feedback"),
    (#"{"feedback":"\#(String(repeating: "a", count: 4_001))"}"#, "feedback"),
    (#"{"feedback":"a\u0000"}"#, "feedback"), (#"{"rating":5,"stars":5}"#, "stars"), ("{}", "rating"), ("[]", "object"),
  ])
  func whatIsWrongIsNamed(body: String, word: String) async throws {
    let gateway = GatewayUnderTest()
    gateway.ledger.answers.withLock { $0.record = Fixtures.stored(.settled) }
    let answer = try await gateway.run { [path, json] in try await $0.send(.patch, path, body: body, headers: json) }
    #expect(answer.status == .badRequest)
    #expect(String(decoding: answer.body, as: UTF8.self).contains(word))
  }

  @Test func historyIsToldWhereItIsAskedForOnly() async throws {
    let gateway = GatewayUnderTest()
    let past = (1...3).map { month in
      PastBudget(
        scope: .member, start: Fixtures.at("2026-0\(4 - month)-01T00:00:00Z"),
        end: Fixtures.at("2026-0\(5 - month)-01T00:00:00Z"), limit: month == 1 ? nil : Credits(5), used: Credits(3))
    }
    gateway.ledger.answers.withLock { $0.pastBudgets = past }
    try await gateway.run { client async throws in
      let plain = try await client.send(.get, "/v1/me")
      #expect(!String(decoding: plain.body, as: UTF8.self).contains("history"))
      let answer = try await client.send(.get, "/v1/me?periods=2")
      guard case .array(let budgets) = answer.json?.at("budgets"),
        case .array(let history) = budgets.first?.at("history")
      else {
        Issue.record("\(String(decoding: answer.body, as: UTF8.self))")
        return
      }
      #expect(history.count == 2)
      #expect(history.first?.at("periodStart") == .string("2026-03-01T00:00:00.000Z"))
      #expect(history.first?.at("limit") == .null)
      #expect(history.last?.at("used")?.integer == 3)
      for text in ["0", "121", "x", "-1", ""] {
        let faulty = try await client.send(.get, "/v1/me?periods=\(text)")
        #expect(faulty.status == .badRequest)
        #expect(String(decoding: faulty.body, as: UTF8.self).contains("periods"))
      }
    }
  }
}
