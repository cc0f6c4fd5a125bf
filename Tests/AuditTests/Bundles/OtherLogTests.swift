import Audit
import Ledger
import TallyTesting
import Testing
import TransparencyLog

@Suite("Bundles of the operator's log, and of logs that took another's place")
struct OtherLogTests {
  private static func recovered(seed: UInt64) throws -> (log: TestLog, opening: [UInt8]) {
    var team = try AuditedTeam(seed: seed, lines: 90)
    let opening = try team.recover()
    while team.size < 120 {
      if AuditedTeam.closings.contains(team.size) { try team.closePeriod() } else { try team.step() }
    }
    var log = TestLog(team)
    log.opening = opening
    return (log, opening)
  }

  @Test("A recovered log is found whole from its first line on, with the book that it begins with", arguments: 0..<8)
  func recoveredLogsAreWhole(seed: UInt64) throws {
    let (log, opening) = try Self.recovered(seed: RunSeed.value &+ seed)
    let bundle = try log.export()
    #expect(try bundle.bytes(BundleFile.state) == opening)
    let verification = try bundle.verify()
    #expect(verification.verdict == .untied, "seed \(RunSeed.value): \(verification.sentence)")
    for from in AuditedTeam.closings {
      let later = try log.export(from: from).verify()
      #expect(later.verdict == .untied, "seed \(RunSeed.value), from \(from): \(later.sentence)")
    }
  }

  @Test("It is not whole without that book, nor with another")
  func recoveredLogsNeedTheirBook() throws {
    let (log, opening) = try Self.recovered(seed: 4)
    var without = log
    without.opening = nil
    let bundle = try without.export()
    #expect(try bundle.verify().verdict == .unbalanced)
    var book = try BookText.read(opening)
    book.team.isOnLegalHold.toggle()
    var other = log
    other.opening = BookText.write(book)
    let error = #expect(throws: BundleFault.self) { try other.export() }
    #expect(error?.file == BundleFile.state)
  }

  @Test("The operator's log is found whole, and a team's log under its name is not exported")
  func operatorsLogIsWhole() throws {
    var team = AuditedTeam.operators(seed: 2)
    try team.run(.createTeam(CreateTeamCommand()))
    for version in 2...40 as ClosedRange<Int64> {
      try team.run(
        .note(
          .priceChanged(
            PriceChanged(
              priceVersion: version, model: "m", quality: "low", size: "1x1", from: .epoch, old: nil,
              new: Credits(version)))))
      try team.run(.note(.headsCovered(HeadsCovered(count: version, root: .zero))))
    }
    let log = TestLog(team)
    let bundle = try log.export(known: 30)
    let verification = try bundle.verify(head: try log.head(30))
    #expect(verification.verdict == .extending, "\(verification.sentence)")
    #expect(try bundle.manifest().log == "tally.example/operator")
    // A team cannot have the operator's log's name.
    var foreign = TestLog(try AuditedTeam(seed: 2, lines: 20))
    foreign.origin = "tally.example/operator"
    #expect(throws: ExportError.self) { try foreign.export() }
    foreign.origin = "tally.example/\(foreign.team)x"
    #expect(throws: ExportError.self) { try foreign.export() }
  }
}
