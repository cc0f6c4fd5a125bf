import Foundation
import Ledger
import TallyTesting
import Testing
import TransparencyLog

extension EndToEnd {
  /// Going on after a loss, and heads that are carried away before one.
  @Suite("Recovering logs") struct RecoverTests {
    private static func edit(_ world: World, _ member: World.Member) async throws -> JSONNode {
      let answer = try await world.submit(as: member)
      #expect(answer.status == 200, "\(answer.text)")
      return answer.json
    }

    /// Has the signer sign a head that covers everything.
    private static func sign(_ world: World, _ member: World.Member) async throws {
      let answer = try await world.http.with(key: member.key).get("/v1/audit/checkpoint")
      #expect(answer.status == 200, "\(answer.text)")
      let size = try #require(try await world.tally.json("team", "show", member.team)["logSize"].integer)
      _ = try await world.gateways[0].process.wait(within: .seconds(30), "a head of \(size) lines") {
        let out = world.folder.appending(path: "waiting.proof").path
        try? FileManager.default.removeItem(atPath: out)
        return try await world.tally.run(["audit", "proof", member.team, "\(size - 1)", "--out", out]).status == 0
          ? true : nil
      }
    }

    private static func verify(_ signing: SigningWorld, _ bundle: String, _ arguments: String...) async throws -> Int32
    {
      let key = signing.signingFolder.appending(path: "keys/log.vkey").path
      return try await signing.tally.run(["audit", "verify", bundle, "--vkey", key, "--json"] + arguments).status
    }

