import Foundation
import Ledger

/// A log with every action, and with every field once set and once null: what the golden file holds.
enum GoldenLog {
  /// The lines of the file, without their line feeds.
  static func stored() throws -> [[UInt8]] {
    try stored("lines.jsonl")
  }

  /// The first lines of two logs that took the golden one's place.
  static func storedRecoveries() throws -> [[UInt8]] {
    try stored("recovered.jsonl")
  }

  /// The same as the code writes them today.
  static func writtenRecoveries() throws -> [[UInt8]] {
    try [nil, 17 as Int64?].map { size in
      var recovered = GoldenTeam()
      recovered.team = try written()
      recovered.team.lines = []
      let old = recovered.team.book.origin
      recovered.team.book = recovered.team.book.recovered(as: "tally.local/2/\(TestTeam.teamID)")
      try recovered.run(
        .recoverLog(
          RecoverLogCommand(
            oldLog: old, knownSize: size, knownRoot: size.flatMap { _ in Digest32(bytes: [UInt8](0..<32)) })))
      return recovered.team.lines[0]
    }
  }

  /// The operator's log: its lines without their line feeds.
  static func storedOperators() throws -> [[UInt8]] {
    try stored("operator.jsonl")
  }

  /// The same log as the code writes it today.
  static func writtenOperators() throws -> TestTeam {
    var log = GoldenTeam(team: .operators)
    let moment = Timestamp(canonical: "2026-12-01T00:00:00.000000Z")!
    let prices: [(old: Int64?, new: Int64?)] = [(33_000, 36_000), (nil, 12_000), (12_000, nil)]
    try log.run(.createTeam(CreateTeamCommand()))
    for (version, price) in prices.enumerated() {
      let event = PriceChanged(
        priceVersion: Int64(version) + 2, model: "gpt-image-1-mini", quality: "medium", size: "1024x1024", from: moment,
        old: price.old.map(Credits.init), new: price.new.map(Credits.init))
      try log.run(.note(.priceChanged(event)))
    }
    let root = Digest32(bytes: [UInt8](32..<64))!
    try log.run(.note(.headsCovered(HeadsCovered(count: 17, root: root))), by: .system)
    try log.run(
      .note(.keyRetired(LogKeyRetired(use: .checkpoint, vkey: "tally.local+7a3bd1e0+ATF0"))), by: .operator)
    for lost in [SignerStateID(bits: 0x51), nil] {
      let recovered = SignerRecovered(
        lost: lost, state: SignerStateID(bits: 0x52), count: 18, root: root, brought: 2, notExtending: 1)
      try log.run(.note(.signerRecovered(recovered)), by: .operator)
    }
    return log.team
  }

  /// What tells of reports, alerts and retention: its lines without their line feeds.
  static func storedReports() throws -> [[UInt8]] {
    try stored("reports.jsonl")
  }

  /// The same log as the code writes it today.
  static func writtenReports() throws -> TestTeam {
    var log = GoldenTeam()
    try log.administer()
    try log.report()
    return log.team
  }

  private static func stored(_ name: String) throws -> [[UInt8]] {
    let file = Bundle.module.resourceURL?.appending(path: "Golden/\(name)")
    guard let file else { throw CocoaError(.fileNoSuchFile) }
    return [UInt8](try Data(contentsOf: file)).split(separator: UInt8(ascii: "\n")).map(Array.init)
  }

  /// The same log as the code writes it today.
  static func written() throws -> TestTeam {
    var team = GoldenTeam()
    try team.administer()
    try team.edit()
    try team.changePeriods()
    try team.prove()
    try team.keepTheLog()
    return team.team
  }
}

/// Drives the golden log, a second and some microseconds a line, with a private commitment of its own for each.
private struct GoldenTeam {
  var team = TestTeam.uncreated
  private let ada = Actor.key(.first)

