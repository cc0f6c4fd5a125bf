import Foundation
import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing
import TransparencyLog

extension EndToEnd {
  /// Logs that many write to at once, through gateways that are killed meanwhile.
  @Suite("Logs under many writers")
  struct ManyWritersTests {
    private static let writers = 64

    @Test("64 writers and kill -9 leave no gap in any log, and its head is what its lines make")
    func logsHaveNoGaps() async throws {
      Notice.tell("many writers: TALLY_TEST_SEED=\(RunSeed.value)")
      let temporary = try TemporaryFolder()
      let key = try #require(NoteSigningKey(newNamed: "tally.local"))
      let keyFile = temporary.url.appending(path: "log.key")
      try Data("\(key.secretText)\n".utf8).write(to: keyFile)
      try await withTestDatabase(template: World.migrated) { database in
        try await FaultWorld.run(
          on: database.superuserSettings, in: temporary.url, gateways: 2, seed: RunSeed.value, clients: Self.writers,
          arguments: ["--signing-key-file", keyFile.path],
          faults: { world, generator in
            for _ in 0..<5 {
              try await world.waitForEdits(Int.random(in: 10...40, using: &generator))
              try await world.fleet.kill(Int.random(in: 0..<world.fleet.size, using: &generator))
              try await world.fleet.startAll()
            }
          },
          afterwards: { world in
            let logs = try await world.rows(.storedLogs)
            #expect(logs.count == 2)
            for log in logs {
              try await Self.judge(log, in: world)
              try await Self.judgeHead(of: log, signedBy: key.verifier, in: world)
            }
          })
      }
      withExtendedLifetime(temporary) {}
    }

    /// Compares the signed head that covers all of a log with what its lines make.
    private static func judgeHead(of log: StoredLog, signedBy key: NoteVerifierKey, in world: FaultWorld) async throws {
      // Whoever signed last may have been killed: another one, or the same, takes the lease when it has ended.
      let proof = try await world.fleet.wait(within: .seconds(60), "a signed head of \(log.origin)") {
        let answer = try await world.tally.run(["audit", "proof", log.team, "\(log.size - 1)", "--json"])
        return answer.status == 0 ? answer.json["proof"].string : nil
      }
      let (line, head) = try LogProof(text: Array(proof.utf8)).verifiedLine(keys: [key], origin: log.origin)
      let rows = try await world.rows(.storedLines(of: log.team)).prefix(Int(head.size))
      #expect(head.size >= log.size && rows.count == Int(head.size))
      #expect(rows[Int(log.size) - 1].line == line)
      #expect(head.root == Self.root(rows.map { LeafHash.hash($0.line) }[...]))
    }

    private static func judge(_ log: StoredLog, in world: FaultWorld) async throws {
      let rows = try await world.rows(.storedLines(of: log.team))
      #expect(rows.map(\.index) == Array(0..<log.size), "\(log.origin) has gaps")
      #expect(rows.count > 100)
      let leaves = rows.map { LeafHash.hash($0.line) }
      for (row, leaf) in zip(rows, leaves) { #expect(row.leaf == leaf.bytes, "line \(row.index) of \(log.origin)") }
      let root = Self.root(leaves[...])
      #expect(try Peaks(size: log.size, bytes: log.peaks).root == root)
      // What the lines say of themselves, and the books that they make.
      let book = try TeamBook.replay(lines: rows.map(\.line))
      #expect(book.logSize == log.size && book.origin == log.origin && book.checkInvariants().isEmpty)
    }

    /// The root as RFC 6962 defines it (section 2.1), by recursion over all leaves: nothing shared with what the lanes keep.
    private static func root(_ leaves: ArraySlice<Digest>) -> Digest {
      guard leaves.count > 1 else { return leaves.first ?? NodeHash.emptyRoot }
      var left = 1
      while left * 2 < leaves.count { left *= 2 }
      let middle = leaves.startIndex + left
      return NodeHash.hash(root(leaves[..<middle]), root(leaves[middle...]))
    }
  }
}

/// A team's log as its row says.
private struct StoredLog {
  var team: String
  var origin: String
  var size: Int64
  var peaks: [UInt8]
}

/// One line as it is stored.
private struct StoredLine {
  var index: Int64
  var line: [UInt8]
  var leaf: [UInt8]
}

extension Statement where Row == StoredLog {
  /// The teams' logs; the operator's own, which a signer begins after a while, is written by one alone.
  fileprivate static var storedLogs: Statement {
    Statement(
      "stored logs",
      """
      SELECT team_id::text, log_origin, log_size, log_peaks FROM tally.team
       WHERE team_id <> '00000000-0000-0000-0000-000000000000' ORDER BY team_id
      """
    ) { (row) throws(PostgresError) in
      StoredLog(
        team: try row.next(), origin: try row.next(), size: try row.next(),
        peaks: try row.next(PostgresBytes.self).bytes)
    }
  }
}

extension Statement where Row == StoredLine {
  fileprivate static func storedLines(of team: String) -> Statement {
    Statement(
      "stored lines", "SELECT index, line, leaf FROM tally.log_line WHERE team_id = '\(team)' ORDER BY index"
    ) { (row) throws(PostgresError) in
      StoredLine(
        index: try row.next(), line: try row.next(PostgresBytes.self).bytes,
        leaf: try row.next(PostgresBytes.self).bytes)
    }
  }
}
