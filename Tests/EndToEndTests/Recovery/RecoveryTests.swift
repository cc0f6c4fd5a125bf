import Foundation
import TallyTesting
import Testing

extension EndToEnd {
  @Suite("Recovery")
  struct RecoveryTests {
    private static let quick = ["--lease", "2s", "--upstream-timeout", "60s"]

    /// Submits an edit whose answer nobody waits for, and waits until it has reached the upstream.
    ///
    /// - Parameter isAccepted: waits also until the gateway has written down the upstream's id.
    private static func submitAndKill(
      _ world: World, _ member: World.Member, isAccepted: Bool = false
    ) async throws {
      let submitted = Task { try await world.submit(as: member) }
      let sandbox = try #require(world.sandbox)
      let gateway = world.gateways[0].process
      _ = try await gateway.wait(within: .seconds(30), "the edit to reach the upstream") { () -> Bool? in
        if isAccepted, !journal(of: world).contains("attach") { return nil }
        return try sandbox.truthLog.edits().isEmpty ? nil : true
      }
      gateway.send(signal: SIGKILL)
      try await gateway.waitForExit()
      _ = try? await submitted.value
    }

    private static func journal(of world: World) -> String {
      let folder = world.folder.appending(path: "data-0/journal")
      let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
      return files.compactMap { try? String(contentsOf: $0, encoding: .utf8) }.joined()
    }

    private static func restart(_ world: World, _ arguments: [String]) async throws -> TallyProcess {
      try await TallyProcess.start(
        TallyProcess.Settings(
          databaseURL: world.databaseURL, dataFolder: world.folder.appending(path: "data-0"),
          upstream: world.sandbox?.address ?? "", arguments: arguments, name: "again"), in: world.folder)
    }

    /// Waits until the member's only record is in `state`.
    private static func record(
      _ world: World, _ member: World.Member, reaching state: String, by gateway: TallyProcess
    ) async throws -> JSONNode {
      try await gateway.process.wait(within: .seconds(60), "a record that is \(state)") {
        try await world.tally.json("records", "list", member.team, "--state", state).elements.first
      }
    }

    @Test("An edit that was sent by a killed gateway is in doubt after its restart, its credits held")
    func sentEditOfAKilledGatewayIsInDoubt() async throws {
      try await World.with(sandboxArguments: ["--timeout-rate", "1"], serveArguments: Self.quick) { world in
        let member = try await world.makeMember(limit: "50000")
        try await Self.submitAndKill(world, member)
        let again = try await Self.restart(world, Self.quick)
        do {
          let record = try await Self.record(world, member, reaching: "in_doubt", by: again)
          #expect(try await world.listed(member)["heldCredit"].integer == 33_000)
          let uuid = try #require(record["uuid"].string)
          let answer = try await HTTP(base: again.address).with(key: member.key).get("/api/results/\(uuid)")
          #expect(answer.json["aiRecord"]["status"].string == "PROCESSING")
          _ = try await world.tally.json("records", "resolve", uuid, "--charge", "33000", "--reason", "it was done")
          let check = try await world.check()
          #expect(check.status == 0, "\(check.output)")
        } catch {
          await again.stop()
          throw error
        }
        #expect(await again.stop() == 0)
      }
    }

    @Test("An edit with an id of a killed gateway is asked for after its restart, and charged")
    func acceptedEditOfAKilledGatewayIsSettled() async throws {
      let arguments = Self.quick + ["--upstream-mode", "async", "--upstream-rate", "0"]
      try await World.with(sandboxArguments: ["--latency", "3000"], serveArguments: arguments) { world in
        let member = try await world.makeMember(limit: "50000")
        try await Self.submitAndKill(world, member, isAccepted: true)
        let again = try await Self.restart(world, arguments)
        do {
          let record = try await Self.record(world, member, reaching: "settled", by: again)
          #expect(record["credits"].integer == 33_000)
          let check = try await world.check()
          #expect(check.status == 0, "\(check.output)")
        } catch {
          await again.stop()
          throw error
        }
        #expect(await again.stop() == 0)
      }
    }

    @Test("Edits of a killed gateway are put in doubt by another one when the lease ends")
    func anotherGatewayDoubtsWhatAKilledOneLeft() async throws {
      try await World.with(
        gateways: 2, sandboxArguments: ["--timeout-rate", "1"], serveArguments: Self.quick
      ) { world in
        let member = try await world.makeMember(limit: "50000")
        try await Self.submitAndKill(world, member)
        _ = try await Self.record(world, member, reaching: "in_doubt", by: world.gateways[1])
        // Nobody frees credits under work that may have been done.
        #expect(try await world.submit(as: member, through: 1).status == 406)
      }
    }

    @Test("Edits submitted asynchronously upstream are answered like any other")
    func asynchronousSubmissionIsAnsweredAsUsual() async throws {
      try await World.with(serveArguments: ["--upstream-mode", "async", "--upstream-rate", "0"]) { world in
        let member = try await world.makeMember()
        let answer = try await world.submit(as: member)
        #expect(answer.status == 200)
        #expect(answer.json["aiRecord"]["status"].string == "SUCCESS")
        #expect(answer.json["aiRecord"]["metadata"]["credit"].integer == 33_000)
        let check = try await world.check()
        #expect(check.status == 0, "\(check.output)")
      }
    }

    @Test("A gateway that ends in good order leaves nothing to recover")
    func orderlyEndLeavesNoFiles() async throws {
      try await World.with { world in
        let member = try await world.makeMember()
        #expect(try await world.submit(as: member).status == 200)
        #expect(await world.gateways[0].stop() == 0)
        for folder in ["dispatch", "journal"] {
          let left = try FileManager.default.contentsOfDirectory(
            atPath: world.folder.appending(path: "data-0/\(folder)").path)
          #expect(left.isEmpty)
        }
      }
    }
  }
}