    @Test("A restored backup goes on in a new log that admits the loss")
    func restoredBackupGoesOn() async throws {
      try await SigningWorld.with { signing in
        let heads = signing.folder.appending(path: "heads.jsonl").path
        var made: World.Member?
        var old: JSONNode?
        try await signing.serving { world in
          let member = try await world.makeMember()
          old = try await Self.edit(world, member)
          made = member
        }
        let member = try #require(made)
        try await signing.backUp()
        do {
          try await signing.serving { world in
            for _ in 0..<2 { _ = try await Self.edit(world, member) }
            try await Self.sign(world, member)
            _ = try await world.tally.json("audit", "anchor", "--out", heads)
          }
          try await signing.restore()
          try await signing.serving { world in
            _ = try await world.gateways[0].process.wait(within: .seconds(30), "a halted team") {
              try await world.tally.json("team", "show", "acme")["isHalted"].boolean == true ? true : nil
            }
            let size = try #require(try await world.tally.json("team", "show", "acme")["logSize"].integer)
            let plan = try await world.tally.json("audit", "recover", "acme", "--known-head", heads, "--dry-run")
            #expect(plan["oldSize"].integer == size)
            #expect(try #require(plan["lost"].integer) > 0)
            #expect(try await world.tally.json("team", "show", "acme")["isHalted"].boolean == true)
            let mute = try await world.tally.run(["audit", "recover", "acme"])
            #expect(mute.status == 64 && mute.errors.contains("--reason"), "\(mute.errors)")
            let done = try await world.tally.json(
              "audit", "recover", "acme", "--known-head", heads, "--reason", "a dump was restored")
            let log = try #require(done["log"].string)
            #expect(done["knownSize"].integer == plan["knownSize"].integer)
            let again = try await world.tally.run(["audit", "recover", "acme", "--reason", "once more"])
            #expect(again.status == 1 && again.errors.contains("is not halted"), "\(again.errors)")
            #expect(try await Self.edit(world, member)["receipt"]["log"].string == log)
            // A receipt of before names the log that its line stands in.
            let uuid = try #require(old?["aiRecord"]["uuid"].string)
            let result = try await world.http.with(key: member.key).get("/api/results/\(uuid)")
            #expect(result.json["receipt"]["log"].string == done["oldLog"].string)
            #expect(result.json["receipt"]["leaf"].string == old?["receipt"]["leaf"].string)
            #expect(result.json["receipt"]["index"].integer == old?["receipt"]["index"].integer)
            let check = try await world.tally.run(["ledger", "check"])
            #expect(check.status == 0, "\(check.output)")
            try await Self.readOldLog(
              try #require(done["oldLog"].string), of: try #require(old), in: world, signing, member)
            let bundle = signing.folder.appending(path: "bundle").path
            let export = try await world.tally.json("audit", "export", "acme", "--out", bundle)
            #expect(export["from"].integer == 0 && export["log"].string == log)
            #expect(FileManager.default.fileExists(atPath: "\(bundle)/state.json"))
            #expect(try await Self.verify(signing, bundle) == 10)
            // The gateway that ran all the time has told the new log its keys, and the log says who opened it and why.
            let lines = try await world.log(of: "acme").filter { $0.header.log == log }
            let uses = lines.compactMap { line -> LogKeyUse? in
              if case .logKeyAnnounced(let event) = line.event { event.use } else { nil }
            }
            #expect(Set(uses) == [.checkpoint, .receipt] && uses.count == 2)
            #expect(lines.first?.event.action == .logRecovered && lines.first?.header.actor == .operator)
            #expect(lines.first?.payload["reason"].string == "a dump was restored")
            #expect(lines.first?.payload["administrator"].string == NSUserName())
            // The heads that were carried away are of the log before, up to which the new one admits the loss.
            #expect(plan["signedLinesChanged"].boolean == false)
            #expect(try await Self.verify(signing, bundle, "--known-head", heads) == 10)
            _ = try await world.tally.json("audit", "anchor", "--out", heads)
            #expect(try await Self.verify(signing, bundle, "--known-head", heads) == 0)
          }
        } catch {
          try await signing.forgetBackUp()
          throw error
        }
        try await signing.forgetBackUp()
      }
    }

    /// What is left of a log that was replaced is taken away and proved, by the head that was kept of it.
    private static func readOldLog(
      _ log: String, of old: JSONNode, in world: World, _ signing: SigningWorld, _ member: World.Member
    ) async throws {
      func path(_ name: String) -> String { signing.folder.appending(path: name).path }
      let index = try #require(old["receipt"]["index"].integer)
      let uuid = try #require(old["aiRecord"]["uuid"].string)
      let logs = try await world.tally.json("audit", "logs", "acme").elements
      #expect(logs.count == 2 && logs[0]["log"].string == log && logs[0]["replacedAt"].string != nil)
      #expect(logs[1]["replacedAt"].string == nil)
      let unknown = try await world.tally.run(["audit", "export", "acme", "--out", path("none"), "--log", "acme-1"])
      #expect(unknown.status == 64 && unknown.errors.contains(log), "\(unknown.errors)")
      let export = try await world.tally.json("audit", "export", "acme", "--out", path("old"), "--log", log)
      #expect(export["log"].string == log && export["to"].integer == logs[0]["headSize"].integer)
      #expect(try await verify(signing, path("old")) == 10)
      #expect(try await verify(signing, path("old"), "--known-head", path("old/checkpoint")) == 0)
      let lines = try await world.tally.json(
        "audit", "export", "acme", "--out", path("old.jsonl"), "--log", log, "--format", "jsonl")
      #expect(lines["rows"].integer == logs[0]["size"].integer)
      // A list of the log that goes on knows nothing of the edit, and says where it is.
      let list = ["audit", "export", "acme", "--record", uuid, "--json", "--out"]
      let none = try await world.tally.run(list + [path("new-list")])
      #expect(none.json["rows"].integer == 0 && none.errors.contains("--log \(log)"), "\(none.errors)")
      let found = try await world.tally.run(list + [path("old-list"), "--log", log])
      #expect(found.json["rows"].integer == 2, "\(found.errors)")
      let proof = try await world.tally.run([
        "audit", "proof", "acme", "\(index)", "--log", log, "--out", path("old.proof"),
      ])
      #expect(proof.status == 0, "\(proof.errors)")
      #expect(try await verify(signing, path("old.proof")) == 10)
      // Over HTTP, where the receipt's log is passed on.
      let http = world.http.with(key: member.key)
      let line = try await http.get("/v1/audit/proof/\(index)?log=\(log)")
      #expect(line.status == 200 && line.body == FileManager.default.contents(atPath: path("old.proof")))
      let finance = try await world.addMember(to: member.team, user: "finance-1", role: "FINANCE")
      let archive = try await world.http.with(key: finance.key).get("/v1/audit/export?format=bundle&log=\(log)")
      #expect(archive.status == 200, "\(archive.text.prefix(400))")
      try archive.body.write(to: URL(filePath: path("old.tar")))
      #expect(try await SystemProgram.run("tar", ["-xf", path("old.tar"), "-C", signing.folder.path]) == 0)
      let folder = path("tally-audit-0-\(archive.headers["tally-to"] ?? "")")
      #expect(try await verify(signing, folder, "--known-head", path("old/checkpoint")) == 0)
    }

    @Test("The operator's log is exported, proved and checked like a team's, and is no team")
    func operatorsLogIsChecked() async throws {
      try await SigningWorld.with { signing in
        try await signing.serving { world in
          let member = try await world.makeMember()
          try await world.awaitOperatorsLog()
          _ = try await world.tally.json(
            "price", "set", "gpt-image-1-mini", "low", "1024x1024", "16000", "--reason", "a test")
          #expect(try await world.tally.json("team", "list").elements.count == 1)
          let bundle = signing.folder.appending(path: "operator").path
          let export = try await world.tally.json("audit", "export", "operator", "--out", bundle)
          #expect(export["log"].string == "tally.local/operator")
          // It announces the keys that sign its heads, as each log does.
          let announced = try await world.log(of: "operator").compactMap { line -> LogKeyAnnounced? in
            if case .logKeyAnnounced(let event) = line.event { event } else { nil }
          }
          #expect(announced == [LogKeyAnnounced(use: .checkpoint, vkey: signing.vkey.text)])
          #expect(try await Self.verify(signing, bundle) == 10)
          let heads = signing.folder.appending(path: "heads.jsonl").path
          try await Self.sign(world, member)
          let anchor = try await world.tally.json("audit", "anchor", "--out", heads)
          #expect(anchor["heads"].integer == 2)
          #expect(try await Self.verify(signing, bundle, "--known-head", heads) == 0)
          let first = try String(contentsOfFile: heads, encoding: .utf8)
          #expect(first.hasPrefix(#"{"log":"tally.local/operator","#))
          let missing = try await world.tally.run([
            "audit", "anchor", "--team", "acme", "--out", signing.folder.appending(path: "proof").path,
          ])
          #expect(missing.status == 1 && missing.errors.contains("covers"), "\(missing.errors)")
          let lost = try await world.tally.run(["audit", "anchor", "--out", "/nonexistent/heads"])
          #expect(lost.status == 1, "\(lost.errors)")
          try await Self.expectCovered(member, world, signing)
        }
      }
    }

    /// The gateway that signs covers the newest heads of all teams' logs, the first time a minute after its start.
    private static func expectCovered(
      _ member: World.Member, _ world: World, _ signing: SigningWorld
    ) async throws {
      func path(_ name: String) -> String { signing.folder.appending(path: name).path }
      let proof = path("acme.head-proof")
      let covered = try await world.gateways[0].process.wait(within: .seconds(180), "a line that covers the heads") {
        try await world.log(of: "operator").last { $0.event.action == .headsCovered }
      }
      guard case .headsCovered(let event) = covered.event else { return }
      #expect(event.count == 1 && covered.header.actor == .system)
      // Once a head of the operator's log covers that line.
      let anchor = try await world.gateways[0].process.wait(within: .seconds(30), "a proof of the team's head") {
        let answer = try await world.tally.run(["audit", "anchor", "--team", member.team, "--out", proof, "--json"])
        return answer.status == 0 ? answer.json : nil
      }
      #expect(anchor["index"].integer == covered.header.index && anchor["operatorLog"].string == covered.header.log)
      let size = try #require(try await world.tally.json("team", "show", member.team)["logSize"].integer)
      #expect(anchor["size"].integer == size)
      #expect(try await verify(signing, proof) == 10)
      let heads = path("later.jsonl")
      _ = try await world.tally.json("audit", "anchor", "--out", heads)
      #expect(try await verify(signing, proof, "--known-head", heads) == 0)
      // The text names no other team, and another team's head is not covered by it.
      var text = try String(contentsOfFile: proof, encoding: .utf8)
      #expect(text.contains(try #require(anchor["log"].string)))
      text.replace("\(size)", with: "\(size + 1)", maxReplacements: 1)
      try Data(text.utf8).write(to: URL(filePath: path("changed.head-proof")))
      #expect(try await verify(signing, path("changed.head-proof"), "--known-head", heads) == 40)
    }

    @Test("All halted logs are given up at once, each with its line, and no other")
    func allHaltedLogsAreRecovered() async throws {
      try await World.with(gateways: 0) { world in
        for team in ["one", "two", "three"] { _ = try await world.tally.json("team", "create", team) }
        try await world.execute("UPDATE tally.team SET is_halted = true WHERE name <> 'two'")
        let plan = try await world.tally.json("audit", "recover", "--all", "--dry-run")
        #expect(plan.elements.count == 2 && plan.elements.allSatisfy { $0["dryRun"].boolean == true })
        #expect(try await world.tally.json("team", "show", "one")["isHalted"].boolean == true)
        let done = try await world.tally.json("audit", "recover", "--all", "--reason", "a dump was restored")
        #expect(done.elements.map { $0["oldLog"].string } == plan.elements.map { $0["oldLog"].string })
        for team in ["one", "three"] {
          let lines = try await world.log(of: team)
          let line = try #require(lines.last)
          #expect(line.event.action == .logRecovered && line.header.index == 0)
          #expect(done.elements.contains { $0["log"].string == line.header.log })
          #expect(line.payload["reason"].string == "a dump was restored")
          #expect(line.payload["administrator"].string == NSUserName())
          #expect(try await world.tally.json("team", "show", team)["isHalted"].boolean == false)
        }
        #expect(try await world.log(of: "two").count == 1)
        let again = try await world.tally.run(["audit", "recover", "--all", "--reason", "once more"])
        #expect(again.status == 0 && again.errors.contains("No log is halted."), "\(again.output) \(again.errors)")
        let check = try await world.check()
        #expect(check.status == 0, "\(check.output)")
      }
    }

    @Test("A lost state file is made anew from heads that were carried away, and the logs keep their names")
    func lostStateFileIsMadeAnew() async throws {
      try await SigningWorld.with { signing in
        let heads = signing.folder.appending(path: "heads.jsonl").path
        var made: World.Member?
        var log: String?
        try await signing.serving { world in
          let member = try await world.makeMember()
          log = try await Self.edit(world, member)["receipt"]["log"].string
          try await world.awaitOperatorsLog()
          try await Self.sign(world, member)
          _ = try await world.tally.json("audit", "anchor", "--out", heads)
          made = member
          // Whoever signs has all that was signed, wherever its file stands.
          let early = try await world.tally.run(["audit", "recover", "--known-head", heads, "--reason", "too soon"])
          #expect(early.status == 1 && early.errors.contains("a gateway signs now"), "\(early.errors)")
        }
        let member = try #require(made)
        let recover = ["audit", "recover", "--known-head", heads, "--reason", "the folder was lost"]
        let present = try await signing.tally.run(recover)
        #expect(present.status == 1 && present.errors.contains("a state file is here"), "\(present.errors)")
        try FileManager.default.removeItem(at: signing.signingFolder.appending(path: "signer"))
        let before = try await signing.heads()
        try await signing.serving { world in
          _ = try await world.gateways[0].process.wait(within: .seconds(30), "a signer that does not sign") {
            world.gateways[0].process.log.contains("tally audit recover") ? true : nil
          }
          _ = try await Self.edit(world, member)
        }
        #expect(try await signing.heads() == before)
        let plan = try await signing.tally.run(recover + ["--dry-run", "--json"])
        #expect(plan.status == 0, "\(plan.errors)")
        #expect(plan.json["logs"].integer == 2 && plan.json["notExtending"].elements.isEmpty, "\(plan.output)")
        #expect(plan.json["index"].integer == nil, "\(plan.output)")
        let done = try await signing.tally.run(recover + ["--json"])
        #expect(done.status == 0, "\(done.errors)")
        try await signing.serving { world in
          let edit = try await Self.edit(world, member)
          #expect(edit["receipt"]["log"].string == log)
          try await Self.sign(world, member)
          #expect(try await world.tally.json("team", "show", "acme")["isHalted"].boolean == false)
          let bundle = signing.folder.appending(path: "bundle").path
          _ = try await world.tally.json("audit", "export", "acme", "--out", bundle)
          #expect(try await Self.verify(signing, bundle, "--known-head", heads) == 0)
          // The operator's log tells that what was signed was made anew, from what, by whom and why.
          let lines = try await world.log(of: "operator")
          let line = try #require(lines.first { $0.event.action == .signerRecovered })
          guard case .signerRecovered(let event) = line.event else { return }
          #expect(line.header.index == done.json["index"].integer)
          #expect(event.lost != nil && event.count == 2 && event.brought == 0 && event.notExtending == 0)
          #expect(line.payload["reason"].string == "the folder was lost")
          #expect(line.payload["administrator"].string == NSUserName())
          let operators = signing.folder.appending(path: "operator").path
          _ = try await world.tally.json("audit", "export", "operator", "--out", operators)
          #expect(try await Self.verify(signing, operators) == 10)
        }
      }
    }
  }
}
