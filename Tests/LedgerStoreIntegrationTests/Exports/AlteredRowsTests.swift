import Audit
import Exports
import Foundation
import Ledger
import LedgerStore
import TallyTesting
import Testing

/// What is exported without a bundle's proofs is given only where the stored rows are those that the tree was made of.
@Suite struct AlteredRowsTests {
  /// What somebody does to the rows behind the gateway's back, to the line of the last charge in the first closed month.
  struct Alteration: Sendable, CustomStringConvertible {
    let description: String
    let sql: String

    /// A charge that the budgets beside it contradict.
    static let charge = Alteration(
      description: "a charge", sql: replaced(#"'"charge":[0-9]+'"#, #"'"charge":1'"#))
    /// Nothing that the books look at.
    static let commitment = Alteration(
      description: "a private payload's hash", sql: replaced(#"'"private":".{8}'"#, #"'"private":"00000000'"#))
    /// The same, and the line's leaf with it.
    static let leaf = Alteration(
      description: "a line and its leaf",
      sql: commitment.sql + "; UPDATE tally.log_line SET leaf = sha256('\\x00'::bytea || line) WHERE index = %I")
    /// No line, but what was signed.
    static let head = Alteration(
      description: "the signed head", sql: "UPDATE tally.checkpoint SET root = sha256('another log')")

    private static func replaced(_ pattern: String, _ text: String) -> String {
      """
      UPDATE tally.log_line SET line = convert_to(regexp_replace(convert_from(line, 'UTF8'), \(pattern), \(text)), 'UTF8')
       WHERE index = %I
      """
    }
  }

  private static func expectDamage(
    _ what: String, _ body: () async throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
  ) async {
    let error = await #expect(throws: ExportFailure.self, "\(what)", sourceLocation: sourceLocation) {
      try await body()
    }
    guard case .damaged = error else {
      Issue.record("\(what): \(String(describing: error))", sourceLocation: sourceLocation)
      return
    }
  }

  @Test(arguments: [Alteration.charge, .commitment, .leaf, .head])
  func alteredRowsAreInNoStatementAndEndNoExport(_ alteration: Alteration) async throws {
    try await withExportedTeam { team, _ in
      let exports = team.exports
      let month = try #require(CalendarMonth(team.closed[1].month))
      let sound = try await team.exports.statement(of: team.team, month, now: team.now)
      let charged = try await team.database.texts(
        """
        SELECT max(index)::text FROM tally.log_line
         WHERE index < \(team.closed[1].index) AND convert_from(line, 'UTF8') LIKE '%"action":"edit.settled"%'
        """)
      let index = try #require(charged.first ?? nil)
      try await team.database.execute(
        "CREATE TABLE shown AS SELECT line, leaf FROM tally.log_line WHERE index = \(index)")
      try await team.database.execute("CREATE TABLE signed AS SELECT root FROM tally.checkpoint")
      try await team.database.execute(alteration.sql.replacing("%I", with: index))
      await Self.expectDamage("statement") {
        _ = try await exports.statement(of: team.team, month, now: team.now)
      }
      let tables: [(ExportRequest.Content, RangeReplay.Table)] = [(.usage, .usage), (.focus, .focus)]
      for (content, table) in tables {
        await Self.expectDamage("\(table)") {
          let plan = try await exports.plan(team.request(content, to: team.closed[1].index), now: team.now)
          try await exports.writeTable(table, plan) { _, _ in }
        }
      }
      await Self.expectDamage("lines") {
        let plan = try await exports.plan(team.request(.lines, to: team.closed[1].index), now: team.now)
        try await exports.writeLines(plan) { _, _ in }
      }
      // Nothing wrong was kept for the next reader.
      try await team.database.execute(
        """
        UPDATE tally.log_line SET line = shown.line, leaf = shown.leaf FROM shown WHERE index = \(index);
        UPDATE tally.checkpoint SET root = signed.root FROM signed
        """)
      #expect(try await exports.statement(of: team.team, month, now: team.now) == sound)
    }
  }

  /// The row that does not balance is not written: what the reader has until then is true.
  @Test func aTableIsCutInFrontOfTheRowThatDoesNotBalance() async throws {
    try await withExportedTeam { team, _ in
      let plan = try await team.exports.plan(team.request(.usage), now: team.now)
      try await team.database.execute(
        Alteration.charge.sql.replacing(
          "%I", with: "(SELECT min(index) FROM tally.log_line WHERE convert_from(line, 'UTF8') LIKE '%edit.settled%')"))
      var text: [UInt8] = []
      await Self.expectDamage("usage") { try await team.exports.writeTable(.usage, plan) { bytes, _ in text += bytes } }
      #expect(text == RangeReplay.heading(of: .usage))
    }
  }
}
