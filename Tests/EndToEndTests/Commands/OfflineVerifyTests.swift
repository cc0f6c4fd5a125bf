import Audit
import Foundation
import Ledger
import TallyTesting
import Testing
import TransparencyLog

/// Whether this machine lets a process run where there is no network at all.
private let mayLeaveNetwork: Bool = {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/unshare")
  process.arguments = ["-n", "true"]
  process.standardError = FileHandle.nullDevice
  guard (try? process.run()) != nil else { return false }
  process.waitUntilExit()
  return process.terminationStatus == 0
}()

extension EndToEnd {
  @Suite(
    "Checking a bundle offline",
    .enabled(
      if: mayLeaveNetwork,
      "this process may not be without a network: `unshare -n` needs CAP_SYS_ADMIN, which containers lack by default"))
  struct OfflineVerifyTests {
    private static let team = TeamID(bits: 0x7ea)
    private static let logName = "tally.example"

    /// What happens in the log: edits that are charged, given back, refused, corrected and still open.
    private static var commands: [Command] {
      let (member, key) = (MemberID(bits: 1), KeyID(bits: 2))
      func hold(_ record: UInt128) -> Command {
        .hold(
          HoldCommand(
            record: RecordID(bits: record), member: member, key: key, model: "m", quality: "low", size: "1024x1024",
            n: 1, instance: InstanceID(bits: 3)))
      }
      return [
        .createTeam(CreateTeamCommand(limit: Credits(30_000), period: .month)),
        .addMember(AddMemberCommand(member: member, role: .member, limit: Credits(25_000), period: .month)),
        .issueKey(IssueKeyCommand(key: key, member: member, limit: Credits(90_000), period: .month)),
        hold(10), hold(11), hold(12),
        .settle(SettleCommand(record: RecordID(bits: 10), deliveredResults: 1)),
        .release(ReleaseCommand(record: RecordID(bits: 11), cause: .notSent)), hold(13),
        .credit(CreditCommand(record: RecordID(bits: 10), amount: Credits(1000), creditedBefore: nil)),
      ]
    }

    /// Writes a bundle of a log with edits into `folder`.
    /// - Parameter isBroken: the keeper writes and signs a charge that does not lead to the sum behind it.
    /// - Returns: the index of the line that charges.
    @discardableResult
    private func export(to folder: String, key: NoteSigningKey, isBroken: Bool = false) throws -> Int64 {
      var charging: Int64 = -1
      var book = TeamBook.empty(teamID: Self.team, origin: "\(Self.logName)/\(Self.team)")
      let start = try #require(Timestamp(canonical: "2026-11-01T00:00:00.000000Z"))
      let price = PriceEntry(
        version: 1, model: "m", quality: "low", size: "1024x1024", credits: Credits(11_000), effectiveFrom: .epoch)
      var lines: [[UInt8]] = []
      var peaks = Peaks()
      for (second, command) in Self.commands.enumerated() {
        let now = Timestamp(microseconds: start.microseconds + Int64(second) * 1_000_000)
        let context = DecisionContext(
          at: now, month: .utcMonth(containing: now), prices: PriceBook([price]), actor: .operator, commitment: .zero)
        for event in try book.decide(command, context).events {
          let header = LineHeader(nextOf: book, context)
          var written = event
          if case .settled(var settled) = event {
            charging = header.index
            if isBroken { settled.budgets[0].usedAfter = Credits(10_999) }
            written = .settled(settled)
          }
          lines.append(Line.write(written, header))
          peaks.add(LeafHash.hash(lines[lines.count - 1]))
          try book.apply(event, header)
        }
      }
      let head = try Checkpoint(origin: book.origin, size: book.logSize, root: peaks.root).signed(by: key)
      let range = BundleRange(team: Self.team, to: book.logSize, checkpoint: head, key: key.verifier)
      let writer = try BundleWriter(range, in: folder)
      for line in lines { try writer.append(line) }
      let totals = try writer.finish().totals
      #expect(totals.edits == 3 && totals.refused == 1 && totals.released == 1, "\(totals)")
      #expect(totals.charged == 11_000 && totals.credited == 1000, "\(totals)")
      return charging
    }

    /// Runs `tally audit verify --json` where there is neither network nor database.
    private func verdict(_ bundle: String, _ arguments: String..., in folder: URL) async throws -> (Int32, JSONNode) {
      let process = try ChildProcess(
        URL(filePath: "/usr/bin/unshare"),
        arguments: ["-n", try BuiltProducts.tally().path, "audit", "verify", bundle, "--json"] + arguments,
        folder: folder, name: "verify-\(UInt32.random(in: .min ... .max))")
      let status = try await process.waitForExit()
      return (status, JSONNode(parsing: Data(process.output.utf8)))
    }

