import LedgerStore
import Postgres
import TallyTesting
import Testing

/// The plans of the store's own statements: whatever the tables' size, none reads a large one from end to end.
@Suite struct PlanTests {
  @Test(arguments: PlannedStatement.reads)
  func statementFindsItsRowsThroughAnIndex(statement: PlannedStatement) async throws {
    try await withLedgerDatabase { database in
      let connection = try await database.connect(as: statement.role)
      let plan = try await statement.explained(on: connection, [("enable_seqscan", "off")])
      #expect(!plan.isEmpty)
      for table in FullTables.large.keys {
        #expect(
          !plan.contains { $0.contains("Seq Scan on \(table)") }, "\(statement.name): \(plan.joined(separator: "\n"))")
      }
      // An index that is only walked, with the team as a filter, is a scan of the whole table in another order.
      for line in plan where line.contains("Index Cond") {
        #expect(
          ["team_id", "key_hash", "version", "log_origin", "instance_id = r.instance_id"].contains {
            line.contains($0)
          },
          "\(statement.name): \(line)")
      }
      await connection.close()
    }
  }

  /// What a report reads of rollups are ranges of time: time as a filter would be a walk through all that a team ever used.
  @Test(arguments: PlannedStatement.times)
  func usageIsFoundByItsTime(statement: PlannedStatement) async throws {
    try await withLedgerDatabase { database in
      let connection = try await database.connect(as: statement.role)
      let plan = try await statement.explained(on: connection, [("enable_seqscan", "off")])
      let scans = plan.indices.filter { plan[$0].contains("Scan") && plan[$0].contains(" on usage_") }
      #expect(!scans.isEmpty)
      for scan in scans {
        let condition = plan[scan...].first { $0.contains("Index Cond") } ?? ""
        #expect(
          ["bucket_start", "span_start"].contains { condition.contains($0) },
          "\(statement.name): \(plan.joined(separator: "\n"))")
      }
      await connection.close()
    }
  }

  /// Recovery looks over all teams for a stretch of time: through the index on times, never through all records.
  @Test(arguments: PlannedStatement.stretches)
  func stretchOfTimeIsFoundWithoutReadingEveryRecord(statement: PlannedStatement) async throws {
    try await withLedgerDatabase { database in
      let connection = try await database.connect(as: statement.role)
      let plan = try await statement.explained(on: connection, [("enable_seqscan", "off")])
      #expect(
        !plan.contains { $0.contains("Seq Scan on record") }, "\(statement.name): \(plan.joined(separator: "\n"))")
      await connection.close()
    }
  }

  /// A place that is a filter is looked for among all lines of the team.
  @Test(arguments: PlannedStatement.places)
  func lineIsFoundByItsPlace(statement: PlannedStatement) async throws {
    try await withLedgerDatabase { database in
      let connection = try await database.connect(as: statement.role)
      let plan = try await statement.explained(on: connection, [("enable_seqscan", "off")])
      let scans = plan.indices.filter { plan[$0].contains("Scan") && plan[$0].contains(" on log_") }
      #expect(!scans.isEmpty)
      for scan in scans {
        let condition = plan[scan...].first { $0.contains("Index Cond") } ?? ""
        #expect(condition.contains("index"), "\(statement.name): \(plan.joined(separator: "\n"))")
      }
      await connection.close()
    }
  }

  /// Keys of removed records are found by the moments at which those were made.
  @Test func keysOfRemovedRecordsAreFoundByTheirTime() async throws {
    try await withLedgerDatabase { database in
      let connection = try await database.connect(as: PlannedStatement.removingKeys.role)
      let plan = try await PlannedStatement.removingKeys.explained(on: connection, [("enable_seqscan", "off")])
      #expect(plan.contains { $0.contains("idempotency_created_at") }, "\(plan.joined(separator: "\n"))")
      await connection.close()
    }
  }

  /// Its plans are made once, on tables that may have been empty, and are kept.
  @Test(arguments: PlannedStatement.lookups)
  func laneLooksRowsUpByTheirPrimaryKey(statement: PlannedStatement) async throws {
    try await withLedgerDatabase { database in
      let connection = try await database.connect(as: statement.role)
      let plan = try await statement.explained(on: connection, LedgerStoreSettings.laneSessionParameters)
      let others = ["Function Scan", "Values Scan", "Subquery Scan"]
      let tables = plan.filter { line in line.contains(" Scan ") && !others.contains { line.contains($0) } }
      #expect(!tables.isEmpty)
      for line in tables {
        #expect(line.contains("_pkey on "), "\(statement.name): \(plan.joined(separator: "\n"))")
      }
      // Rows that are read and then thrown away are rows of other edits: all of the team's.
      #expect(!plan.contains { $0.contains("Join Filter:") }, "\(statement.name): \(plan.joined(separator: "\n"))")
      await connection.close()
    }
  }
}
