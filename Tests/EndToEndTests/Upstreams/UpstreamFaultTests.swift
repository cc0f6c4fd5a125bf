import Foundation
import TallyTesting
import Testing

extension EndToEnd {
  @Suite("Upstreams that fail")
  struct UpstreamFaultTests {
    /// What an upstream does, and what must come of it.
    struct Case: Sendable {
      var name: String
      var behaviour: FakeUpstream.Behaviour
      var status: Int
      var errorCode: String
      var state: String
      /// A text of the upstream's that no member may see.
      var hidden: String?
    }

    private static func json(_ status: String, _ body: String, headers: String = "") -> FakeUpstream.Behaviour {
      .answer(
        "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n"
          + body)
    }

    private static let page = "<html><body>the connection timed out</body></html>"

    static let cases = [
      Case(
        name: "garbage", behaviour: .answer("what is this\r\n\r\n"), status: 502, errorCode: "UPSTREAM_ERROR",
        state: "in_doubt"),
      Case(
        name: "HTML 522",
        behaviour: .answer(
          "HTTP/1.1 522 Timed Out\r\nContent-Type: text/html\r\nContent-Length: \(page.utf8.count)\r\n\r\n\(page)"),
        status: 504, errorCode: "UPSTREAM_TIMEOUT", state: "in_doubt"),
      Case(
        name: "200 with HTML",
        behaviour: .answer(
          "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: \(page.utf8.count)\r\n\r\n\(page)"),
        status: 502, errorCode: "UPSTREAM_ERROR", state: "in_doubt"),
      Case(
        name: "500", behaviour: json("500 Oops", #"{"message":"no"}"#), status: 502, errorCode: "UPSTREAM_ERROR",
        state: "in_doubt"),
      Case(
        name: "10 GB", behaviour: .flood(head: "HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n"), status: 502,
        errorCode: "UPSTREAM_ERROR", state: "in_doubt"),
      Case(
        name: "slow", behaviour: .drip(head: "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"), status: 504,
        errorCode: "UPSTREAM_TIMEOUT", state: "in_doubt"),
      Case(name: "nothing", behaviour: .silence, status: 504, errorCode: "UPSTREAM_TIMEOUT", state: "in_doubt"),
      Case(name: "closes", behaviour: .close, status: 504, errorCode: "UPSTREAM_TIMEOUT", state: "in_doubt"),
      Case(
        name: "refuses the request", behaviour: json("400 Bad", #"{"errorCode":"BAD_PICTURE","message":"unreadable"}"#),
        status: 400, errorCode: "BAD_PICTURE", state: "released"),
      Case(
        name: "refuses the operator's key", behaviour: json("401 No", #"{"message":"operator secret"}"#), status: 502,
        errorCode: "UPSTREAM_ACCOUNT", state: "released", hidden: "operator secret"),
      Case(
        name: "has no credit for the operator",
        behaviour: json("406 No", #"{"errorCode":"INSUFFICIENT_CREDITS","message":"only has 7 credits"}"#), status: 502,
        errorCode: "UPSTREAM_ACCOUNT", state: "released", hidden: "only has 7"),
      Case(
        name: "is busy", behaviour: json("429 Slow", "{}", headers: "Retry-After: 7\r\n"), status: 429,
        errorCode: "RATE_LIMITED", state: "released"),
    ]

    @Test("Whatever the upstream does, the answer is a clear error and nothing is charged that was not done")
    func faultsAreAnsweredClearly() async throws {
      let upstream = try await FakeUpstream.start()
      try await World.with(upstream: upstream.address, serveArguments: ["--upstream-timeout", "2"]) { world in
        _ = try await world.tally.json("team", "create", "acme")
        for (number, fault) in Self.cases.enumerated() {
          let member = try await world.addMember(to: "acme", user: "user-\(number)")
          upstream.behave(fault.behaviour)
          let answer = try await world.submit(as: member)
          #expect(answer.status == fault.status, "\(fault.name): \(answer.text)")
          #expect(answer.json["errorCode"].string == fault.errorCode, "\(fault.name)")
          #expect(answer.json["error"]["code"].string == fault.errorCode, "\(fault.name)")
          #expect(answer.json["success"].boolean == false, "\(fault.name)")
          if let hidden = fault.hidden { #expect(!answer.text.contains(hidden), "\(fault.name)") }
          let records = try await world.tally.json("records", "list", "acme", "--user", member.user)
          #expect(records.elements.map { $0["state"].string } == [fault.state], "\(fault.name)")
          let listed = try await world.listed(member)
          #expect(listed["usedCredit"].integer == 0, "\(fault.name)")
          #expect(listed["heldCredit"].integer == (fault.state == "in_doubt" ? 33_000 : 0), "\(fault.name)")
          if fault.state == "in_doubt" {
            #expect(answer.json["details"].parsed["uuid"].string == records[0]["uuid"].string, "\(fault.name)")
          }
        }
        // One request each: an edit is never sent twice.
        #expect(upstream.requests == Self.cases.count)
        #expect(try await world.check().status == 0)
      }
      await upstream.stop()
    }

    @Test("An upstream that is down costs nothing")
    func unreachableUpstreamReleases() async throws {
      let upstream = try await FakeUpstream.start()
      let address = upstream.address
      await upstream.stop()
      try await World.with(upstream: address) { world in
        let member = try await world.makeMember()
        let answer = try await world.submit(as: member)
        #expect(answer.status == 502)
        #expect(answer.json["errorCode"].string == "UPSTREAM_ERROR")
        #expect(answer.json["details"].parsed["state"].string == "released")
        #expect(try await world.listed(member)["heldCredit"].integer == 0)
      }
    }

    @Test("An edit in doubt keeps its credits until an administrator resolves it")
    func administratorResolvesDoubt() async throws {
      try await World.with(
        sandboxArguments: ["--bill-then-500", "1"]
      ) { world in
        let member = try await world.makeMember(limit: "99000")
        for _ in 0..<3 { #expect(try await world.submit(as: member).status == 502) }
        #expect(try await world.submit(as: member).status == 406)
        let records = try await world.tally.json("records", "list", "acme", "--state", "in_doubt")
        let uuids = records.elements.compactMap { $0["uuid"].string }
        try #require(uuids.count == 3)
        let charged = try await world.tally.json(
          "records", "resolve", uuids[0], "--charge", "33000", "--reason", "seen upstream")
        #expect(charged["state"].string == "settled")
        let released = try await world.tally.json("records", "resolve", uuids[1], "--release", "--reason", "goodwill")
        #expect(released["state"].string == "released")
        let twice = try await world.tally.run(["records", "resolve", uuids[1], "--charge", "1", "--reason", "again"])
        #expect(twice.status == 1)
        let credited = try await world.tally.json("records", "credit", uuids[0], "13000", "--reason", "blurred")
        #expect(credited["credits"].integer == 20_000)
        let listed = try await world.listed(member)
        #expect(listed["usedCredit"].integer == 20_000)
        #expect(listed["heldCredit"].integer == 33_000)
        let check = try await world.check()
        #expect(check.status == 0, "\(check.output) \(check.errors)")
      }
    }
  }
}
