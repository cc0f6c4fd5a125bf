import Foundation
import Ledger
import TallyTesting
import Testing

extension EndToEnd {
  @Suite("Administration")
  struct AdministrationTests {
    /// Asks, and expects a status.
    private func expect(
      _ answer: HTTP.Answer, _ status: Int, _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation
    ) {
      #expect(answer.status == status, "\(what): \(answer.text)", sourceLocation: sourceLocation)
    }

    @Test("Every change over HTTP is a line: which key, whose, what, before, after and why")
    func changesOverHTTPAreLines() async throws {
      try await World.with { world in
        let admin = try await world.makeMember(user: "user-admin", role: "ADMIN")
        _ = try await world.tally.json("team", "set", admin.team, "--limit", "1000000")
        let http = world.http.with(key: admin.key)
        let keyID = try #require(KeyID(admin.keyID))
        var log = AdministrationLog(world, team: admin.team, actor: .key(keyID), administrator: "user-admin")
        try await log.skip()

        let added = try await http.post(
          "/v1/members", json: #"{"userId":"user-2","userName":"B","creditLimit":50000,"reason":"why-1"}"#)
        expect(added, 201, "add")
        try await log.expect("member added", reason: "why-1") {
          if case .memberAdded(let event) = $0 {
            event.role == .member && event.limit == Credits(50_000)
          } else {
            false
          }
        }
        expect(
          try await http.patch(
            "/v1/members/user-2", json: #"{"role":"FINANCE","creditLimit":70000,"reason":"why-2"}"#), 200, "change")
        try await log.expect(
          "member changed", reason: "why-2",
          {
            if case .memberChanged(let event) = $0 {
              event.old.role == .member && event.new.role == .finance
            } else {
              false
            }
          },
          {
            if case .limitChanged(let event) = $0 {
              event.old == Credits(50_000) && event.new == Credits(70_000)
            } else {
              false
            }
          })
        expect(
          try await http.patch("/v1/members/user-2", json: #"{"status":"SUSPENDED","reason":"why-3"}"#), 200, "suspend")
        try await log.expect("member suspended", reason: "why-3") { $0.action == .memberSuspended }
        expect(
          try await http.patch(
            "/v1/members/user-2", json: #"{"status":"ACTIVE","role":"MEMBER","period":"total","reason":"why-4"}"#), 200,
          "restore")
        try await log.expect("member restored", reason: "why-4") {
          if case .memberChanged(let event) = $0 {
            event.old.status == .suspended && event.new.status == .active && event.new.period == .total
          } else {
            false
          }
        }

        let issued = try await http.post(
          "/v1/keys", json: #"{"userId":"user-2","creditLimit":40000,"ratePerMinute":30,"reason":"why-5"}"#)
        expect(issued, 201, "issue")
        try await log.expect("key issued", reason: "why-5") {
          if case .keyIssued(let event) = $0 {
            event.scopes == [.edit] && event.limit == Credits(40_000) && event.ratePerMinute == 30
          } else {
            false
          }
        }
        let first = try #require(issued.json["keyId"].string)
        var member = admin
        member.key = try #require(issued.json["key"].string)
        #expect(try await world.submit(as: member).status == 200)
        try await log.skip()
        let rotated = try await http.send(
          "POST", "/v1/keys/\(first)/rotate", body: Data(#"{"overlapSeconds":0,"reason":"why-6"}"#.utf8),
          headers: ["Content-Type": "application/json"])
        expect(rotated, 201, "rotate")
        let second = try #require(rotated.json["keyId"].string)
        try await log.expect("key rotated", reason: "why-6") {
          if case .keyRotated(let event) = $0 {
            "\(event.replaces)" == first && "\(event.key)" == second && event.oldExpiryBefore == nil
          } else {
            false
          }
        }
        expect(try await http.delete("/v1/keys/\(second)?reason=why-7"), 200, "revoke")
        try await log.expect("key revoked", reason: "why-7") {
          if case .keyRevoked(let event) = $0 { "\(event.key)" == second } else { false }
        }
        member.key = try #require(rotated.json["key"].string)
        #expect(try await world.submit(as: member).status == 401)

        expect(
          try await http.patch(
            "/v1/team",
            json:
              #"{"creditLimit":900000,"timeZone":"Europe/Berlin","inDoubtChargeAfterSeconds":null,"reason":"why-8"}"#
          ), 200, "team")
        try await log.expect(
          "team changed", reason: "why-8",
          {
            if case .teamChanged(let event) = $0 {
              event.old.timeZone == "UTC" && event.new.timeZone == "Europe/Berlin"
                && event.old.inDoubtChargeAfterSeconds == 86_400 && event.new.inDoubtChargeAfterSeconds == nil
            } else {
              false
            }
          },
          {
            if case .limitChanged(let event) = $0 {
              event.old == Credits(1_000_000) && event.new == Credits(900_000)
            } else {
              false
            }
          })
        let shown = try await http.get("/v1/team")
        #expect(shown.json["creditLimit"].integer == 900_000 && shown.json["timeZone"].string == "Europe/Berlin")
        let lines = try await world.log(of: admin.team)
        #expect(shown.json["logSize"].integer == Int64(lines.count))
        try expectReplayed(lines, listing: try await http.get("/v1/members"), try await http.get("/v1/keys"))
        #expect(try await world.check().status == 0)
      }
    }

    /// Expects that the lines alone tell what the listings show.
    private func expectReplayed(_ lines: [World.LoggedLine], listing members: HTTP.Answer, _ keys: HTTP.Answer) throws {
      let book = try TeamBook.replay(lines: lines.map(\.bytes))
      let roles = members.json["data"].elements.compactMap { $0["role"].string }
      #expect(roles.sorted() == book.members.values.map(\.role.rawValue).sorted())
      let listed = keys.json["data"].elements
      #expect(listed.compactMap { $0["keyId"].string } == book.keys.keys.sorted().map { "\($0)" })
      #expect(listed.count { $0["revokedAt"].string != nil } == book.keys.values.count { $0.revokedAt != nil })
    }

    @Test("What an administrator may not do changes nothing, and says what to do")
    func whatIsDeniedChangesNothing() async throws {
      try await World.with { world in
        let admin = try await world.makeMember(user: "user-admin", role: "ADMIN")
        let other = try await world.makeMember(team: "other", user: "user-9")
        _ = try await world.addMember(to: admin.team, user: "user-2")
        _ = try await world.tally.json("team", "set", admin.team, "--limit", "1000")
        let narrow = try await world.tally.json(
          "key", "issue", admin.team, "user-admin", "--scopes", "admin", "--expires", "1h")
        let http = world.http.with(key: admin.key)
        let narrowHTTP = world.http.with(key: try #require(narrow["key"].string))
        var log = AdministrationLog(world, team: admin.team, actor: .operator, administrator: "")
        try await log.skip()
        let denied: [(HTTP.Answer, Int, String)] = [
          (try await http.patch("/v1/members/user-admin", json: #"{"role":"MEMBER"}"#), 409, "last admin's role"),
          (
            try await http.patch("/v1/members/user-admin", json: #"{"status":"SUSPENDED"}"#), 409, "last admin's status"
          ),
          (try await http.delete("/v1/keys/\(admin.keyID)"), 409, "own key"),
          (try await http.post("/v1/members", json: #"{"userId":"user-2","userName":"B"}"#), 409, "user id taken"),
          (try await http.post("/v1/members", json: #"{"userId":"two words","userName":"B"}"#), 400, "user id"),
          (try await http.patch("/v1/team", json: #"{"creditLimit":1001}"#), 403, "higher limit"),
          (try await http.patch("/v1/team", json: #"{"creditLimit":null}"#), 403, "no limit"),
          (try await http.patch("/v1/team", json: #"{"timeZone":"Nowhere/City"}"#), 400, "unknown zone"),
          (try await http.post("/v1/keys", json: #"{"userId":"user-2","scopes":["admin"]}"#), 400, "beyond role"),
          (try await narrowHTTP.post("/v1/keys", json: #"{"userId":"user-2"}"#), 403, "beyond key"),
          (
            try await narrowHTTP.post("/v1/keys", json: #"{"userId":"user-admin","scopes":["admin"]}"#), 403, "outlives"
          ),
          (try await http.delete("/v1/keys/\(other.keyID)"), 404, "another team's key"),
          (try await http.patch("/v1/members/user-9", json: #"{"creditLimit":1}"#), 404, "another team's member"),
          (try await http.post("/v1/keys", json: #"{"userId":"user-9"}"#), 404, "key for another team's member"),
        ]
        for (answer, status, what) in denied {
          expect(answer, status, "\(what)")
          #expect(answer.headers["content-type"] == "application/problem+json", "\(what)")
        }
        let missing = try await http.delete("/v1/keys/\(UUID().uuidString.lowercased())")
        let foreign = try await http.delete("/v1/keys/\(other.keyID)")
        #expect(missing.json["detail"].string == foreign.json["detail"].string)
        let plain = try await world.addMember(to: admin.team, user: "user-3")
        try await log.skip()
        expect(try await world.http.with(key: plain.key).get("/v1/members"), 403, "member")
        try await log.expectNothing("denied")
      }
    }

    @Test("A key that was revoked a moment ago changes nothing, although the gateway still knows it")
    func revokedKeyChangesNothing() async throws {
      try await World.with { world in
        let admin = try await world.makeMember(user: "user-admin", role: "ADMIN")
        let http = world.http.with(key: admin.key)
        expect(try await http.get("/v1/team"), 200, "known")
        _ = try await world.tally.json("key", "revoke", admin.keyID, "--reason", "leaked")
        let answer = try await http.post("/v1/members", json: #"{"userId":"user-2","userName":"B"}"#)
        expect(answer, 401, "revoked")
        #expect(try await world.tally.json("member", "list", admin.team).elements.count == 1)
      }
    }

    @Test("Two administrators that demote each other at once leave one")
    func oneAdministratorIsLeft() async throws {
      try await World.with(gateways: 2) { world in
        let first = try await world.makeMember(user: "user-1", role: "ADMIN")
        let second = try await world.addMember(to: first.team, user: "user-2", role: "ADMIN")
        async let one = HTTP(base: world.gateways[0].address).with(key: first.key)
          .patch("/v1/members/user-2", json: #"{"role":"MEMBER"}"#)
        async let two = HTTP(base: world.gateways[1].address).with(key: second.key)
          .patch("/v1/members/user-1", json: #"{"role":"MEMBER"}"#)
        let statuses = [try await one.status, try await two.status].sorted()
        #expect(statuses == [200, 403])
        let roles = try await world.tally.json("member", "list", first.team).elements.compactMap { $0["role"].string }
        #expect(roles.sorted() == ["ADMIN", "MEMBER"])
      }
    }
  }
}
