import Gateway
import HTTPTypes
import Ledger
import LedgerStore
import Synchronization
import Testing

/// What a 400 of Tally's own surface says of the parameters and fields at fault.
@Suite struct FaultNamingTests {
  private static let usage = "/v1/organization/usage/images?start_time"

  private static func gateway() -> GatewayUnderTest {
    GatewayUnderTest(Fixtures.principal(role: .admin, scopes: [.reports, .admin, .edit]))
  }

  private static func faults(_ answer: GatewayUnderTest.Answer) -> [(field: String, message: String)] {
    guard case .array(let errors) = answer.json?.at("errors") else { return [] }
    return errors.map { ($0.at("field")?.text ?? "", $0.at("message")?.text ?? "") }
  }

  @Test(arguments: [
    ("/v1/me?perids=12", ["perids"]), ("/v1/me?foo=1", ["foo"]), ("/v1/me?periods[]=3", ["periods[]"]),
    ("/v1/me?periods=1&periods=2", ["periods"]), ("/v1/me?periods=0", ["periods"]), ("/v1/me?periods=12", []),
    ("/v1/records?limit=1&limit=2", ["limit"]), ("/v1/members?after=a&after=b", ["after"]),
    ("\(usage)=10&models=%ff%fe", ["models"]), ("\(usage)=10&group_by=%ff", ["group_by"]),
    ("\(usage)=10&user_ids=%zz", ["user_ids"]), ("\(usage)=253402300799", ["start_time"]),
  ])
  func parameterAtFaultIsNamedOnce(path: String, fields: [String]) async throws {
    try await Self.gateway().run { client in
      let answer = try await client.send(.get, path)
      #expect((answer.status == .ok) == fields.isEmpty)
      #expect(Self.faults(answer).map(\.field) == fields)
    }
  }

  /// The field stands beside the message, and once in front of it in the text for people.
  @Test func messagesDoNotRepeatTheField() async throws {
    try await Self.gateway().run { client in
      for path in ["/v1/me?periods=0", "/v1/records?limit=0&after=x&status=x", "/v1/organization/costs"] {
        let answer = try await client.send(.get, path)
        #expect(answer.status == .badRequest && !Self.faults(answer).isEmpty)
        for (field, message) in Self.faults(answer) { #expect(!message.hasPrefix(field), "\(path): \(message)") }
      }
      let missing = try await client.send(.get, "/v1/organization/costs")
      #expect(missing.json?.at("message")?.text == "start_time: is required")
    }
  }

  @Test func changeOfNothingNamesWhatCouldBeChanged() async throws {
    let gateway = Self.gateway()
    gateway.ledger.answers.withLock { $0.record = Fixtures.stored(.settled) }
    try await gateway.run { client in
      for (path, fields) in [
        ("/v1/records/\(Fixtures.record)", ["rating", "feedback"]),
        ("/v1/team", ["creditLimit", "timeZone", "inDoubtChargeAfterSeconds"]),
      ] {
        let answer = try await client.send(.patch, path, body: "{}", headers: [("Content-Type", "application/json")])
        #expect(answer.status == .badRequest && Self.faults(answer).map(\.field) == fields, "\(path)")
      }
    }
  }

  @Test func timesSayTheirRangeAndZonesTheirForm() async throws {
    try await Self.gateway().run { client in
      let milliseconds = try await client.send(.get, "\(Self.usage)=1000000000000")
      let message = try #require(milliseconds.json?.at("message")?.text)
      #expect(message.contains("not milliseconds") && message.contains("253402300798"))
      for zone in ["CET", "EST5EDT", "GMT"] {
        let answer = try await client.send(.get, "\(Self.usage)=10&time_zone=\(zone)")
        #expect(answer.json?.at("message")?.text?.contains("Area/Place") == true)
      }
      // The last second that a bucket can begin with has one behind it.
      let last = try await client.send(.get, "\(Self.usage)=253402300798")
      guard case .array(let buckets) = last.json?.at("data") else {
        Issue.record("\(String(decoding: last.body, as: UTF8.self))")
        return
      }
      #expect(buckets.map { $0.at("start_time")?.integer } == [253_402_300_798])
      #expect(buckets.map { $0.at("end_time")?.integer } == [253_402_300_799])
    }
  }
}