  mutating func run(_ command: Command, by actor: Actor = .operator) throws {
    team.now = Timestamp(microseconds: team.now.microseconds + 1_000_007)
    var context = team.context(actor)
    context.commitment = Digest32(bytes: (0..<32).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ team.lines.count) })!
    let decision = try team.book.decide(command, context)
    for event in decision.events {
      let header = LineHeader(nextOf: team.book, context)
      team.lines.append(Line.write(event, header))
      try team.book.apply(event, header)
    }
  }

  mutating func administer() throws {
    try run(
      .createTeam(
        CreateTeamCommand(limit: Credits(5_000_000), period: .total, timeZone: "Europe/Berlin")))
    team.zoneOffset = 3_600
    try run(.addMember(AddMemberCommand(member: .ada, role: .admin, limit: Credits(700_000))))
    try run(.addMember(AddMemberCommand(member: .bob, role: .finance)))
    try run(
      .issueKey(
        IssueKeyCommand(
          key: .first, member: .ada, limit: Credits(650_000), scopes: [.edit, .reports, .audit, .admin],
          expiresAt: Timestamp(canonical: "2027-01-01T00:00:00.000000Z"), ratePerMinute: 600)))
    try run(.issueKey(IssueKeyCommand(key: .second, member: .bob, period: .month)))
  }

  mutating func edit() throws {
    try run(.hold(.of(.one, quality: "high", size: "1536x1024", n: 4)), by: ada)
    try run(.hold(.of(.two)), by: ada)
    try run(.settle(SettleCommand(record: .one, deliveredResults: 3)), by: .system)
    try run(.credit(CreditCommand(record: .one, amount: Credits(468_000))))
    try run(.hold(.of(.three)), by: ada)
    try run(.markInDoubt(MarkInDoubtCommand(record: .three, cause: .leaseEnded)), by: .system)
    try run(.settle(SettleCommand(record: .three, deliveredResults: 0, assumed: true)), by: .system)
    try run(.hold(.of(RecordID(bits: 4))), by: ada)
    try run(.release(ReleaseCommand(record: RecordID(bits: 4), cause: .upstreamRefused)), by: ada)
    try run(.hold(.of(RecordID(bits: 5))), by: ada)
    try run(
      .settle(
        SettleCommand(record: RecordID(bits: 5), deliveredResults: 1, upstreamCredit: Credits(40_000))), by: ada)
    try run(.hold(.of(RecordID(bits: 6), member: .bob, key: .second, quality: "low")), by: .key(.second))
  }

  mutating func changePeriods() throws {
    try run(.changeMember(ChangeMemberCommand(member: .ada, limit: .set(Credits(20_000)))))
    try run(
      .changeMember(
        ChangeMemberCommand(member: .ada, role: .set(.member), status: .set(.suspended), period: .set(.total))))
    try run(.changeMember(ChangeMemberCommand(member: .ada, status: .set(.active), limit: .set(nil))))
    try run(.changeTeam(ChangeTeamCommand(period: .set(.month), inDoubtChargeAfterSeconds: .set(nil))))
    try run(.changeTeam(ChangeTeamCommand(status: .set(.suspended), timeZone: .set("Etc/GMT+5"))))
    try run(.rotateKey(RotateKeyCommand(key: .first, newKey: .third, overlapSeconds: 86_400)))
    try run(.rotateKey(RotateKeyCommand(key: .second, newKey: KeyID(bits: 4), overlapSeconds: 0)))
    try run(.revokeKey(RevokeKeyCommand(key: .third)))
  }

  mutating func prove() throws {
    try run(
      .settle(SettleCommand(record: .three, deliveredResults: 1, upstreamCredit: Credits(12_361))), by: .system)
    try run(.settle(SettleCommand(record: RecordID(bits: 4), deliveredResults: 1)), by: .system)
    try run(.settle(SettleCommand(record: RecordID(bits: 6), deliveredResults: 0, assumed: true)), by: .system)
    try run(.release(ReleaseCommand(record: RecordID(bits: 6), cause: .withdrawn)), by: .system)
  }

  mutating func report() throws {
    let start = Timestamp(canonical: "2026-10-31T23:00:00.000000Z")!
    let key = KeyID.first.bits
    let alert = NoteID(bits: 0xa1)
    let changes: [(BudgetScope, UInt128, [Int64]?, [Int64]?)] = [
      (.team, team.book.team.id.bits, nil, [50, 80, 100]), (.member, MemberID.ada.bits, [90], [75, 90]),
      (.key, key, [100], nil),
    ]
    for (scope, subject, old, new) in changes {
      try run(
        .note(.alertChanged(AlertChanged(alert: alert, scope: scope, subject: subject, old: old, new: new))))
    }
    let deliveries: [(Int64?, Int64, Int64?, Bool)] = [(80, 1, 204, true), (nil, 3, 500, false), (100, 9, nil, false)]
    for (threshold, attempts, status, isDelivered) in deliveries {
      let event = AlertDelivered(
        alert: alert, message: NoteID(bits: 0xb1), scope: .key, subject: key, periodStart: start, threshold: threshold,
        attempts: attempts, status: status, isDelivered: isDelivered)
      try run(.note(.alertDelivered(event)), by: .system)
    }
    for (old, new) in [(nil, 400), (400, 90), (90, nil)] as [(Int64?, Int64?)] {
      try run(.note(.retentionChanged(RetentionChanged(old: old, new: new))))
    }
    let removal = UsageRemoved(removal: NoteID(bits: 0xc1), before: start, records: 1_234, buckets: 56)
    try run(.note(.usageRemoved(removal)), by: .system)
    let rebuilt = UsageRebuilt(
      rebuild: NoteID(bits: 0xd1), start: start, end: start.adding(seconds: 86_400), changed: 0)
    try run(.note(.usageRebuilt(rebuilt)))
  }

  mutating func keepTheLog() throws {
    let october = PeriodBounds(
      start: Timestamp(canonical: "2026-09-30T22:00:00.000000Z")!,
      end: Timestamp(canonical: "2026-10-31T23:00:00.000000Z"))
    try run(.closePeriod(ClosePeriodCommand(month: "2026-10", bounds: october)), by: .system)
    let vkey = "tally.local+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    try run(.note(.keyAnnounced(LogKeyAnnounced(use: .checkpoint, vkey: vkey))), by: .system)
    try run(
      .note(.keyRotated(LogKeyRotated(use: .receipt, old: vkey, new: "tally.local+7a3bd1e0+ATF0"))), by: .system)
    try run(
      .note(.exported(ExportCreated(export: NoteID(bits: 0xe4), from: 0, to: 33, filters: nil, withPrivate: true))))
    let filters = ExportCreated.Filters(action: .editHeld, key: .first, member: .ada, record: .one)
    try run(
      .note(.exported(ExportCreated(export: NoteID(bits: 0xe5), from: 7, to: 7, filters: filters, withPrivate: false))),
      by: ada)
    try run(
      .note(
        .exported(
          ExportCreated(
            export: NoteID(bits: 0xe6), from: 7, to: 9, filters: ExportCreated.Filters(), withPrivate: false)
        )), by: ada)
    try run(
      .note(.reportRead(ReportRead(report: "usage", hour: Timestamp(canonical: "2026-11-23T12:00:00.000000Z")!))),
      by: ada)
    try run(.changeLegalHold(ChangeLegalHoldCommand(isOn: true)))
    try run(.changeLegalHold(ChangeLegalHoldCommand(isOn: false)))
    let targets: [PrivateErased.Target] = [.member(.bob), .records([.one, .two]), .lines(before: 31)]
    for (position, target) in targets.enumerated() {
      try run(
        .note(
          .erased(
            PrivateErased(erasure: NoteID(bits: UInt128(position) + 0xf0), target: target, counted: 12 >> position))))
    }
  }
}
