import Audit
import Exports
import Foundation
import Ledger
import LedgerStore
import TallyTesting
import Testing
import TransparencyLog

/// A log that another took the place of is still taken away, and found whole as far as a signed head reaches.
@Suite struct ReplacedLogTests {
  /// A team whose log was replaced, with what was given away of the old one before.
  private struct Replaced {
    let team: ExportedTeam
    let old: TeamLog
    /// The newest head of the old log; some lines stand behind it.
    let head: SignedNote
    let covered: Int64
    let statements: [MonthStatement?]
    let usage: [UInt8]
    let folder: String

    func request(
      _ content: ExportRequest.Content, from: Int64? = nil, to: Int64? = nil, known: SignedNote? = nil
    ) -> ExportRequest {
      var request = team.request(content, from: from, to: to)
      request.log = old.origin
      request.knownHead = known
      request.takesShortHead = true
      return request
    }

    func plan(_ request: ExportRequest) async throws -> ExportPlan {
      try await team.exports.plan(request, now: team.now)
    }

    func bundle(_ request: ExportRequest, _ name: String) async throws -> String {
      let path = "\(folder)/\(name)"
      let range = try await team.exports.bundleRange(try await plan(request))
      _ = try await team.exports.fill(try BundleWriter(range, in: path)) { _, _ in }
      return path
    }

    func verdict(_ bundle: String, _ head: SignedNote? = nil) throws -> Verification.Verdict {
      var verifier = BundleVerifier(folder: bundle)
      verifier.pinnedKeys = [team.key.verifier]
      verifier.knownHead = head
      return try verifier.verify().verdict
    }

    /// A head of the old log's first lines.
    func head(of size: Int64) async throws -> SignedNote {
      var peaks = Peaks()
      for line in try await team.lines().prefix(Int(size)) { peaks.add(LeafHash.hash(line)) }
      return try Checkpoint(origin: old.origin, size: size, root: peaks.root).signed(by: team.key)
    }
  }

  private static func statements(_ team: ExportedTeam) async throws -> [MonthStatement?] {
    var statements: [MonthStatement?] = []
    for period in team.closed {
      let month = try #require(CalendarMonth(period.month))
      statements.append(try await team.exports.statement(of: team.team, month, now: team.now))
    }
    return statements
  }

  private static func table(_ team: ExportedTeam, _ request: ExportRequest) async throws -> [UInt8] {
    var text: [UInt8] = []
    let plan = try await team.exports.plan(request, now: team.now)
    try await team.exports.writeTable(.usage, plan) { bytes, _ in text += bytes }
    return text
  }

  private static func edit(_ number: UInt128, of team: ExportedTeam) async throws {
    let record = RecordID(bits: number)
    _ = try await team.store.hold(team.ledger.request(record))
    _ = try await team.store.settle(team.ledger.settlement(of: record))
  }

  private static func replaceLog(of team: ExportedTeam) async throws -> TeamLog {
    try await team.database.execute("UPDATE tally.team SET is_halted = true WHERE team_id = '\(team.team)'")
    let recovered = try await team.store.recoverLog(of: team.team, known: nil, by: SmallLedger.administrator)
    return try await team.store.log(of: team.team, named: recovered.oldLog)
  }

  private static func with(_ body: (Replaced) async throws -> Void) async throws {
    try await withExportedTeam { team, folder in
      let head = try #require(try await team.store.newestHead(of: team.team))
      try await edit(0xF01, of: team)
      let before = try await statements(team)
      let usage = try await table(team, team.request(.usage, to: head.size))
      let old = try await replaceLog(of: team)
      try await edit(0xF02, of: team)
      try await team.sign()
      try await body(
        Replaced(
          team: team, old: old, head: try SignedNote(bytes: head.note), covered: head.size, statements: before,
          usage: usage, folder: folder))
    }
  }

