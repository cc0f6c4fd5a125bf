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
    private func export(to folder: String, key: NoteSigningKey) throws {
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
          lines.append(Line.write(event, header))
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
