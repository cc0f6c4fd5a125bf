import Foundation
import Ledger
import TallyTesting
import Testing
import TransparencyLog

extension EndToEnd {
  @Suite("Signed heads")
  struct SigningTests {
    private static func checkpoint(
      _ world: World, _ member: World.Member
    ) async throws -> (note: SignedNote, head: Checkpoint) {
      let answer = try await world.http.with(key: member.key).get("/v1/audit/checkpoint")
      #expect(answer.status == 200, "\(answer.text)")
      let note = try SignedNote(bytes: Array(answer.body))
      return (note, try Checkpoint(text: note.text))
    }

    @Test("A head covers the line of an edit, and its proof stands alone")
    func proofOfAnEditStandsAlone() async throws {
      try await SigningWorld.with { signing in
        var lastIndex: Int64 = 0
        try await signing.serving { world in
          let member = try await world.makeMember()
          let edit = try await world.submit(as: member)
          let index = try #require(edit.json["receipt"]["index"].integer)
          let (note, head) = try await Self.checkpoint(world, member)
          #expect(throws: Never.self) { try note.verify([signing.vkey]) }
          #expect(head.size > Int64(index))
          let answer = try await world.http.with(key: member.key).get("/v1/audit/proof/\(index)")
          #expect(answer.status == 200, "\(answer.text)")
          let proved = try LogProof(text: Array(answer.body)).verifiedLine(keys: [signing.vkey], origin: head.origin)
          #expect(LeafHash.hash(proved.line).base64 == edit.json["receipt"]["leaf"].string)
          // The team's own lines are none of a member's business.
          #expect(try await world.http.with(key: member.key).get("/v1/audit/proof/0").status == 404)
          let doctor = try await signing.tally.run(
            ["doctor", "--upstream-url", signing.sandbox.address, "--json"], environment: ["TALLY_UPSTREAM_KEY": "k"])
          #expect(doctor.status == 0, "\(doctor.output)")
          let signer = doctor.json["checks"].elements.first { $0["check"].string == "signer" }
          #expect(signer?["status"].string == "ok", "\(doctor.output)")
          lastIndex = Int64(try #require(try await world.tally.json("team", "show", "acme")["logSize"].integer)) - 1
        }
        // Nobody signs any more; the gateway's last heads cover everything.
        let file = signing.folder.appending(path: "line.proof")
        let shown = try await signing.tally.json("audit", "proof", "acme", "\(lastIndex)", "--out", file.path)
        let covered = try #require(shown["size"].integer)
        #expect(Int64(covered) == lastIndex + 1)
        let proof = try LogProof(text: Array(try Data(contentsOf: file)))
        #expect(try proof.verifiedLine(keys: [signing.vkey]).checkpoint.size == lastIndex + 1)
        let again = try await signing.tally.run(["audit", "proof", "acme", "0", "--out", file.path])
        #expect(again.status == 1)
        #expect(again.errors.contains("not overwritten"))
        let beyond = try await signing.tally.run(["audit", "proof", "acme", "\(lastIndex + 1)"])
        #expect(beyond.status == 1)
        #expect(beyond.errors.contains("there is no line \(lastIndex + 1)"))
        _ = try await signing.tally.json("team", "set", "acme", "--limit", "5")
        let uncovered = try await signing.tally.run(["audit", "proof", "acme", "\(lastIndex + 1)"])
        #expect(uncovered.status == 1)
        #expect(uncovered.errors.contains("the newest head covers \(lastIndex + 1) lines"), "\(uncovered.errors)")
      }
    }

    @Test("A restored backup halts its team, also when it has grown past what was signed, and nothing is signed")
    func restoredBackupIsHalted() async throws {
      try await SigningWorld.with { signing in
        let member = try await made(signing)
        try await signing.backUp()
        do {
          try await signing.serving { world in
            for _ in 0..<2 {
              let edit = try await world.submit(as: member)
              #expect(edit.status == 200)
            }
          }
          let last = try #require(try await signing.heads().first)
          let signed = try Checkpoint(text: SignedNote(bytes: Array(last.utf8)).text).size
          let keyless = signing.folder.appending(path: "keyless")
          for growth in [0, 4] {
            try await signing.restore()
            if growth > 0 {
              try await signing.serving(data: keyless) { world in
                for _ in 0..<growth {
                  let edit = try await world.submit(as: member)
                  #expect(edit.status == 200)
                }
              }
            }
            let before = try await signing.heads()
            #expect(before.count == 2)
            try await signing.serving { world in
              _ = try await world.gateways[0].process.wait(within: .seconds(30), "a halted team") {
                try await world.tally.json("team", "show", "acme")["isHalted"].boolean == true ? true : nil
              }
              let refused = try await world.submit(as: member)
              #expect(refused.status == 503)
              #expect(refused.text.contains("halted"))
              try await Self.expectHaltIsSeen(world, member, signed: signed, grown: growth > 0)
              #expect(world.gateways[0].process.log.contains("tally audit recover"))
            }
            #expect(try await signing.heads() == before)
          }
        } catch {
          try await signing.forgetBackUp()
          throw error
        }
        try await signing.forgetBackUp()
      }
    }

    /// Whoever looks is told that the log is halted, by what, and what is to be done.
    private static func expectHaltIsSeen(
      _ world: World, _ member: World.Member, signed: Int64, grown: Bool
    ) async throws {
      let size = try #require(try await world.tally.json("team", "show", "acme")["logSize"].integer)
      let words =
        grown ? ["\(signed) lines of it had been signed", "\(size)"] : ["\(signed) lines", "there are \(size) now"]
      let answer = try await world.http.with(key: member.key).get("/v1/audit/checkpoint")
      #expect(answer.status == 503, "\(answer.text)")
      let check = try await world.tally.run(["ledger", "check", "acme"])
      #expect(check.status == 1 && check.output.contains("log_is_not_halted"), "\(check.output)")
      #expect(check.output.contains("tally audit recover"), "\(check.output)")
      let doctor = try await world.tally.run(["doctor", "--json"])
      let halts = doctor.json["checks"].elements.first { $0["check"].string == "halted logs" }
      #expect(
        doctor.status == 1 && halts?["status"].string == "fail", "\(doctor.status) \(doctor.output) \(doctor.errors)")
      for (place, text) in [
        ("checkpoint", answer.text), ("check", check.output), ("doctor", halts?["message"].string ?? ""),
      ] {
        for word in words { #expect(text.contains(word), "\(place): \(text)") }
      }
      for verb in [["team", "list"], ["team", "show", "acme"]] {
        let shown = try await world.tally.run(verb)
        #expect(shown.output.contains("HALTED"), "\(shown.output)")
      }
    }

    @Test(
      "While a receipt key takes another's place both sign receipts, the log tells of it, and then the new one alone")
    func bothReceiptKeysSignDuringARotation() async throws {
      try await SigningWorld.with { signing in
        let member = try await made(signing)
        func receipt() async throws -> SignedNote {
          var note: SignedNote?
          try await signing.serving { world in
            let edit = try await world.submit(as: member)
            note = try SignedNote(bytes: Array(try #require(edit.json["receipt"]["note"].string).utf8))
          }
          return try #require(note)
        }
        let rotated = try await signing.tally.json("keys", "rotate", "--use", "receipt", "--reason", "yearly")
        let old = try #require(NoteVerifierKey(text: rotated["previousVkey"].string ?? ""))
        let new = try #require(NoteVerifierKey(text: rotated["vkey"].string ?? ""))
        #expect(rotated["use"].string == "receipt" && rotated["logs"].integer == 2)
        let both = try await receipt()
        for key in [old, new] { #expect(throws: Never.self) { try LogReceipt(both, signedBy: [key]) } }
        let retired = try await signing.tally.json("keys", "retire", "--use", "receipt", "--reason", "all have it")
        #expect(retired["retiredVkey"].string == old.text)
        let alone = try await receipt()
        #expect(throws: Never.self) { try LogReceipt(alone, signedBy: [new]) }
        #expect(throws: NoteError.signedByNoKnownKey) { try LogReceipt(alone, signedBy: [old]) }
        // Heads are signed by the key that signed them before.
        let head = try #require(try await signing.heads().last)
        #expect(throws: Never.self) { try SignedNote(bytes: Array(head.utf8)).verify([signing.vkey]) }
        try await signing.serving { world in
          let lines = try await world.log(of: "acme")
          let told = lines.filter { $0.event.action == .logKeyRotated }
          #expect(told.map(\.event) == [.logKeyRotated(LogKeyRotated(use: .receipt, old: old.text, new: new.text))])
          #expect(told.first?.payload["reason"].string == "yearly")
          let end = try await world.log(of: "operator").last { $0.event.action == .logKeyRetired }
          #expect(end?.event == .logKeyRetired(LogKeyRetired(use: .receipt, vkey: old.text)))
          #expect(end?.payload["reason"].string == "all have it")
        }
        // A receipt of the overlap is held against the bundle, by the keys that its own lines announce.
        let bundle = signing.folder.appending(path: "bundle").path
        _ = try await signing.tally.json("audit", "export", "acme", "--out", bundle)
        for (name, note) in [("both", both), ("alone", alone)] {
          let file = signing.folder.appending(path: "\(name).note").path
          try Data(note.bytes).write(to: URL(filePath: file))
          let answer = try await signing.tally.run(
            [
              "audit", "verify", bundle, "--vkey", signing.vkey.text, "--receipt", file, "--known-head",
              "\(bundle)/checkpoint",
            ])
          #expect(answer.status == 0, "\(answer.output) \(answer.errors)")
        }
      }
    }

    /// A team with one edit, whose heads are signed.
    private func made(_ signing: SigningWorld) async throws -> World.Member {
      var made: World.Member?
      try await signing.serving { world in
        let member = try await world.makeMember()
        #expect(try await world.submit(as: member).status == 200)
        _ = try await Self.checkpoint(world, member)
        try await world.awaitOperatorsLog()
        made = member
      }
      return try #require(made)
    }

    /// A signer whose state file was lost goes on from heads that a key signed which was retired since.
    private static func recoverByOldHead(_ head: String, _ signing: SigningWorld) async throws {
      try FileManager.default.removeItem(at: signing.signingFolder.appending(path: "signer"))
      let recover = ["audit", "recover", "--dry-run", "--json", "--known-head"]
      let plan = try await signing.tally.run(recover + [head])
      #expect(plan.status == 0 && plan.json["notExtending"].elements.isEmpty, "\(plan.output) \(plan.errors)")
      // A key that was never the operator's vouches for nothing.
      let stranger = try #require(NoteSigningKey(newNamed: "tally.local"))
      let note = try SignedNote(bytes: Array(Data(contentsOf: URL(filePath: head))))
      let forged = signing.folder.appending(path: "forged").path
      let text = try Checkpoint(note, signedBy: [signing.vkey]).signed(by: stranger)
      try Data(text.bytes).write(to: URL(filePath: forged))
      let refused = try await signing.tally.run(recover + [forged])
      #expect(refused.status == 64 && refused.errors.contains("cannot be relied on"), "\(refused.errors)")
    }

    /// A bundle by the new key goes on from one by a key that was retired, for whoever pins both.
    private static func holdOldHead(_ before: String, _ keys: [String], _ signing: SigningWorld) async throws {
      func path(_ name: String) -> String { signing.folder.appending(path: name).path }
      let known = ["--known-head", "\(before)/checkpoint"]
      // With the keys of the data folder, and with none but those that are named.
      let after = try await signing.tally.run(["audit", "export", "acme", "--out", path("after")] + known)
      #expect(after.status == 0, "\(after.errors)")
      let elsewhere = TallyCommand(
        folder: signing.folder, databaseURL: signing.database.url, dataFolder: signing.folder.appending(path: "empty"))
      let named = ["audit", "export", "acme", "--out", path("named"), "--vkey", keys[0]] + known
      #expect(try await elsewhere.run(named).status == 64)
      let both = try await elsewhere.run(named + ["--vkey", keys[1]])
      #expect(both.status == 0, "\(both.errors)")
      try Data(keys.joined(separator: "\n").utf8).write(to: URL(filePath: path("keys.vkey")))
      try Data("\(keys[0])\nnonsense\n".utf8).write(to: URL(filePath: path("broken.vkey")))
      for bundle in ["after", "named"] {
        func verify(_ vkeys: String...) async throws -> (status: Int32, errors: String) {
          let answer = try await signing.tally.run(
            ["audit", "verify", path(bundle)] + known + vkeys.flatMap { ["--vkey", $0] })
          return (answer.status, answer.errors)
        }
        #expect(try await verify(keys[0], keys[1]).status == 0)
        #expect(try await verify(keys[1], keys[0]).status == 0)
        #expect(try await verify(path("keys.vkey")).status == 0)
        #expect(try await verify(keys.joined(separator: "\n")).status == 0)
        let single = try await verify(keys[0])
        #expect(single.status == 64 && single.errors.contains("--vkey again"), "\(single.errors)")
        #expect(try await verify(keys[1]).status == 40)
        let broken = try await verify(path("broken.vkey"))
        #expect(broken.status == 64 && broken.errors.contains("line 2"), "\(broken.errors)")
      }
    }

    @Test("While a key takes another's place both sign, and each log tells of it")
    func bothKeysSignDuringARotation() async throws {
      try await SigningWorld.with { signing in
        let member = try await made(signing)
        let before = signing.folder.appending(path: "before").path
        _ = try await signing.tally.json("audit", "export", "acme", "--out", before)
        let rotated = try await signing.tally.json("keys", "rotate", "--reason", "yearly")
        let newKey = try #require(NoteVerifierKey(text: rotated["vkey"].string ?? ""))
        #expect(rotated["previousVkey"].string == signing.vkey.text)
        // The operator's log is one, too.
        #expect(rotated["logs"].integer == 2)
        let second = try await signing.tally.run(["keys", "rotate", "--reason", "too soon"])
        #expect(second.status == 1)
        #expect(second.errors.contains("tally keys retire"))
        try await signing.serving { world in
          let (note, _) = try await Self.checkpoint(world, member)
          #expect(throws: Never.self) { try note.verify([signing.vkey]) }
          #expect(throws: Never.self) { try note.verify([newKey]) }
          let told = try await world.log(of: "acme").compactMap { line in
            if case .logKeyRotated(let event) = line.event { event } else { nil }
          }
          #expect(told == [LogKeyRotated(use: .checkpoint, old: signing.vkey.text, new: newKey.text)])
        }
        let mute = try await signing.tally.run(["keys", "retire"])
        #expect(mute.status == 64 && mute.errors.contains("--reason"), "\(mute.errors)")
        let retired = try await signing.tally.json("keys", "retire", "--reason", "all have the new one")
        #expect(retired["retiredVkey"].string == signing.vkey.text)
        try await signing.serving { world in
          _ = try await world.submit(as: member)
          let (note, _) = try await Self.checkpoint(world, member)
          #expect(throws: Never.self) { try note.verify([newKey]) }
          #expect(throws: NoteError.signedByNoKnownKey) { try note.verify([signing.vkey]) }
          // A key is every log's: the operator's log tells of it, with who and why.
          let line = try await world.log(of: "operator").last { $0.event.action == .logKeyRetired }
          #expect(line?.event == .logKeyRetired(LogKeyRetired(use: .checkpoint, vkey: signing.vkey.text)))
          #expect(line?.header.index == retired["index"].integer)
          #expect(line?.payload["reason"].string == "all have the new one")
          #expect(line?.payload["administrator"].string == NSUserName())
        }
        try await Self.holdOldHead(before, [newKey.text, signing.vkey.text], signing)
        try await Self.recoverByOldHead("\(before)/checkpoint", signing)
      }
    }
  }
}
