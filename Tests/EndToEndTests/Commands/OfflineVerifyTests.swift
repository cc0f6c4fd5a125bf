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

    /// Writes a bundle of a log with one line into `folder`.
    private func export(to folder: String, key: NoteSigningKey) throws {
      let book = TeamBook.empty(teamID: Self.team, origin: "\(Self.logName)/\(Self.team)")
      let now = try #require(Timestamp(canonical: "2026-11-01T00:00:00.000000Z"))
      let context = DecisionContext(
        at: now, month: .utcMonth(containing: now), prices: PriceBook([]), actor: .operator, commitment: .zero)
      let command = CreateTeamCommand(limit: Credits(5), period: .month)
      let event = try #require(try book.decide(.createTeam(command), context).events.first)
      let line = Line.write(event, LineHeader(nextOf: book, context))
      var peaks = Peaks()
      peaks.add(LeafHash.hash(line))
      let head = try Checkpoint(origin: book.origin, size: 1, root: peaks.root).signed(by: key)
      let range = BundleRange(team: Self.team, to: 1, checkpoint: head, key: key.verifier)
      let writer = try BundleWriter(range, in: folder)
      try writer.append(line)
      _ = try writer.finish()
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
      try FileManager.default.removeItem(atPath: "\(bundle)/audit-000001.jsonl")
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
