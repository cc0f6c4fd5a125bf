import Audit
import Crypto
import Foundation
import Ledger
import Testing

/// The tables read back by programs that share no code with ours.
@Suite("Tables")
struct TableTests {
  let log: TestLog
  let bundle: TestBundle

  init() throws {
    log = TestLog(try AuditedTeam(seed: 51, lines: 400))
    bundle = try log.export()
  }

  /// Rows of a table as Python's csv module reads them, as JSON.
  private func rows(_ name: String) throws -> [[String: String]] {
    let script = """
      import csv, json, sys
      rows = list(csv.reader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True))
      assert all(len(row) == len(rows[0]) for row in rows)
      print(json.dumps([dict(zip(rows[0], row)) for row in rows[1:]]))
      """
    let result = try TestProgram.run("python3", ["-c", script, bundle.path(name)])
    #expect(result.status == 0, "\(result.output)")
    return try JSONDecoder().decode([[String: String]].self, from: Data(result.output.utf8))
  }

  /// The text of a cell without the sign that keeps a spreadsheet from taking it for a formula.
  private func text(_ cell: String?) -> String? {
    cell.map { $0.utf8.first == UInt8(ascii: "'") ? String($0.dropFirst()) : $0 }
  }

  @Test(
    "Every edit that ended stands in the usage table with its texts and numbers",
    .enabled(if: TestProgram.has("python3")))
  func usageIsComplete() throws {
    let rows = try rows(BundleFile.usage)
    var holds: [Int64: EditHeld] = [:]
    var expected = 0
    let byIndex = Dictionary(uniqueKeysWithValues: rows.map { ($0["index"] ?? "", $0) })
    for line in log.lines {
      let (header, event) = try Line.parse(line)
      let row = byIndex["\(header.index)"]
      switch event {
      case .held(let held): holds[header.index] = held
      case .settled(let settled):
        expected += 1
        let held = try #require(holds[settled.hold])
        #expect(text(row?["model"]) == held.model && text(row?["quality"]) == held.quality)
        #expect(row?["charged"] == "\(settled.charge)" && row?["held"] == "\(settled.amount)")
        #expect(row?["record"] == "\(settled.record)" && row?["at"] == header.at.rfc3339)
      case .refused, .released: expected += 1
      case .credited(let credited):
        expected += 1
        #expect(row?["credited"] == "\(credited.amount)")
        #expect(text(row?["model"]) == holds[credited.hold]?.model)
      case .evidence: expected += 1
      default: #expect(row == nil)
      }
      guard let row else { continue }
      let leaf = SHA256.hash(data: [0] + line).map { String(format: "%02x", $0) }.joined()
      #expect(row["leafHash"] == leaf)
    }
    #expect(rows.count == expected && expected > 100)
  }

  @Test("No cell is a formula, and none but texts are changed", .enabled(if: TestProgram.has("python3")))
  func noCellIsAFormula() throws {
    for name in [BundleFile.usage, BundleFile.statementTable, BundleFile.focus] {
      for row in try rows(name) {
        for (column, cell) in row {
          let isNumber = Double(cell) != nil
          let first = cell.utf8.first.map { "=+-@\t\r\n".utf8.contains($0) } ?? false
          #expect(!first || isNumber, "\(column) of \(name)")
        }
      }
    }
    #expect(try rows(BundleFile.usage).contains { $0["quality"] == "''q" })
  }

  @Test("Each row of a statement leads from its opening to its closing", .enabled(if: TestProgram.has("python3")))
  func statementBalances() throws {
    var usedOfTeam: Int64 = 0
    for row in try rows(BundleFile.statementTable) {
      func number(_ name: String) -> Int64 { Int64(row[name] ?? "") ?? 0 }
      #expect(number("usedAtOpen") + number("charges") - number("credits") == number("usedAtClose"))
      #expect(
        number("heldAtOpen") + number("holds") - number("settled") - number("released") == number("heldAtClose"))
      if row["scope"] == "team" { usedOfTeam += number("usedAtClose") }
    }
    let totals = try bundle.manifest().totals
    #expect(usedOfTeam == totals.charged - totals.credited)
  }

  @Test("An opening is the closing of the statement before it")
  func statementsFollowEachOther() throws {
    struct Statement: Decodable {
      struct Row: Decodable {
        var scope, subject, period, start: String
        var usedAtOpen, usedAtClose, heldAtOpen, heldAtClose: Int64
        var id: String { "\(scope) \(subject) \(period) \(start)" }
      }
      var rows: [Row]
    }
    func rows(_ bundle: TestBundle) throws -> [String: Statement.Row] {
      let statement = try JSONDecoder().decode(Statement.self, from: Data(try bundle.bytes(BundleFile.statement)))
      return Dictionary(uniqueKeysWithValues: statement.rows.map { ($0.id, $0) })
    }
    let first = try rows(try log.export(to: 45))
    let second = try rows(try log.export(from: 45))
    #expect(!first.isEmpty)
    for (id, row) in second {
      guard let before = first[id] else {
        #expect(row.usedAtOpen == 0 && row.heldAtOpen == 0)
        continue
      }
      #expect(row.usedAtOpen == before.usedAtClose && row.heldAtOpen == before.heldAtClose)
    }
  }

  @Test("The FOCUS table adds up to the ledger, to the credit", .enabled(if: TestProgram.has("python3")))
  func focusAddsUp() throws {
    let rows = try rows(BundleFile.focus)
    let sum = rows.reduce(0) { $0 + (Int64(Double($1["PricingCurrencyEffectiveCost"] ?? "") ?? 0)) }
    let totals = try bundle.manifest().totals
    #expect(sum == totals.charged - totals.credited)
    #expect(rows.contains { $0["ChargeCategory"] == "Credit" })
  }
}