    @Test("Each verdict says its word, the file, the line and both texts as JSON")
    func verdictsAreSaidAsJSON() async throws {
      let temporary = try TemporaryFolder()
      func path(_ name: String) -> String { temporary.url.appending(path: name).path }
      let key = try #require(NoteSigningKey(newNamed: Self.logName))
      let charging = try export(to: path("bundle"), key: key)
      func verdict(_ bundle: String, _ arguments: String...) async throws -> JSONNode {
        let known = arguments.isEmpty ? ["--known-head", "\(path(bundle))/checkpoint"] : arguments
        let (status, said) = try await self.verdict(
          path(bundle), "--vkey", key.verifierKey, "--evidence", path("evidence"), known[0], known[1],
          in: temporary.url)
        #expect(said["status"].integer == Int64(status))
        #expect(said["message"].string?.isEmpty == false)
        return said
      }
      let whole = try await verdict("bundle")
      #expect(whole["status"].integer == 0 && whole["verdict"].string == "extending")
      #expect(whole["file"].isNull && whole["index"].isNull && whole["evidence"].elements.isEmpty)
      #expect(whole["charged"].integer == 11_000 && whole["credited"].integer == 1_000)
      // The same number of lines with another root, signed too.
      let manifest = try BundleManifest(
        bytes: [UInt8](try Data(contentsOf: URL(filePath: path("bundle/manifest.json")))))
      let forked = try Checkpoint(origin: manifest.log, size: manifest.to, root: LeafHash.hash([1])).signed(by: key)
      try Data(forked.bytes).write(to: URL(filePath: path("forked")))
      let contradicted = try await verdict("bundle", "--known-head", path("forked"))
      #expect(contradicted["status"].integer == 30 && contradicted["verdict"].string == "contradicting")
      let texts = contradicted["evidence"].elements.map { $0["text"].string ?? "" }
      #expect(texts.contains(forked.string))
      #expect(texts.contains(try String(contentsOfFile: path("bundle/checkpoint"), encoding: .utf8)))
      #expect(contradicted["evidenceFolder"].string == path("evidence"))
      // A keeper who signs books that do not add up.
      #expect(try export(to: path("broken"), key: key, isBroken: true) == charging)
      let broken = try await verdict("broken")
      #expect(broken["status"].integer == 50 && broken["verdict"].string == "unbalanced")
      #expect(broken["file"].string == "audit-000001.jsonl" && broken["index"].integer == charging)
      // A charge that was changed in its line, and the file's hash with it.
      let lines = path("bundle/audit-000001.jsonl")
      let text = try String(contentsOfFile: lines, encoding: .utf8)
      try Data(text.replacing("\"charge\":11000", with: "\"charge\":10999").utf8).write(to: URL(filePath: lines))
      let changed = try await verdict("bundle")
      #expect(changed["status"].integer == 40 && changed["verdict"].string == "altered")
      #expect(changed["file"].string == "audit-000001.jsonl", "\(changed)")
      #expect(changed["evidence"].elements.isEmpty)
    }

    @Test("The verdict needs neither network nor database, and is the exit status")
    func verdictNeedsNothing() async throws {
      let temporary = try TemporaryFolder()
      let bundle = temporary.url.appending(path: "bundle").path
      let key = try #require(NoteSigningKey(newNamed: Self.logName))
      try export(to: bundle, key: key)
      let tally = try BuiltProducts.tally().path
      // Nor does it know of a database.
      let offline = ["-n", "env", "-u", "TALLY_DATABASE_URL", "-u", "PGHOST", "-u", "PGSERVICE", tally]
      func verify(_ arguments: String...) async throws -> Int32 {
        try await SystemProgram.run("unshare", offline + ["audit", "verify", bundle] + arguments)
      }
      #expect(try await verify() == 20)
      #expect(try await verify("--vkey", key.verifierKey, "--json") == 10)
      #expect(try await verify("--vkey", key.verifierKey, "--known-head", "\(bundle)/checkpoint") == 0)
      #expect(try await verify("--vkey", "nonsense") == 64)
      // A key as a mail or an editor leaves it, and a head through a pipe.
      #expect(try await verify("--vkey", " \(key.verifierKey) ") == 10)
      let keyFile = temporary.url.appending(path: "operator.vkey").path
      try Data("\(key.verifierKey)\r\n".utf8).write(to: URL(filePath: keyFile))
      #expect(try await verify("--vkey", keyFile) == 10)
      let script = "exec \(tally) audit verify \(bundle) --vkey \(keyFile) --known-head <(cat \(bundle)/checkpoint)"
      #expect(try await SystemProgram.run("bash", ["-c", script]) == 0)
      // The same number of lines with another root, signed too.
      let manifest = try BundleManifest(bytes: [UInt8](try Data(contentsOf: URL(filePath: "\(bundle)/manifest.json"))))
      let other = temporary.url.appending(path: "other").path
      let forked = try Checkpoint(origin: manifest.log, size: manifest.to, root: LeafHash.hash([1])).signed(by: key)
      try Data(forked.bytes).write(to: URL(filePath: other))
      let evidence = temporary.url.appending(path: "evidence").path
      #expect(try await verify("--vkey", keyFile, "--known-head", other, "--evidence", evidence) == 30)
      #expect(FileManager.default.contents(atPath: "\(evidence)/held.note") == Data(forked.bytes))
      // A charge that was changed in its line.
      let lines = "\(bundle)/audit-000001.jsonl"
      let text = try String(contentsOfFile: lines, encoding: .utf8)
      try Data(text.replacing("\"charge\":11000", with: "\"charge\":10999").utf8).write(to: URL(filePath: lines))
      #expect(try await verify("--vkey", keyFile) == 40)
      try FileManager.default.removeItem(atPath: lines)
      #expect(try await verify() == 40)
    }

    @Test("What is no folder is no bundle, and nothing is said of it: 64")
    func noFolderIsNoBundle() async throws {
      let temporary = try TemporaryFolder()
      let tally = try BuiltProducts.tally().path
      let bundle = temporary.url.appending(path: "bundle").path
      let key = try #require(NoteSigningKey(newNamed: Self.logName))
      try export(to: bundle, key: key)
      let archive = temporary.url.appending(path: "bundle.tar").path
      #expect(try await SystemProgram.run("tar", ["-cf", archive, "-C", bundle, "."]) == 0)
      for path in [archive, temporary.url.appending(path: "none").path, ""] {
        #expect(
          try await SystemProgram.run("unshare", ["-n", tally, "audit", "verify", path, "--vkey", key.verifierKey])
            == 64)
      }
      #expect(
        try await SystemProgram.run("unshare", ["-n", tally, "audit", "verify", bundle, "--previous", archive]) == 64)
    }
  }
}
