import Audit
import Ledger
import TallyTesting
import Testing

/// What tables say of edits behind the first line that the ledger does not take: the books end there, the rows go on.
@Suite("Rows of a range with a broken book")
struct FaultyRangeTests {
  private let team: AuditedTeam
  /// The holds by their edits' ids.
  private let holds: [RecordID: LineHeader]
  /// Index of the line with which the range begins.
  private let closing: Int64

  /// Edits 1 to 3 are held before the range begins, 2 of them with nobody knowing what became of it; all end in it.
  init() throws {
    var team = try AuditedTeam.withOneKey(seed: 65)
    let before = [Self.hold(1), Self.hold(2), Self.hold(3), Self.doubt(2)]
    let behind: [Command] =
      (7...12).map(Self.hold) + [
        Self.doubt(8), Self.settle(12),
        .credit(CreditCommand(record: Self.id(12), amount: Credits(1), creditedBefore: nil)),
        Self.release(11), Self.hold(13), Self.settle(13), Self.settle(1), Self.settle(2), Self.release(3),
        Self.settle(7), Self.settle(8), Self.release(9), Self.hold(14), Self.settle(10),
      ]
    for command in before { try Self.run(command, &team) }
    closing = team.size
    try team.closePeriod()
    for command in behind { try Self.run(command, &team) }
    (self.team, holds) = (team, try team.holds())
    try #require(holds.count == 11 && team.lines.count == 3 + before.count + 1 + behind.count)
  }

  private static func run(_ command: Command, _ team: inout AuditedTeam) throws {
    try team.run(command)
    team.pass(to: team.book.lastAt.adding(seconds: 1))
  }

  private static func id(_ number: Int) -> RecordID { RecordID(bits: UInt128(number)) }

  private static func hold(_ number: Int) -> Command { AuditedTeam.hold(id(number), n: 1 + number % 2) }

  private static func doubt(_ number: Int) -> Command {
    .markInDoubt(MarkInDoubtCommand(record: id(number), cause: .leaseEnded))
  }

  private static func settle(_ number: Int) -> Command {
    .settle(SettleCommand(record: id(number), deliveredResults: 1))
  }

  private static func release(_ number: Int) -> Command {
    .release(ReleaseCommand(record: id(number), cause: .administrator))
  }

  /// Index of the line that tells this of an edit.
  private func index(_ action: Action, _ number: Int) throws -> Int {
    try #require(
      team.lines.firstIndex { line in
        guard let event = try? Line.parse(line).1 else { return false }
        return event.action == action && event.record == Self.id(number)
      })
  }

  @Test(
    "Whatever the first wrong line tells, each row behind it tells of its own edit's hold",
    arguments: [(Action.editSettled, 12), (.editCredited, 12), (.editReleased, 11), (.editHeld, 13)])
  func rowsGoOn(action: Action, number: Int) throws {
    var log = TestLog(team)
    let fault = try index(action, number)
    log.lines[fault] = try #require(TestEdit.changed("heldAfter", in: log.lines[fault]))
    // The edit 10 is held a second time, which the ledger does not look at any more: its row tells of the second hold.
    let again = try index(.editHeld, 14)
    guard case (let header, .held(var held)) = try Line.parse(log.lines[again]) else { return }
    held.record = Self.id(10)
    held.n = 4
    log.lines[again] = Line.write(.held(held), header)
    log.secrets = log.secrets.map { _ in nil }

    let bundle = try log.export(from: closing)
    let rows = try bundle.lines(BundleFile.usage).dropFirst().map {
      String(decoding: $0, as: UTF8.self).split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    // Ten edits end, one is credited.
    #expect(rows.count == 11)
    for row in rows {
      let record = try #require(RecordID(row[3]))
      let ended = Int(record.bits)
      let hold = ended == 10 ? header : try #require(holds[record])
      let isKnown = ended > 3
      #expect(
        row[4] == "\(AuditedTeam.oneMember)" && row[5] == "\(AuditedTeam.oneKey)" && row[13] == hold.at.rfc3339,
        "\(row)")
      #expect(row[6] == (isKnown ? "m" : "") && row[8] == (isKnown ? "1024x1024" : ""), "\(row)")
      #expect(row[9] == (ended == 10 ? "4" : "\(1 + ended % 2)") && row[11] == "\(held.priceVersion)", "\(row)")
    }
    let verification = try bundle.verify(head: log.head(log.size))
    #expect(verification.verdict == .unbalanced && verification.index == Int64(fault), "\(verification.sentence)")
  }
}
