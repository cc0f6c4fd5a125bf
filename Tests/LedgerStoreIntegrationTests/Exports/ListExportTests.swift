import Audit
import Exports
import Foundation
import Ledger
import LedgerStore
import TallyTesting
import Testing
import TransparencyLog

@Suite struct ListExportTests {
  /// An entry of a list of proofs.
  private struct Entry: Decodable {
    var index: Int64
    var proof: String
  }

  private static func written(_ plan: ExportPlan, _ team: ExportedTeam) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    try await team.exports.write(plan, by: "/nowhere", now: team.now) { bytes += $0 }
    return bytes
  }

  private static func text(
    _ content: ExportRequest.Content, from: Int64? = nil, to: Int64? = nil, _ team: ExportedTeam
  ) async throws -> String {
    let plan = try await team.exports.plan(team.request(content, from: from, to: to), now: team.now)
    return String(decoding: try await written(plan, team), as: UTF8.self)
  }

  @Test func linesAreTheStoredBytes() async throws {
    try await withExportedTeam { team, _ in
      let lines = try await team.lines().map { String(decoding: $0, as: UTF8.self) + "\n" }
      #expect(try await Self.text(.lines, team) == lines.joined())
      #expect(try await Self.text(.lines, from: 3, to: 9, team) == lines[3..<9].joined())
      #expect(try await Self.text(.lines, from: 4, to: 4, team) == "")
    }
  }

  /// A table of any range has the rows that a bundle's has for its lines, whatever stands before the range.
  @Test func aTableHasTheRowsOfItsLines() async throws {
    try await withExportedTeam { team, folder in
      let size = try await team.store.logState(of: team.team).size
      for (start, from) in [(Int64(0), Int64(0)), (0, 9), (team.closed[0].index, team.closed[0].index + 6)] {
        let bundle = "\(folder)/\(from)"
        let plan = try await team.exports.plan(team.request(.bundle, from: start), now: team.now)
        _ = try await team.exports.fill(
          try BundleWriter(try await team.exports.bundleRange(plan), in: bundle)
        ) { _, _ in }
        let contents: [(ExportRequest.Content, String)] = [(.usage, "usage.csv"), (.focus, "focus-1.2.csv")]
        for (content, name) in contents {
          let whole = try String(contentsOfFile: "\(bundle)/\(name)", encoding: .utf8)
          let rows = whole.split(separator: "\r\n").map(String.init)
          let got = try await Self.text(content, from: from, to: size, team).split(separator: "\r\n").map(String.init)
          #expect(got.first == rows.first)
          #expect(got.count > 1 && got.dropFirst().elementsEqual(rows.suffix(got.count - 1)), "\(name) from \(from)")
          if content == .usage {
            let indexes = got.dropFirst().compactMap { Int64($0.prefix { $0 != "," }) }
            let expected = rows.dropFirst().compactMap { Int64($0.prefix { $0 != "," }) }.filter { $0 >= from }
            #expect(indexes == expected)
          }
        }
      }
    }
  }

  @Test func chosenLinesComeEachWithAProofThatStandsAlone() async throws {
    try await withExportedTeam { team, _ in
      let lines = try await team.lines()
      let parsed = try lines.map { try Line.parse($0).1 }
      let ledger = team.ledger
      let secondsEdits = Set(
        parsed.compactMap { event -> RecordID? in
          guard case .held(let held) = event, held.member == ledger.second else { return nil }
          return held.record
        })
      let cases: [(ExportCreated.Filters, (Event) -> Bool)] = [
        (ExportCreated.Filters(action: .editHeld), { $0.action == .editHeld }),
        (ExportCreated.Filters(record: ledger.settled), { $0.record == ledger.settled }),
        (
          ExportCreated.Filters(action: .editSettled, member: ledger.second),
          { $0.action == .editSettled && $0.record.map(secondsEdits.contains) ?? false }
        ),
        (
          ExportCreated.Filters(key: ledger.rotatedKey),
          { event in
            switch event {
            case .keyRotated: true
            case .held(let held): held.key == ledger.rotatedKey
            case .credited(let credited): credited.record.bits > 0xE00
            case .settled(let settled): settled.record.bits > 0xE00
            default: false
            }
          }
        ),
        (ExportCreated.Filters(action: .logRecovered), { _ in false }),
      ]
      for (filters, passes) in cases {
        let text = try await Self.text(.proofs(filters), team)
        let entries = try text.split(separator: "\n").map {
          (try JSONDecoder().decode(Entry.self, from: Data($0.utf8)), String($0))
        }
        let expected = parsed.indices.filter { passes(parsed[$0]) }
        #expect(entries.map { Int($0.0.index) } == expected, "\(filters)")
        for (entry, row) in entries {
          let proof = try LogProof(text: Array(entry.proof.utf8))
          #expect(try proof.verifiedLine(keys: [team.key.verifier]).line == lines[Int(entry.index)])
          #expect(proof.index == entry.index)
          #expect(row.contains(String(decoding: lines[Int(entry.index)], as: UTF8.self)))
        }
      }
    }
  }

  /// Wherever it was cut, the rest of a list has the proofs that it would have had, however far the log has grown meanwhile.
  @Test func aCutListGoesOnToTheSameBytes() async throws {
    try await withExportedTeam { team, _ in
      let content = ExportRequest.Content.proofs(ExportCreated.Filters(member: team.ledger.second))
      let plan = try await team.exports.plan(team.request(content), now: team.now)
      let head = try #require(plan.head)
      let whole = try await Self.written(plan, team)
      let rows = whole.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
      #expect(rows.count > 5)
      _ = try await team.store.hold(
        team.ledger.request(
          RecordID(bits: 0xF01), member: team.ledger.second, key: team.ledger.rotatedKey, user: "user-2"))
      try await team.sign()
      for kept in [0, 1, rows.count / 2, rows.count - 1, rows.count] {
        var request = team.request(content, from: plan.from, to: plan.to)
        request.listHead = try SignedNote(bytes: head.note)
        let rest = try await team.exports.plan(request, now: team.now)
        var text = rows.prefix(kept).flatMap { $0 + [UInt8(ascii: "\n")] }
        let last = kept == 0 ? nil : ListRow.index(of: rows[kept - 1])
        try await team.exports.writeProofs(rest, after: last) { bytes, _ in text += bytes }
        #expect(text.elementsEqual(whole), "\(kept) rows were kept")
      }
      // The newest head makes other proofs.
      let newer = try await team.exports.plan(team.request(content, from: plan.from, to: plan.to), now: team.now)
      #expect(try await !Self.written(newer, team).elementsEqual(whole))
    }
  }

  @Test func aCutListIsNotGoneOnWithByAHeadThatIsNotTheLogs() async throws {
    try await withExportedTeam { team, _ in
      let log = try await team.store.logState(of: team.team)
      let stranger = try #require(NoteSigningKey(newNamed: "tally.local"))
      let cases: [(Checkpoint, NoteSigningKey)] = [
        (try Checkpoint(origin: log.origin, size: log.size, root: log.peaks.root), stranger),
        (try Checkpoint(origin: "tally.local/other", size: log.size, root: log.peaks.root), team.key),
        (try Checkpoint(origin: log.origin, size: log.size - 1, root: log.peaks.root), team.key),
        (try Checkpoint(origin: log.origin, size: log.size + 1, root: log.peaks.root), team.key),
      ]
      for (head, key) in cases {
        var request = team.request(.proofs(ExportCreated.Filters(action: .editHeld)))
        request.listHead = try head.signed(by: key)
        await #expect(throws: ExportFailure.self) { try await team.exports.plan(request, now: team.now) }
      }
    }
  }

  @Test(arguments: [
    (#"{"index":0,"line":{}}"#, Int64?.some(0)), (#"{"index":4711,"line":"#, 4_711), (#"{"index":-1,"line":"#, nil),
    (#"{"line":{}}"#, nil), ("", nil), (#"{"index":"#, nil), (#"{"index":99999999999999999999,"#, nil),
  ])
  func aRowNamesItsLine(row: String, index: Int64?) {
    #expect(ListRow.index(of: Array(row.utf8)) == index)
  }

  @Test func rangesThatCannotBeSayWhy() async throws {
    try await withExportedTeam { team, _ in
      let size = try await team.store.logState(of: team.team).size
      func fault(_ change: (inout ExportRequest) -> Void) async -> (field: String, message: String)? {
        var request = team.request(.lines)
        change(&request)
        let error = await #expect(throws: StoreError.self) { try await team.exports.plan(request, now: team.now) }
        guard case .invalid(let field, let message) = error?.reason else { return nil }
        return (field, message)
      }
      let future = Timestamp(microseconds: team.now.microseconds + 1)
      var found = await fault { $0.from = .index(size + 1) }
      #expect(found?.field == "from" && found?.message.contains("future") == true)
      found = await fault { $0.to = .moment(future) }
      #expect(found?.field == "to" && found?.message.contains("future") == true)
      found = await fault { ($0.from, $0.to) = (.index(5), .index(4)) }
      #expect(found?.field == "to" && found?.message.contains("ends before it starts") == true)
      found = await fault { ($0.from, $0.to) = (.moment(team.now), .moment(.epoch)) }
      #expect(found?.field == "to")
      let error = await #expect(throws: StoreError.self) {
        try await team.exports.plan(ExportRequest(team: TeamID(bits: 9), content: .lines), now: team.now)
      }
      #expect(error?.reason == .notFound("the team"))
      // What was pruned: the first index that can be had is named.
      let first = team.closed[0].index
      try await team.database.execute(
        """
        UPDATE tally.log_line SET line = '' WHERE index < \(first);
        UPDATE tally.team SET pruned_before = \(first)
        """)
      found = await fault { $0.from = .index(first - 1) }
      #expect(found?.field == "from" && found?.message.contains("can be had is \(first)") == true)
      found = await fault { $0.from = .moment(.epoch) }
      #expect(found?.field == "from" && found?.message.contains("can be had is \(first)") == true)
      #expect(try await team.exports.plan(team.request(.bundle), now: team.now).start == first)
      #expect(try await team.exports.plan(team.request(.lines), now: team.now).from == first)
    }
  }
}
