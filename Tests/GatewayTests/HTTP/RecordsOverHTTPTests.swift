import Gateway
import HTTPTypes
import Ledger
import LedgerStore
import Synchronization
import Testing

@Suite struct RecordsOverHTTPTests {
  private let other = MemberID(bits: 0x99)
  private let path = "/api/results/\(Fixtures.record)"

  @Test func ownRecordIsShownInTheWireFormat() async throws {
    let gateway = GatewayUnderTest()
    gateway.ledger.answers.withLock { $0.record = Fixtures.stored(.settled) }
    let answer = try await gateway.run { [path] in try await $0.send(.get, path) }
    #expect(answer.json?.at("aiRecord", "uuid") == .string(Fixtures.record.description))
    #expect(answer.json?.at("aiRecord", "metadata", "credit")?.integer == 33_000)
    #expect(answer.json?.at("receipt", "index")?.integer == 4)
  }

  @Test func whatIsNotOnesOwnDoesNotExist() async throws {
    let gateway = GatewayUnderTest()
    gateway.ledger.answers.withLock { $0.record = Fixtures.stored(.settled, member: other) }
    try await gateway.run { [path] client async throws in
      for path in [path, "/api/results/\(RecordID(bits: 0x77))", "/api/results/nonsense", "/api/results/%00"] {
        let answer = try await client.send(.get, path)
        #expect(answer.status == .ok)
        #expect(String(decoding: answer.body, as: UTF8.self) == #"{"aiRecord":null}"#)
      }
      for id in ["\(Fixtures.record)", "\(RecordID(bits: 0x77))", "nonsense"] {
        let answer = try await client.send(.get, "/v1/records/\(id)")
        #expect(answer.status == .notFound)
      }
    }
  }

  @Test func administratorSeesTheTeams() async throws {
    let gateway = GatewayUnderTest(Fixtures.principal(role: .admin, scopes: [.admin, .edit]))
    gateway.ledger.answers.withLock { $0.record = Fixtures.stored(.settled, member: other) }
    try await gateway.run { client async throws in
      let answer = try await client.send(.get, "/v1/records/\(Fixtures.record)")
      #expect(answer.json?.at("state") == .string("settled"))
      #expect(answer.json?.at("promptObject", "prompt") == .string("b"))
      _ = try await client.send(.get, "/v1/records?limit=5&userId=user-9")
    }
    let asked = try #require(gateway.ledger.lastFilter)
    #expect(asked.member == nil)
    #expect(asked.filter.limit == 5)
    #expect(asked.filter.userID == "user-9")
  }

  @Test func memberListsOnlyItsOwn() async throws {
    let gateway = GatewayUnderTest()
    gateway.ledger.answers.withLock {
      $0.page = Page(elements: [Fixtures.stored(.settled), Fixtures.stored(.refused)], hasMore: true)
    }
    let answer = try await gateway.run { try await $0.send(.get, "/v1/records") }
    #expect(gateway.ledger.lastFilter?.member == Fixtures.member)
    #expect(answer.json?.at("hasMore") == .bool(true))
    #expect(answer.json?.at("next") == .string(Fixtures.record.description))
    guard case .array(let records) = answer.json?.at("data") else {
      Issue.record("no data")
      return
    }
    #expect(records.map { $0.at("status") } == [.string("SUCCESS"), .string("REFUSED")])
  }
}
