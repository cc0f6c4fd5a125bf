import Audit
import Ledger
import TallyTesting
import Testing

/// What tables say of an edit's hold, whatever the order in which edits end.
@Suite("Open edits")
struct OpenEditsTests {
  /// A log of edits that were all open at once, and their holds.
  private func log(edits: Int) throws -> (log: TestLog, holds: [RecordID: LineHeader]) {
    var team = try AuditedTeam.withOneKey(seed: 61)
    var generator = SeededGenerator(seed: 62)
    let records = (1...edits).map { RecordID(bits: UInt128($0)) }
    for record in records { try team.run(AuditedTeam.hold(record)) }
    for record in records.shuffled(using: &generator) {
      try team.run(
        generator.chance(20)
          ? .release(ReleaseCommand(record: record, cause: .administrator))
          : .settle(SettleCommand(record: record, deliveredResults: 1)))
    }
    let holds = try team.holds()
    #expect(holds.count == edits && team.lines.count == 3 + 2 * edits)
    return (TestLog(team), holds)
  }

  /// The cells of the rows of the table of usage.
  private func rows(_ bundle: TestBundle) throws -> [[String]] {
    try bundle.lines(BundleFile.usage).dropFirst().map {
      String(decoding: $0, as: UTF8.self).split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// Throws unless each of these rows names the hold of its edit, and the time of that line.
  private func expectHolds(_ holds: [RecordID: LineHeader], in rows: [[String]], holdsNamed: Bool = true) throws {
    #expect(rows.count == holds.count)
    for row in rows {
      let hold = try #require(RecordID(row[3]).flatMap { holds[$0] })
      #expect(row[13] == hold.at.rfc3339 && row[6] == "m", "\(row)")
      if holdsNamed { #expect(row[12] == "\(hold.index)", "\(row)") }
    }
  }

  @Test("However many are open and in whatever order they end, each row tells of its own hold")
  func rowsTellOfTheirHolds() throws {
    let (log, holds) = try log(edits: 500)
    let bundle = try log.export()
    try expectHolds(holds, in: rows(bundle))
    #expect(try bundle.verify(head: log.head(log.size)).verdict == .extending)
  }

  private let wholeFile = BundleLimits(lines: 1_000_000, bytes: 100_000_000)

  @Test("A credit tells of the hold of its edit, however long ago and in whichever file that stands")
  func creditsFindTheirHolds() throws {
    var team = try AuditedTeam.withOneKey(seed: 63)
    var generator = SeededGenerator(seed: 64)
    let records = (1...400).map { RecordID(bits: UInt128($0)) }
    for record in records {
      try team.run(AuditedTeam.hold(record))
      try team.run(.settle(SettleCommand(record: record, deliveredResults: 1)))
      team.pass(to: team.book.lastAt.adding(seconds: 1))
    }
    for record in records.shuffled(using: &generator) {
      try team.run(.credit(CreditCommand(record: record, amount: Credits(1), creditedBefore: nil)))
    }
    let log = TestLog(team)
    for limits in [TestLog.smallFiles, BundleLimits(lines: 100, bytes: 1_000_000), wholeFile] {
      let bundle = try log.export(limits: limits)
      try expectHolds(team.holds(), in: rows(bundle).filter { $0[2] == "edit.credited" })
      #expect(try bundle.verify(head: log.head(log.size)).verdict == .extending)
    }
  }

  @Test("A line that names another edit's hold is a broken book, and rows still tell of their own edits")
  func foreignHoldsChangeNoRows() throws {
    var (log, holds) = try log(edits: 100)
    let ends = log.lines.indices.dropFirst(103)
    let forged = try #require(ends.first { log.lines[$0].starts(with: Array("{\"action\":\"edit.settled\"".utf8)) })
    guard case (let header, .settled(var settled)) = try Line.parse(log.lines[forged]) else { return }
    // Of an edit that is open still, since only one has ended so far.
    let other = try #require(holds.values.first { $0.index != settled.hold })
    settled.hold = other.index
    log.lines[forged] = Line.write(.settled(settled), header)
    log.secrets = log.secrets.map { _ in nil }
    let bundle = try log.export()
    try expectHolds(holds, in: rows(bundle), holdsNamed: false)
    let verification = try bundle.verify(head: log.head(log.size))
    #expect(verification.verdict == .unbalanced && verification.index == Int64(forged))
  }
}
