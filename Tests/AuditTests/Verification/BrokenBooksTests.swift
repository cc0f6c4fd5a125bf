import Audit
import Foundation
import Ledger
import Testing
import TransparencyLog

/// A keeper who signs what the ledger would never do: the bundle is whole, and its books show it.
@Suite("Broken books")
struct BrokenBooksTests {
  let log: TestLog

  init() throws {
    log = TestLog(try AuditedTeam(seed: 31, lines: 150))
  }

  func first(_ action: String, from start: Int = 0) throws -> Int {
    let prefix = Array("{\"action\":\"\(action)\"".utf8)
    return try #require(log.lines.indices.dropFirst(start).first { log.lines[$0].starts(with: prefix) })
  }

  /// The export of the log with one line changed, by a keeper who does everything else right.
  func verify(changing index: Int, to line: [UInt8]) throws -> Verification {
    var log = log
    log.lines[index] = line
    log.secrets = log.secrets.map { _ in nil }
    return try log.export().verify(head: log.head(log.size))
  }

  @Test(
    "A changed amount in a signed log is named by its line",
    arguments: ["charge", "amount", "usedAfter", "heldAfter", "heldBefore", "usedBefore", "variance", "hold"])
  func changedAmountIsNamed(field: String) throws {
    let index = try first("edit.settled")
    let line = try #require(TestEdit.changed(field, in: log.lines[index]))
    let verification = try verify(changing: index, to: line)
    #expect(verification.verdict == .unbalanced && verification.verdict.rawValue == 50, "\(verification.sentence)")
    #expect(verification.index == Int64(index))
    #expect(
      verification.file == (try log.export().manifest().files.first { ($0.lastIndex ?? -1) >= Int64(index) }?.name))
  }

  @Test("A hold above a limit is named by its line")
  func chargeAboveLimitIsNamed() throws {
    let index = try first("edit.held")
    var (header, event) = try Line.parse(log.lines[index])
    guard case .held(var held) = event else { throw CocoaError(.featureUnsupported) }
    held.unitPrice = Credits(20_000_000)
    held.n = 1
    held.amount = Credits(20_000_000)
    for place in held.budgets.indices { held.budgets[place].heldAfter = held.budgets[place].heldBefore + held.amount }
    event = .held(held)
    header.index = Int64(index)
    let verification = try verify(changing: index, to: Line.write(event, header))
    #expect(verification.verdict == .unbalanced && verification.index == Int64(index))
    #expect(verification.sentence.contains("limit"), "\(verification.sentence)")
  }

  @Test("A credit above what was charged is named by its line, however long the edit was over")
  func creditAboveChargeIsNamed() throws {
    let index = try first("edit.credited")
    var (header, event) = try Line.parse(log.lines[index])
    guard case .credited(var credited) = event else { throw CocoaError(.featureUnsupported) }
    let surplus = Credits(1_000)
    let charge = try Line.parse(log.lines[Int(credited.settlement)])
    guard case .settled(let settled) = charge.1 else { throw CocoaError(.featureUnsupported) }
    credited.amount = settled.charge + surplus
    for place in credited.budgets.indices {
      let used = credited.budgets[place].usedBefore.value - credited.amount.value
      credited.budgets[place].usedAfter = Credits(max(0, used))
    }
    event = .credited(credited)
    header.index = Int64(index)
    let verification = try verify(changing: index, to: Line.write(event, header))
    #expect(verification.verdict == .unbalanced && verification.index == Int64(index), "\(verification.sentence)")
  }

  @Test("A second end of one edit is named by its line")
  func secondSettlementIsNamed() throws {
    let index = try first("edit.settled")
    let next = try first("edit.settled", from: index + 1)
    var (header, event) = try Line.parse(log.lines[index])
    header = try Line.parse(log.lines[next]).0
    guard case .settled(let settled) = event else { throw CocoaError(.featureUnsupported) }
    event = .settled(settled)
    let verification = try verify(changing: next, to: Line.write(event, header))
    #expect(verification.verdict == .unbalanced && verification.index == Int64(next))
  }

  @Test("A clock that goes back is named by its line")
  func timeGoingBackIsNamed() throws {
    let index = try first("edit.held")
    var (header, event) = try Line.parse(log.lines[index])
    header.at = Timestamp(microseconds: header.at.microseconds - 86_400_000_000_000)
    let verification = try verify(changing: index, to: Line.write(event, header))
    #expect(verification.verdict == .unbalanced && verification.index == Int64(index))
  }

  @Test(
    "A signed line that breaks the schema cannot be read",
    arguments: ["{}", "", "{\"action\":\"edit.held\"}", "{\"action\":\"edit.eaten\",\"v\":1}"])
  func brokenSchemaIsUnreadable(text: String) throws {
    // The writer takes no such line, so the bundle is made from an honest one.
    let bundle = try log.export()
    var lines = try bundle.lines(BundleFile.lines(1))
    lines[9] = Array(text.utf8)
    try bundle.write(lines.flatMap { $0 + [UInt8(ascii: "\n")] }, to: BundleFile.lines(1))
    try bundle.fixHashes()
    let verification = try bundle.verify()
    #expect(verification.verdict == .altered && verification.index == 9 && verification.file == BundleFile.lines(1))
  }
}
