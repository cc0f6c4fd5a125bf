import Audit
import Ledger
import TallyTesting
import Testing

/// Edits that lines correct again and again after they were over: each time they are read again from the lines that held and
/// ended them, and what was corrected before counts all the same.
@Suite("Corrected edits")
struct CorrectedEditsTests {
  private let log: TestLog
  /// Index of the line that tells this of the first edit: its last one of that action.
  private let places: [Action: Int]
  /// Indexes of lines behind all of the first edit's, which hold another edit and refuse one.
  private let laterHold: Int
  private let laterRefusal: Int

  init() throws {
    var team = try AuditedTeam.withOneKey(seed: 66)
    let records = (1...20).map { RecordID(bits: UInt128($0)) }
    for record in records {
      try team.run(AuditedTeam.hold(record))
      var assumed = SettleCommand(record: record, deliveredResults: 0)
      assumed.assumed = true
      try team.run(.settle(assumed))
    }
    for amount in [5, 7] { for record in records { try team.run(Self.credit(record, Int64(amount))) } }
    for record in records { try team.run(.settle(SettleCommand(record: record, deliveredResults: 1))) }
    for record in records { try team.run(Self.credit(record, 9)) }
    laterHold = Int(team.size)
    try team.run(AuditedTeam.hold(RecordID(bits: 21)))
    try team.run(.changeTeam(ChangeTeamCommand(limit: .set(Credits(1)))))
    laterRefusal = Int(team.size)
    try team.run(AuditedTeam.hold(RecordID(bits: 22)))
    var places: [Action: Int] = [:]
    for (index, line) in team.lines.enumerated() {
      let event = try Line.parse(line).1
      if event.record == records[0] { places[event.action] = index }
    }
    (log, self.places) = (TestLog(team), places)
    try #require(team.lines.count == 3 + 6 * 20 + 3 && places[.editEvidence] != nil)
  }

  private static func credit(_ record: RecordID, _ amount: Int64) -> Command {
    .credit(CreditCommand(record: record, amount: Credits(amount), creditedBefore: nil))
  }

  /// The verdict where the keeper signs another line in one's place.
  private func verify(_ index: Int, _ line: [UInt8]) throws -> Verification {
    var log = log
    log.lines[index] = line
    log.secrets = log.secrets.map { _ in nil }
    return try log.export().verify(head: log.head(log.size))
  }

  @Test("An honest log balances, and each row tells of its edit's hold")
  func honestLogBalances() throws {
    let bundle = try log.export()
    #expect(try bundle.verify(head: log.head(log.size)).verdict == .extending)
    let rows = try bundle.lines(BundleFile.usage).dropFirst().map { String(decoding: $0, as: UTF8.self) }
    #expect(rows.count == 101 && rows.allSatisfy { $0.contains(",m,medium,1024x1024,1,") })
  }

  @Test("What was credited before is not forgotten")
  func creditsAddUp() throws {
    let index = try #require(places[.editCredited])
    let verification = try verify(index, try #require(TestEdit.changed("creditedBefore", in: log.lines[index])))
    #expect(verification.verdict == .unbalanced && verification.index == Int64(index), "\(verification.sentence)")
    #expect(verification.sentence.contains("creditedBefore"), "\(verification.sentence)")
  }

  @Test("An edit is proven once")
  func secondEvidenceIsNamed() throws {
    // The line behind the last evidence, so that the budgets in it are still right.
    let index = try #require(log.lines.lastIndex { (try? Line.parse($0).1.action) == .editEvidence })
    guard case (_, .evidence(let evidence)) = try Line.parse(log.lines[index]) else { return }
    try #require(evidence.credited == .zero)
    let header = try Line.parse(log.lines[index + 1]).0
    let verification = try verify(index + 1, Line.write(.evidence(evidence), header))
    #expect(verification.verdict == .unbalanced && verification.index == Int64(index + 1), "\(verification.sentence)")
    #expect(verification.sentence.contains("state"), "\(verification.sentence)")
  }

  @Test("A corrected edit is not held again")
  func secondHoldIsNamed() throws {
    guard case (let header, .held(var held)) = try Line.parse(log.lines[laterHold]) else { return }
    held.record = RecordID(bits: 1)
    let verification = try verify(laterHold, Line.write(.held(held), header))
    #expect(verification.verdict == .unbalanced && verification.index == Int64(laterHold), "\(verification.sentence)")
  }

  @Test("A corrected edit is not refused afterwards")
  func laterRefusalIsNamed() throws {
    guard case (let header, .refused(var refused)) = try Line.parse(log.lines[laterRefusal]) else {
      Issue.record("no refusal")
      return
    }
    refused.record = RecordID(bits: 1)
    let verification = try verify(laterRefusal, Line.write(.refused(refused), header))
    #expect(verification.verdict == .unbalanced && verification.index == Int64(laterRefusal))
  }

  @Test("Lines of another edit with the same id are not the corrected edit's")
  func otherPlacesAreNamed() throws {
    let index = try #require(places[.editCredited])
    guard case (let header, .credited(var credited)) = try Line.parse(log.lines[index]) else { return }
    // The credit names the first edit's lines under the second edit's id, and the other way round.
    credited.hold += 2
    credited.settlement += 2
    let verification = try verify(index, Line.write(.credited(credited), header))
    #expect(verification.verdict == .unbalanced && verification.index == Int64(index), "\(verification.sentence)")
  }
}
