import Foundation
import TallyTesting
import Testing

extension EndToEnd {
  @Suite("Retries")
  struct RetryTests {
    private static func submit(
      _ world: World, _ member: World.Member, key: String, options: String = "", through number: Int = 0
    ) async throws -> HTTP.Answer {
      try await HTTP(base: world.gateways[number].address).with(key: member.key)
        .post(
          "/api/features", json: World.edit(image: World.publicImage, options: options),
          headers: ["Idempotency-Key": key])
    }

    @Test("Twenty requests with one key through two gateways at once: one upstream call, one charge")
    func oneKeyIsOneUpstreamCall() async throws {
      try await World.with(gateways: 2, sandboxArguments: ["--latency", "300"]) { world in
        let member = try await world.makeMember(limit: "100000")
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
          for number in 0..<20 {
            group.addTask { try await Self.submit(world, member, key: "k", through: number % 2).status }
          }
          return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(statuses.isSubset(of: [200, 409]) && statuses.contains(200))
        var uuids: Set<String> = []
        for gateway in [0, 1] {
          let again = try await Self.submit(world, member, key: "k", through: gateway)
          #expect(again.status == 200)
          uuids.insert(try #require(again.json["aiRecord"]["uuid"].string))
        }
        #expect(uuids.count == 1)
        #expect(try #require(world.sandbox).truthLog.edits().count == 1)
        #expect(try await world.listed(member)["usedCredit"].integer == 33_000)
        #expect(try await Self.submit(world, member, key: "k", options: ",\"output_compression\": 50").status == 422)
        let check = try await world.check()
        #expect(check.status == 0, "\(check.output) \(check.errors)")
      }
    }

    @Test("A refusal is the answer of its retries also after the limit was raised")
    func refusalStaysTheAnswer() async throws {
      try await World.with { world in
        let member = try await world.makeMember(limit: "1000")
        let first = try await Self.submit(world, member, key: "k")
        #expect(first.status == 406)
        _ = try await world.tally.json("member", "set", member.team, member.user, "--limit", "1000000", "--reason", "r")
        let again = try await Self.submit(world, member, key: "k")
        #expect(again.status == 406)
        #expect(again.text == first.text)
        #expect(try await Self.submit(world, member, key: "l").status == 200)
      }
    }

    @Test("A provider's refusal is answered again word for word, and it is not asked again")
    func upstreamRefusalIsRepeated() async throws {
      try await World.with(sandboxArguments: ["--fail", "1"]) { world in
        let member = try await world.makeMember()
        let first = try await Self.submit(world, member, key: "k")
        let again = try await Self.submit(world, member, key: "k")
        #expect(first.status == 400 && again.status == 400)
        #expect(again.text == first.text)
        #expect(try #require(world.sandbox).truthLog.edits().count == 1)
      }
    }

    @Test("Retries after a gateway was killed are 409 until the edit is resolved, then its answer")
    func retriesAfterAKillWaitForTheResolution() async throws {
      let serve = ["--lease", "2s", "--upstream-timeout", "60s"]
      try await World.with(gateways: 2, sandboxArguments: ["--timeout-rate", "1"], serveArguments: serve) { world in
        let member = try await world.makeMember(limit: "100000")
        let sandbox = try #require(world.sandbox)
        let submitted = Task { try await Self.submit(world, member, key: "k") }
        let killed = world.gateways[0].process
        _ = try await killed.wait(within: .seconds(30), "the edit to reach the upstream") {
          try sandbox.truthLog.edits().isEmpty ? nil : true
        }
        killed.send(signal: SIGKILL)
        try await killed.waitForExit()
        _ = try? await submitted.value
        let running = try await Self.submit(world, member, key: "k", through: 1)
        #expect(running.status == 409)
        #expect(running.json["errorCode"].string == "IDEMPOTENCY_IN_PROGRESS")
        let uuid = try #require(running.json["details"].parsed["uuid"].string)
        _ = try await world.tally.json("records", "resolve", uuid, "--charge", "33000", "--reason", "it was done")
        let resolved = try await Self.submit(world, member, key: "k", through: 1)
        #expect(resolved.status == 200)
        #expect(resolved.json["aiRecord"]["uuid"].string == uuid)
        #expect(try sandbox.truthLog.edits().count == 1)
        let check = try await world.check()
        #expect(check.status == 0, "\(check.output) \(check.errors)")
      }
    }

    @Test("An async edit is answered at once, and its result is there later under the same uuid")
    func asyncEditIsPolled() async throws {
      try await World.with(sandboxArguments: ["--latency", "500"]) { world in
        let member = try await world.makeMember()
        let body = World.edit(image: World.publicImage).replacing("\"type\"", with: "\"async\": true, \"type\"")
        let http = world.http.with(key: member.key)
        let first = try await http.post("/api/features", json: body, headers: ["Idempotency-Key": "k"])
        #expect(first.status == 200)
        #expect(first.json["aiRecord"]["status"].string == "PROCESSING")
        let uuid = try #require(first.json["aiRecord"]["uuid"].string)
        let again = try await http.post("/api/features", json: body, headers: ["Idempotency-Key": "k"])
        #expect(again.status == 200)
        #expect(again.json["aiRecord"]["uuid"].string == uuid)
        let done = try await world.gateways[0].process.wait(within: .seconds(30), "the result") {
          let answer = try await http.get("/api/results/\(uuid)")
          return answer.json["aiRecord"]["status"].string == "SUCCESS" ? answer : nil
        }
        #expect(done.json["receipt"].names.contains("leaf"))
        #expect(try #require(world.sandbox).truthLog.edits().count == 1)
      }
    }
  }
}
