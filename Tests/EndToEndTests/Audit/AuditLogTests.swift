import Foundation
import TallyTesting
import Testing

extension EndToEnd {
  /// The audit log as finance reads it, what members say of their edits, and how long all of it is kept.
  @Suite("Audit log") struct AuditLogTests {
    @Test func financePagesThroughEveryAdministrativeLine() async throws {
      try await World.with { world in
        let member = try await world.makeMember()
        let finance = try await world.addMember(to: member.team, user: "finance", role: "FINANCE")
        #expect(try await world.submit(as: member).status == 200)
        _ = try await world.tally.json("team", "set", member.team, "--limit", "5000000", "--reason", "a test")
        let http = world.http.with(key: finance.key)
        var types: [String] = []
        var ids: [String] = []
        var query = "?limit=2"
        while true {
          let page = try await http.get("/v1/organization/audit_logs\(query)")
          #expect(page.status == 200, "\(page.text)")
          for entry in page.json["data"].elements {
            types.append(entry["type"].string ?? "")
            ids.append(entry["id"].string ?? "")
            #expect(entry[types.last ?? ""].isPresent)
          }
          guard page.json["has_more"].boolean == true, let last = page.json["last_id"].string else { break }
          query = "?limit=2&after=\(last)"
        }
        #expect(Set(ids).count == ids.count)
        // What the receipts' key announces stands among them.
        let told = types.filter { !$0.hasPrefix("log.") }
        #expect(
          told == [
            "report.read", "limit.changed", "key.issued", "member.added", "key.issued", "member.added", "team.created",
          ])
        let edits = try await http.get("/v1/organization/audit_logs?event_types[]=edit.settled&actor_ids[]=system")
        #expect(edits.json["data"].elements.count == 1)
        let readings = try await http.get("/v1/organization/audit_logs?event_types=report.read")
        #expect(readings.json["data"].elements.map { $0["report.read"]["report"].string } == ["audit_logs"])
        #expect(readings.json["data"][0]["actor"]["api_key"]["user"]["id"].string == "finance")
        let refused = try await world.http.with(key: member.key).get("/v1/organization/audit_logs")
        #expect(refused.status == 403)
        let unknown = try await http.get("/v1/organization/audit_logs?colour=red")
        #expect(unknown.status == 400 && unknown.text.contains("colour"))
        #expect(try await world.check().status == 0)
      }
    }

    @Test func recordsAreRatedAndKeptAsLongAsTheTeamWants() async throws {
      try await World.with { world in
        let member = try await world.makeMember()
        let answer = try await world.submit(as: member)
        let record = try #require(answer.json["aiRecord"]["uuid"].string)
        let http = world.http.with(key: member.key)
        let rated = try await http.patch("/v1/records/\(record)", json: #"{"rating":5,"feedback":"fine"}"#)
        #expect(rated.json["rating"].integer == 5)
        #expect(try await http.get("/v1/records/\(record)").json["feedback"].string == "fine")
        let me = try await http.get("/v1/me?periods=12")
        #expect(me.json["budgets"][0]["history"].elements.isEmpty)

        let early = try await world.tally.run(["records", "remove", member.team, "--reason", "a test"])
        #expect(early.status == 1 && early.errors.contains("--keep-records"))
        let set = try await world.tally.json(
          "team", "set", member.team, "--keep-records", "400d", "--reason", "policy")
        #expect(set["keepRecordsDays"].integer == 400)
        let planned = try await world.tally.json("records", "remove", member.team, "--dry-run")
        #expect(planned["records"].integer == 0 && planned["before"].isNull)
        let wrong = try await world.tally.run(
          ["team", "set", member.team, "--keep-records", "3d", "--reason", "policy"])
        #expect(wrong.status == 64 && wrong.errors.contains("31"))
        #expect(try await world.check().status == 0)
      }
    }
  }
}
