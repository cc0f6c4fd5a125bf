import Foundation
import TallyTesting
import Testing

extension EndToEnd {
  @Suite("Services and commands")
  struct ServiceTests {
    @Test("A database that is not migrated stops serve, which names tally migrate")
    func unmigratedDatabaseStopsServe() async throws {
      let temporary = try TemporaryFolder()
      try await withTestDatabase { database in
        let tally = TallyCommand(folder: temporary.url, databaseURL: database.url)
        let serve = try await tally.run(
          ["serve", "--listen", "127.0.0.1:0"], environment: ["TALLY_UPSTREAM_KEY": "k"])
        #expect(serve.status == 1)
        #expect(serve.errors.contains("tally migrate"))
        let list = try await tally.run(["team", "list"])
        #expect(list.status == 1)
        #expect(list.errors.contains("tally migrate"))
        let before = try await tally.json("migrate", "--status")
        #expect(before[0]["appliedAt"].isNull)
        #expect(try await tally.json("migrate")["applied"].elements.count == before.elements.count)
        #expect(try await tally.json("migrate")["applied"].elements.isEmpty)
        #expect(try await tally.json("migrate", "--status")[0]["appliedAt"].string != nil)
        #expect(try await tally.json("team", "list").elements.isEmpty)
      }
    }

    @Test("With its embedded database: commands use the running service, or start the database themselves")
    func embeddedDatabaseServesCommands() async throws {
      let temporary = try TemporaryFolder()
      let data = temporary.url.appending(path: "data")
      let tally = TallyCommand(folder: temporary.url, dataFolder: data)
      let sandbox = try await SandboxProcess.start(in: temporary.url)
      let settings = TallyProcess.Settings(databaseURL: nil, dataFolder: data, upstream: sandbox.address)
      let gateway = try await TallyProcess.start(settings, in: temporary.url)
      do {
        _ = try await tally.json("team", "create", "acme")
        let second = try await tally.run(
          ["serve", "--listen", "127.0.0.1:0"], environment: ["TALLY_UPSTREAM_KEY": "k"])
        #expect(second.status == 75)
        #expect(second.errors.contains("in use"))
        let doctor = try await tally.run(
          ["doctor", "--upstream-url", sandbox.address, "--json"], environment: ["TALLY_UPSTREAM_KEY": "k"])
        #expect(doctor.status == 0, "\(doctor.output)")
        #expect(doctor.json["ok"].boolean == true)
        let keyless = try await tally.run(["doctor", "--upstream-url", sandbox.address, "--json"])
        #expect(keyless.status == 1)
        // No name, and nobody who listens.
        for address in ["https://nowhere.invalid", "https://127.0.0.1:1"] {
          let alone = try await tally.run(
            ["doctor", "--upstream-url", address, "--json"], environment: ["TALLY_UPSTREAM_KEY": "k"])
          let upstream = alone.json["checks"].elements.first { $0["check"].string == "upstream" }
          #expect(alone.status == 1 && upstream?["status"].string == "fail", "\(alone.output) \(alone.errors)")
        }
      } catch {
        await gateway.stop()
        throw error
      }
      #expect(await gateway.stop() == 0)
      // Nobody serves any more: the command starts the database for itself.
      let teams = try await tally.json("team", "list")
      #expect(teams.elements.map { $0["name"].string } == ["acme"])
      #expect(FileManager.default.fileExists(atPath: data.appending(path: "keys/log.vkey").path))
      await sandbox.stop()
    }

    @Test("What goes wrong has its exit status, and standard output stays empty")
    func failuresHaveTheirStatus() async throws {
      try await World.with { world in
        _ = try await world.makeMember()
        let cases: [(arguments: [String], status: Int32)] = [
          (["team", "show", "nobody"], 1), (["team", "create", "acme"], 1),
          (["team", "create", "other", "--time-zone", "Nowhere/City"], 64),
          (["team", "create", ""], 64), (["member", "add", "acme", "two words", "--name", "n"], 64),
          (["member", "add", "acme", "user-2", "--name", ""], 64),
          (["member", "add", "acme", "user-12345", "--name", "n"], 1),
          (["member", "set", "acme", "nobody", "--limit", "1"], 1),
          (["key", "issue", "acme", "user-12345", "--expires", "2020-01-01"], 64),
          (["key", "revoke", "00000000-0000-4000-8000-000000000000"], 1),
          (["records", "show", "00000000-0000-4000-8000-000000000000"], 1),
        ]
        for (arguments, status) in cases {
          let answer = try await world.tally.run(arguments + ["--json"])
          #expect(answer.status == status, "\(arguments): \(answer.errors)")
          #expect(answer.output.isEmpty, "\(arguments)")
          #expect(!answer.errors.isEmpty, "\(arguments)")
        }
      }
    }

    @Test("A new price counts for the next edit and never for a running one")
    func newPriceCounts() async throws {
      try await World.with { world in
        let member = try await world.makeMember()
        #expect(try await world.submit(as: member).status == 200)
        _ = try await world.tally.json("price", "set", "gpt-image-1-mini", "medium", "1024x1024", "40000")
        let inForce = try await world.tally.json("price", "list").elements.filter {
          $0["quality"].string == "medium" && $0["size"].string == "1024x1024" && $0["inForce"].boolean == true
        }
        #expect(inForce.map { $0["credits"].integer } == [40_000])
        _ = try await world.gateways[0].process.wait(within: .seconds(30), "the new price") {
          let answer = try await world.submit(as: member)
          return answer.json["aiRecord"]["metadata"]["credit"].integer == 40_000 ? true : nil
        }
        #expect(try await world.check().status == 0)
      }
    }
  }
}
