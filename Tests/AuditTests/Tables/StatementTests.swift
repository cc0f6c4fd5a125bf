import Audit
import Foundation
import Testing

@Suite("Statement")
struct StatementTests {
  private struct Seen: Decodable {
    /// Changes of limits.
    var changes: Int
    /// Rows of the statement.
    var rows: Int
    /// Rows whose limit is another at the end.
    var moved: Int
  }

  @Test(
    "Limits, their changes and all sums are those of the JSON lines, from wherever the statement begins",
    .enabled(if: TestProgram.has("python3")), arguments: [UInt64(54), 55])
  func rowsAreThoseOfTheLines(seed: UInt64) throws {
    // Over some months, whose ends begin new rows.
    var team = AuditedTeam(seed: seed, longestPause: 6 * 3_600_000_000)
    try team.grow(to: 220)
    let closing = team.size
    try team.closePeriod()
    try team.grow(to: 440)
    let log = TestLog(team)
    let whole = try log.export()
    for bundle in [whole, try log.export(from: closing), try log.export(from: 45, to: closing)] {
      let result = try TestProgram.run("python3", ["-c", StatementOracle.script, bundle.folder, whole.folder])
      try #require(result.status == 0, "seed \(seed): \(result.output)")
      let seen = try JSONDecoder().decode(Seen.self, from: Data(result.output.utf8))
      #expect(seen.changes > 5 && seen.rows > 5 && seen.moved > 0, "seed \(seed): \(seen)")
    }
  }
}
