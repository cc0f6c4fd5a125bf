import Foundation
import TallyTesting
import Testing

extension EndToEnd {
  @Suite("An edit")
  struct EditTests {
    @Test("The Feature API page's own curl example answers every field of the page's response")
    func pageExampleAnswersEveryField() async throws {
      try await World.with { world in
        let member = try await world.makeMember(limit: "100000000", role: "ADMIN")
        let asset = try await world.uploadPicture(as: member)
        let body = world.folder.appending(path: "answer.json")
        let curl = try ChildProcess(
          URL(filePath: "/usr/bin/curl"),
          arguments: [
            "-X", "POST", "\(world.gateways[0].address)/api/features", "-H", "API-KEY: \(member.key)", "-H",
            "Content-Type: application/json", "-d", World.edit(image: asset), "-o", body.path,
          ], folder: world.folder, name: "curl")
        #expect(try await curl.waitForExit() == 0)
        let answer = JSONNode(parsing: try Data(contentsOf: body))
        try Self.expectPage(answer["aiRecord"], member, asset: asset)
        #expect(answer["receipt"].names.contains("leaf"))
        try await Self.expectPicture(answer["aiRecord"]["temporaryUrl"].string)
        let uuid = try #require(answer["aiRecord"]["uuid"].string)
        let again = try await world.http.with(key: member.key).get("/api/results/\(uuid)")
        #expect(again.json["aiRecord"]["status"].string == "SUCCESS")
        let check = try await world.check()
        #expect(check.status == 0, "\(check.output) \(check.errors)")
      }
    }

    @Test("What was charged is what the command line shows, and a second edit over the limit gets 406")
    func secondEditOverTheLimitIsRefused() async throws {
      try await World.with { world in
        let member = try await world.makeMember(limit: "50000")
        #expect(try await world.submit(as: member).status == 200)
        let refused = try await world.submit(as: member)
        #expect(refused.status == 406)
        #expect(refused.json["errorCode"].string == "INSUFFICIENT_CREDITS")
        let message = try #require(refused.json["message"].string)
        #expect(message.contains("requires 33000 credits"))
        #expect(message.contains("only has 17000 credits"))
        #expect(refused.json["details"].parsed["available"].integer == 17_000)
        #expect(try await world.listed(member)["usedCredit"].integer == 33_000)
        #expect(try await world.listed(member)["heldCredit"].integer == 0)
        let records = try await world.tally.json("records", "list", member.team)
        #expect(records.elements.map { $0["state"].string } == ["refused", "settled"])
        #expect(records.elements.map { $0["credits"].integer } == [0, 33_000])
        #expect(try #require(world.sandbox).truthLog.edits().count == 1)
      }
    }

    @Test("A client that closes its socket in the middle of an edit is charged all the same")
    func closedSocketStillSettles() async throws {
      let upstream = try await FakeUpstream.start()
      upstream.behave(.answerWhenTold(FakeUpstream.success()))
      try await World.with(upstream: upstream.address) { world in
        let member = try await world.makeMember()
        let body = World.edit(image: World.publicImage)
        try await RawClient.sendAndClose(
          to: world.gateways[0].address,
          """
          POST /api/features HTTP/1.1\r
          Host: tally\r
          API-KEY: \(member.key)\r
          Content-Type: application/json\r
          Content-Length: \(body.utf8.count)\r
          \r
          \(body)
          """
        ) {
          _ = try await world.gateways[0].process.wait(within: .seconds(30), "the edit to reach the upstream") {
            upstream.requests == 1 ? true : nil
          }
        }
        #expect(try await world.record(of: member, reaching: "held")["credits"].integer == 0)
        upstream.answerNow()
        #expect(try await world.record(of: member, reaching: "settled")["credits"].integer == 33_000)
        let check = try await world.check()
        #expect(check.status == 0, "\(check.output) \(check.errors)")
      }
      await upstream.stop()
    }

    @Test("A gateway that is asked to end lets its running edits settle")
    func gracefulEndSettlesRunningEdits() async throws {
      let upstream = try await FakeUpstream.start()
      upstream.behave(.answerWhenTold(FakeUpstream.success()))
      try await World.with(upstream: upstream.address) { world in
        let member = try await world.makeMember()
        async let answer = world.submit(as: member)
        let gateway = world.gateways[0]
        _ = try await gateway.process.wait(within: .seconds(30), "the edit to reach the upstream") {
          upstream.requests == 1 ? true : nil
        }
        async let status = gateway.stop()
        // It has understood when it lets nobody in any more.
        _ = try await gateway.process.wait(within: .seconds(30), "the gateway to close its door") {
          (try? await RawClient.canConnect(to: gateway.address)) == true ? nil : true
        }
        upstream.answerNow()
        #expect(try await answer.status == 200)
        #expect(await status == 0)
        let records = try await world.tally.json("records", "list", member.team)
        #expect(records[0]["state"].string == "settled")
      }
      await upstream.stop()
    }

    private static func expectPage(_ record: JSONNode, _ member: World.Member, asset: String) throws {
      let names = [
        "additionalData", "aiRecordDetail", "conversationId", "createdAt", "feedback", "metadata", "model", "rating",
        "status", "teamId", "teamUser", "temporaryUrl", "type", "userId", "uuid",
      ]
      #expect(names.allSatisfy(record.names.contains), "\(record.names)")
      let user = record["teamUser"]
      let userNames = [
        "createdAt", "createdBy", "creditLimit", "role", "status", "teamId", "updatedAt", "updatedBy", "usedCredit",
        "userAvatar", "userId", "userName",
      ]
      #expect(userNames.allSatisfy(user.names.contains), "\(user.names)")
      #expect(record["status"].string == "SUCCESS")
      #expect(record["userId"].string == member.user)
      #expect(user["userName"].string == "John Doe")
      #expect(user["creditLimit"].integer == 100_000_000)
      #expect(user["usedCredit"].integer == 33_000)
      #expect(record["metadata"]["credit"].integer == 33_000)
      #expect(record["aiRecordDetail"]["promptObject"]["imageUrl"].string == asset)
      #expect(record["aiRecordDetail"]["resultObject"].elements.count == 1)
      #expect(record["aiRecordDetail"]["responseObject"].isPresent)
    }

    private static func expectPicture(_ address: String?) async throws {
      let picture = try await HTTP(base: "").get(try #require(address)).body
      #expect(picture.prefix(8) == Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
      #expect(picture.dropFirst(16).prefix(8) == Data([0, 0, 4, 0, 0, 0, 4, 0]))
    }
  }
}
