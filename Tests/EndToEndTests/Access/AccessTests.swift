import Foundation
import TallyTesting
import Testing

extension EndToEnd {
  @Suite("Who may do what")
  struct AccessTests {
    private func expectError(
      _ answer: HTTP.Answer, _ status: Int, _ code: String, _ what: Comment,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      #expect(answer.status == status, what, sourceLocation: sourceLocation)
      #expect(answer.json["errorCode"].string == code, what, sourceLocation: sourceLocation)
      #expect(answer.json["error"]["code"].string == code, what, sourceLocation: sourceLocation)
      #expect(answer.json["message"].string == answer.json["error"]["message"].string, what)
    }

    @Test("A key that is missing, malformed, invented, revoked or expired is answered 401 alike")
    func badKeysAreRefused() async throws {
      try await World.with { world in
        let member = try await world.makeMember()
        let body = World.edit(image: World.publicImage)
        expectError(try await world.http.post("/api/features", json: body), 401, "INVALID_API_KEY", "no key")
        let last = member.key.last == "0" ? "1" : "0"
        for key in ["nonsense", "tally_", String(member.key.dropLast()) + last, String(member.key.dropLast())] {
          expectError(
            try await world.http.with(key: key).post("/api/features", json: body), 401, "INVALID_API_KEY", "\(key)")
        }
        let other = try await world.addMember(to: "acme", user: "user-2")
        expectError(
          try await world.http.with(key: member.key)
            .post("/api/features", json: body, headers: ["Authorization": "Bearer \(other.key)"]),
          401, "INVALID_API_KEY", "two keys that differ")
        _ = try await world.tally.json("key", "revoke", other.keyID)
        expectError(try await world.submit(as: other), 401, "INVALID_API_KEY", "revoked")
        let short = try await world.tally.json("key", "issue", "acme", "user-12345", "--expires", "1s")
        let expiring = world.http.with(key: try #require(short["key"].string))
        _ = try await world.gateways[0].process.wait(within: .seconds(30), "the key to expire") {
          let answer = try await expiring.get("/v1/me")
          return answer.status == 401 ? true : nil
        }
        #expect(try #require(world.sandbox).truthLog.calls().isEmpty)
        #expect(try await world.submit(as: member).status == 200)
      }
    }

    @Test("The three headers are one: all of them may carry the same key")
    func threeHeadersAreOne() async throws {
      try await World.with { world in
        let key = try await world.makeMember().key
        for headers in [
          ["API-KEY": key], ["Authorization": "Bearer \(key)"], ["X-Auth-Token": "Bearer \(key)"],
          ["API-KEY": key, "Authorization": "Bearer \(key)", "X-Auth-Token": "Bearer \(key)"],
        ] {
          let answer = try await world.http.send("GET", "/v1/me", body: nil, headers: headers)
          #expect(answer.status == 200, "\(headers.keys)")
          #expect(answer.json["userId"].string == "user-12345")
        }
      }
    }

    @Test("A rotated key and its successor share the budget; the old one ends with the overlap")
    func rotationKeepsTheBudget() async throws {
      try await World.with { world in
        let member = try await world.makeMember()
        let issued = try await world.tally.json("key", "issue", "acme", "user-12345", "--limit", "66000")
        var old = member
        old.key = try #require(issued["key"].string)
        #expect(try await world.submit(as: old).status == 200)
        let rotated = try await world.tally.json(
          "key", "rotate", try #require(issued["keyId"].string), "--overlap", "1h")
        var new = member
        new.key = try #require(rotated["key"].string)
        #expect(try await world.submit(as: new).status == 200)
        #expect(try await world.submit(as: old).status == 406)
        #expect(try await world.submit(as: new).status == 406)
        #expect(try await world.submit(as: member).status == 200)
      }
    }

    @Test("A suspended member and a suspended team are refused, at the latest at the hold; finance submits nothing")
    func suspendedAreRefused() async throws {
      try await World.with { world in
        let member = try await world.makeMember()
        let finance = try await world.addMember(to: "acme", user: "books", role: "FINANCE")
        expectError(try await world.submit(as: finance), 403, "FORBIDDEN", "finance")
        #expect(try await world.submit(as: member).status == 200)
        _ = try await world.tally.json("member", "set", "acme", "user-12345", "--status", "SUSPENDED")
        expectError(try await world.submit(as: member), 403, "MEMBER_SUSPENDED", "member")
        _ = try await world.tally.json("member", "set", "acme", "user-12345", "--status", "ACTIVE")
        #expect(try await world.submit(as: member).status == 200)
        _ = try await world.tally.json("team", "set", "acme", "--status", "SUSPENDED", "--reason", "unpaid")
        expectError(try await world.submit(as: member), 403, "TEAM_SUSPENDED", "team")
        #expect(try #require(world.sandbox).truthLog.edits().count == 2)
      }
    }

    @Test("Another team's picture is as if it were not there, by key and by full address")
    func foreignPicturesAreInvisible() async throws {
      try await World.with { world in
        let owner = try await world.makeMember()
        let stranger = try await world.makeMember(team: "other")
        let upload = try await world.http.with(key: owner.key).upload(try World.picture())
        let key = try #require(upload.json["asset"]["key"].string)
        let location = try #require(upload.json["asset"]["location"].string)
        let edit = try await world.submit(as: owner, image: key)
        let result = try #require(edit.json["aiRecord"]["aiRecordDetail"]["resultObject"][0].string)
        let temporary = try #require(edit.json["aiRecord"]["temporaryUrl"].string)
        for image in [key, location, result, temporary] {
          expectError(try await world.submit(as: stranger, image: image), 404, "ASSET_NOT_FOUND", "\(image)")
          #expect(try await world.submit(as: owner, image: image).status == 200, "\(image)")
        }
        expectError(
          try await world.submit(as: stranger, image: "images/never-there.png"), 404, "ASSET_NOT_FOUND", "missing")
        let uuid = try #require(edit.json["aiRecord"]["uuid"].string)
        let foreign = try await world.http.with(key: stranger.key).get("/api/results/\(uuid)")
        #expect(foreign.status == 200)
        #expect(foreign.json["aiRecord"].isNull)
        #expect(try await world.http.with(key: stranger.key).get("/v1/records/\(uuid)").status == 404)
        #expect(try await world.http.with(key: owner.key).get("/v1/records/\(uuid)").status == 200)
      }
    }
  }
}
