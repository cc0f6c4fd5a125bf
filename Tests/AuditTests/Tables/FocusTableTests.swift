import Audit
import Foundation
import Ledger
import Testing

/// The FOCUS table of a team that lives over the ends of months, whole and from a closing in the midst of a month.
@Suite("FOCUS table")
struct FocusTableTests {
  let log: TestLog
  /// The index of the line that closes a period in the midst of a month.
  let closing: Int64
  let whole: TestBundle
  let later: TestBundle

  init() throws {
    // Some three months, and the closing in the midst of one.
    var team = AuditedTeam(seed: 52, longestPause: 3 * 3_600_000_000)
    try team.grow(to: 240)
    closing = team.size
    try team.closePeriod()
    try team.creditNewest(20)
    try team.grow(to: 520)
    log = TestLog(team)
    whole = try log.export()
    later = try log.export(from: closing)
  }

  private func seen(_ bundle: TestBundle) throws -> FocusOracle.Seen {
    let result = try TestProgram.run("python3", ["-c", FocusOracle.script, bundle.folder, whole.folder])
    try #require(result.status == 0, "\(result.output)")
    return try JSONDecoder().decode(FocusOracle.Seen.self, from: Data(result.output.utf8))
  }

  @Test(
    "Costs, months, classes, members and leaves are those of the JSON lines, from wherever the bundle begins",
    .enabled(if: TestProgram.has("python3")))
  func rowsAreThoseOfTheLines() throws {
    let all = try seen(whole)
    #expect(all.charges > 50 && all.credits > 8 && all.months > 2, "\(all)")
    #expect(all.corrections > 2 && all.corrections < all.credits, "\(all)")
    #expect(all.unknownProducts == 0 && all.earlierOfTheSameMonth == 0, "\(all)")
    let some = try seen(later)
    #expect(some.unknownProducts > 0 && some.earlierOfTheSameMonth > 0 && some.corrections > 0, "\(some)")
  }

  @Test(
    "A credit's row is the same from wherever the bundle begins, but for the key of an edit that it does not tell of")
  func creditsAreTheSameInEveryBundle() throws {
    func credits(_ bundle: TestBundle) throws -> [String: String] {
      let rows = try bundle.lines(BundleFile.focus).map { String(decoding: $0, as: UTF8.self) }
        .filter { $0.contains(",Credit,") }
      let noKey = try Regex(#""\{""keyId"":""[-0-9a-f]*""\}""#)
      return Dictionary(
        uniqueKeysWithValues: rows.map { row in
          (row.split(separator: ",").last.map(String.init) ?? "", row.replacing(noKey, with: "{}"))
        })
    }
    let all = try credits(whole)
    let some = try credits(later)
    #expect(some.count > 5 && some.count < all.count)
    for (index, row) in some { #expect(all[index] == row) }
  }

  /// A credit on the last day of the month and one on the first of the next, of an edit that was charged on the last.
  @Test("A credit is a correction from the first moment of the next month on")
  func creditsOfTheNextMonthAreCorrections() throws {
    var team = try AuditedTeam.withOneKey(seed: 53)
    let taken = try #require(Timestamp(canonical: "2026-10-31T22:00:00.000000Z"))
    let record = AuditedTeam.record(1, at: taken)
    func credit(_ amount: Int64) -> Command {
      .credit(CreditCommand(record: record, amount: Credits(amount), creditedBefore: nil))
    }
    team.pass(to: taken)
    try team.run(AuditedTeam.hold(record))
    try team.run(.settle(SettleCommand(record: record, deliveredResults: 1)))
    team.pass(to: try #require(Timestamp(canonical: "2026-10-31T23:59:59.999999Z")))
    try team.run(credit(1))
    team.pass(to: try #require(Timestamp(canonical: "2026-11-01T00:00:00.000000Z")))
    let closing = team.size
    try team.closePeriod()
    try team.run(credit(2))
    let log = TestLog(team)
    func classes(_ bundle: TestBundle) throws -> [String] {
      try bundle.lines(BundleFile.focus).map { String(decoding: $0, as: UTF8.self) }.filter { $0.contains(",Credit,") }
        .map { $0.contains(",Credit,Correction,") ? "Correction" : "" }
    }
    #expect(try classes(try log.export()) == ["", "Correction"])
    #expect(try classes(try log.export(from: closing)) == ["Correction"])
    #expect(try log.export(from: closing).verify(head: log.head(log.size)).verdict == .extending)
  }

  /// deploy/test installs the validator and names its Python here.
  @Test(
    "The FOCUS validator finds nothing wrong",
    .enabled(if: ProcessInfo.processInfo.environment["TALLY_FOCUS_PYTHON"] != nil, "the validator is installed"),
    arguments: [true, false])
  func focusIsValid(isWhole: Bool) throws {
    let python = ProcessInfo.processInfo.environment["TALLY_FOCUS_PYTHON"] ?? ""
    let place = try TestProgram.run(
      python,
      ["-c", "import focus_validator, os; print(os.path.dirname(os.path.dirname(focus_validator.__file__)), end='')"])
    let result = try TestProgram.run(
      python,
      [
        "-m", "focus_validator.main", "--data-file", (isWhole ? whole : later).path(BundleFile.focus),
        "--validate-version", "1.2", "--block-download",
      ], in: place.output)
    // It exits with 0 whatever it finds, so only its words count: a mark and the rule's name for each.
    let failed = result.output.split(separator: "\n").filter { $0.contains(": FAIL") }
      .compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) }
    // Of two rules, null without an invoice and not null with one, one fails for any value; the rule above them passes.
    #expect(failed == ["InvoiceId-C-005-C:"], "\(failed)")
    #expect(result.output.contains("InvoiceId-C-003-C: PASS"), "\(result.output.prefix(2_000))")
  }
}
