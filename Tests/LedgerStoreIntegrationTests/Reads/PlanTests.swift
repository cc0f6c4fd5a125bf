import LedgerStore
import Postgres
import TallyTesting
import Testing

/// The plans of the store's own statements: whatever the tables' size, none reads a large one from end to end.
@Suite struct PlanTests {
  /// Tables that grow with every edit.
  private static let large = ["record", "log_line", "log_private", "budget", "usage_bucket", "asset"]

  @Test(arguments: PlannedStatement.reads)
  func statementFindsItsRowsThroughAnIndex(statement: PlannedStatement) async throws {
    try await withLedgerDatabase { database in
      let connection = try await database.connect(as: statement.role)
      let count = (1...9).last { statement.sql.contains("$\($0)") } ?? 0
      let nulls = [String](repeating: "NULL", count: count).joined(separator: ", ")
      try await connection.execute(
        script: """
          SET enable_seqscan = off;
          SET plan_cache_mode = force_generic_plan;
          PREPARE planned AS \(statement.sql)
          """)
      let plan = try await connection.query(
        Statement(
          "explain", "EXPLAIN (COSTS OFF) EXECUTE planned\(count > 0 ? "(\(nulls))" : "")", prepared: false,
          row: { row throws(PostgresError) in try row.next(String.self) }))
      #expect(!plan.isEmpty)
      for table in Self.large {
        #expect(
          !plan.contains { $0.contains("Seq Scan on \(table)") }, "\(statement.name): \(plan.joined(separator: "\n"))")
      }
      // An index that is only walked, with the team as a filter, is a scan of the whole table in another order.
      for line in plan where line.contains("Index Cond") {
        #expect(["team_id", "key_hash", "version"].contains { line.contains($0) }, "\(statement.name): \(line)")
      }
      await connection.close()
    }
  }
}