  @Test func anOldLogIsFoundWholeUpToItsHead() async throws {
    try await Self.with { replaced in
      let second = replaced.team.closed[1].index
      let cases: [(from: Int64?, start: Int64)] = [(nil, 0), (0, 0), (second, second), (second + 1, second)]
      for (number, range) in cases.enumerated() {
        let request = replaced.request(.bundle, from: range.from)
        let plan = try await replaced.plan(request)
        #expect(plan.start == range.start && plan.to == replaced.covered && plan.isHeadShort)
        let bundle = try await replaced.bundle(request, "\(number)")
        #expect(try replaced.verdict(bundle) == .untied)
        #expect(try replaced.verdict(bundle, replaced.head) == .extending)
      }
      let asked = try await replaced.plan(replaced.request(.bundle, to: replaced.covered - 1))
      #expect(asked.to == replaced.covered - 1 && !asked.isHeadShort)
      // Who cannot be told that it ends earlier is told that it cannot be had.
      var request = replaced.request(.bundle, to: replaced.old.size)
      request.takesShortHead = false
      await #expect(throws: ExportFailure.unprovenBehind(size: replaced.covered, log: replaced.old.origin)) {
        try await replaced.plan(request)
      }
      // The log that goes on is what it was: its own lines, from the one that admits the loss.
      request = replaced.team.request(.bundle)
      let new = try await replaced.plan(request)
      let size = try await replaced.team.store.logState(of: replaced.team.team).size
      #expect(new.start == 0 && new.to == size && new.log != replaced.old.origin && new.state != nil)
      #expect(try replaced.verdict(try await replaced.bundle(request, "new")) == .untied)
    }
  }

  @Test func itsLinesAreToBeHadBehindTheHeadToo() async throws {
    try await Self.with { replaced in
      let plan = try await replaced.plan(replaced.request(.lines))
      #expect(plan.to == replaced.old.size && plan.to == replaced.covered + 2 && !plan.isHeadShort)
      var text: [UInt8] = []
      try await replaced.team.exports.writeLines(plan) { bytes, _ in text += bytes }
      let lines = try await replaced.team.lines().prefix(Int(replaced.old.size))
      #expect(text == lines.flatMap { $0 + [UInt8(ascii: "\n")] })
      #expect(
        try await Self.table(replaced.team, replaced.request(.usage, to: replaced.covered)) == replaced.usage)
    }
  }

  @Test func statementsOfMonthsThatWereClosedInItAreTheSame() async throws {
    try await Self.with { replaced in
      #expect(try await Self.statements(replaced.team) == replaced.statements)
      #expect(replaced.statements.count == 2 && replaced.statements.allSatisfy { $0?.isComplete == true })
      let running = try #require(CalendarMonth(PeriodBounds.utcMonth(containing: replaced.team.now)))
      let team = replaced.team
      let statement = try #require(try await team.exports.statement(of: team.team, running, now: team.now))
      #expect(!statement.isComplete && String(decoding: statement.json, as: UTF8.self).contains(#""from":0"#))
    }
  }

  private static let alteration =
    #"line = convert_to(regexp_replace(convert_from(line, 'UTF8'), '"private":".{8}', '"private":"00000000'), 'UTF8')"#

  @Test func anAlteredLineOfItIsNamed() async throws {
    try await Self.with { replaced in
      let index = replaced.team.closed[1].index - 1
      try await replaced.team.database.execute("UPDATE tally.log_line SET \(Self.alteration) WHERE index = \(index)")
      let team = replaced.team
      let month = try #require(CalendarMonth(team.closed[1].month))
      let takings: [(String, () async throws -> Void)] = [
        (
          "lines",
          {
            let plan = try await replaced.plan(replaced.request(.lines))
            try await team.exports.writeLines(plan) { _, _ in }
          }
        ),
        ("usage", { _ = try await Self.table(team, replaced.request(.usage)) }),
        ("bundle", { _ = try await replaced.bundle(replaced.request(.bundle), "altered") }),
        ("statement", { _ = try await team.exports.statement(of: team.team, month, now: team.now) }),
      ]
      for (name, take) in takings {
        let failure = await #expect(throws: ExportFailure.self, "\(name)") { try await take() }
        #expect(
          failure?.description.contains("line \(index) is not") == true, "\(name): \(String(describing: failure))")
      }
    }
  }

  /// Whoever changes lines behind the last head, and their hashes with them.
  @Test func alteredHashesBehindItsHeadAreFound() async throws {
    try await Self.with { replaced in
      try await replaced.team.database.execute(
        """
        UPDATE tally.log_line SET \(Self.alteration) WHERE index = \(replaced.old.size - 1);
        UPDATE tally.log_line SET leaf = sha256('\\x00'::bytea || line) WHERE index = \(replaced.old.size - 1)
        """)
      let plan = try await replaced.plan(replaced.request(.lines))
      await #expect(throws: ExportFailure.self) { try await replaced.team.exports.writeLines(plan) { _, _ in } }
      // What stands under the head is as good as it was.
      let bundle = try await replaced.bundle(replaced.request(.bundle), "good")
      #expect(try replaced.verdict(bundle, replaced.head) == .extending)
    }
  }

  /// A log is given up because it contradicts its heads: what an older one covers is proved by that one.
  @Test func aHeadThatIsBroughtProvesWhatTheStoredOneDoesNot() async throws {
    try await Self.with { replaced in
      let early = try await replaced.head(of: 7)
      // Beside a good head it is one that the bundle is tied to.
      let later = replaced.request(.bundle, from: replaced.team.closed[1].index, known: early)
      #expect(try replaced.verdict(try await replaced.bundle(later, "later"), early) == .extending)
      let wrong = try Checkpoint(origin: replaced.old.origin, size: 7, root: LeafHash.hash([1]))
        .signed(by: replaced.team.key)
      await #expect(throws: ExportFailure.contradiction(size: 7)) {
        try await replaced.bundle(replaced.request(.bundle, known: wrong), "wrong")
      }
      // One of lines that are lost ties nothing, and hinders nothing.
      let lost = try Checkpoint(origin: replaced.old.origin, size: replaced.old.size + 5, root: LeafHash.hash([2]))
        .signed(by: replaced.team.key)
      let bundle = try await replaced.bundle(replaced.request(.bundle, known: lost), "lost")
      #expect(try replaced.verdict(bundle, replaced.head) == .extending)

      try await replaced.team.database.execute(
        "UPDATE tally.checkpoint SET root = sha256('another') WHERE log_origin = '\(replaced.old.origin)'")
      await #expect(throws: ExportFailure.contradiction(size: 7)) {
        try await replaced.plan(replaced.request(.bundle, known: wrong))
      }
      for known in [nil, lost] {
        await #expect(throws: ExportFailure.unproven(log: replaced.old.origin)) {
          try await replaced.plan(replaced.request(.bundle, known: known))
        }
      }
      let plan = try await replaced.plan(replaced.request(.bundle, known: early))
      #expect(plan.to == 7 && plan.isHeadShort && plan.head?.note == early.bytes)
      let first = try await replaced.bundle(replaced.request(.bundle, known: early), "first")
      #expect(try replaced.verdict(first, early) == .extending)
      #expect(try replaced.verdict(first) == .untied)
      // The lines alone are to be had without any head.
      let lines = try await replaced.plan(replaced.request(.lines))
      try await replaced.team.exports.writeLines(lines) { _, _ in }
    }
  }

  @Test func aLogBetweenTwoOthersBeginsWithItsBook() async throws {
    try await Self.with { replaced in
      let team = replaced.team
      let size = try await team.store.logState(of: team.team).size
      let middle = try await Self.replaceLog(of: team)
      try await Self.edit(0xF03, of: team)
      let logs = try await team.store.logs(of: team.team)
      #expect(logs.map(\.isReplaced) == [true, true, false] && logs.prefix(2).elementsEqual([replaced.old, middle]))
      #expect(middle.base == replaced.old.size && middle.size == size)
      #expect(try await team.store.loggedLine(of: replaced.old, at: replaced.old.size) == nil)
      #expect(try await team.store.loggedLine(of: middle, at: size) == nil)
      let first = try #require(try await team.store.loggedLine(of: middle, at: 0))
      #expect(try Line.parse(first.line).1.action == .logRecovered)
      var request = replaced.request(.bundle)
      request.log = middle.origin
      let plan = try await replaced.plan(request)
      #expect(plan.start == 0 && plan.to == size && plan.state != nil)
      #expect(try replaced.verdict(try await replaced.bundle(request, "middle")) == .untied)
      let unknown = await #expect(throws: StoreError.self) {
        try await team.store.log(of: team.team, named: "tally.local/other")
      }
      #expect(logs.allSatisfy { unknown?.description.contains($0.origin) == true })
    }
  }

  @Test func whatWasPrunedOfItIsKnown() async throws {
    try await withShiftedStore { store, database, clock in
      let temporary = try TemporaryFolder()
      defer { withExtendedLifetime(temporary) {} }
      let team = try await ExportedTeam.atAMonthsEnd(in: store, database, clock)
      let cut = team.closed[0].index
      let month = try #require(CalendarMonth(PeriodBounds.utcMonth(containing: clock.now)))
      _ = try await store.prune(before: month, of: team.team, by: SmallLedger.administrator)
      try await team.sign()
      let old = try await Self.replaceLog(of: team)
      #expect(old.firstKept == cut)
      var request = team.request(.bundle, from: 0)
      request.log = old.origin
      let error = await #expect(throws: StoreError.self) { try await team.exports.plan(request, now: team.now) }
      #expect(error?.description.contains("\(cut)") == true)
      request.from = nil
      let plan = try await team.exports.plan(request, now: team.now)
      #expect(plan.start == cut && plan.to == old.size)
      let bundle = "\(temporary.url.path)/old"
      let range = try await team.exports.bundleRange(plan)
      _ = try await team.exports.fill(try BundleWriter(range, in: bundle)) { _, _ in }
      var verifier = BundleVerifier(folder: bundle)
      verifier.pinnedKeys = [team.key.verifier]
      #expect(try verifier.verify().verdict == .untied)
    }
  }

  @Test func singleLinesOfItAreProved() async throws {
    try await Self.with { replaced in
      let store = replaced.team.store
      let head = try #require(try await store.newestHead(of: replaced.old))
      let line = try #require(try await store.loggedLine(of: replaced.old, at: 3))
      let proof = try await store.proof(of: line, under: head, base: replaced.old.base)
      let proved = try proof.verifiedLine(keys: [replaced.team.key.verifier], origin: replaced.old.origin)
      #expect(proved.line == line.line)
      let filters = ExportCreated.Filters(record: replaced.team.ledger.settled)
      for (log, isThere) in [(replaced.old.origin, true), (nil, false)] as [(String?, Bool)] {
        var request = replaced.request(.proofs(filters))
        request.log = log
        var text: [UInt8] = []
        let plan = try await replaced.plan(request)
        try await replaced.team.exports.writeProofs(plan) { bytes, _ in text += bytes }
        #expect(text.isEmpty != isThere)
      }
    }
  }

  @Test func theLogThatGoesOnTellsOfItsExport() async throws {
    try await Self.with { replaced in
      let team = replaced.team
      let plan = try await replaced.plan(replaced.request(.bundle, from: 1))
      try await team.exports.note(plan, id: NoteID(bits: 0x88), by: SmallLedger.administrator)
      let told = try Line.parse(try #require(try await team.lines().last)).1
      #expect(
        told
          == .exportCreated(
            ExportCreated(
              export: NoteID(bits: 0x88), oldLog: replaced.old.origin, from: 0, to: replaced.covered, filters: nil,
              withPrivate: false)))
      #expect(try await team.store.check().violations == [])
    }
  }
}
