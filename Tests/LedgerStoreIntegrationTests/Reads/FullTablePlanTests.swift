import Exports
import Foundation
import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing
import TransparencyLog

/// The plans that the planner makes of its own accord, of tables that are full: what `PlanTests` shows of empty ones, where
/// the planner is told to scan none, holds where it may choose.
@Suite struct FullTablePlanTests {
  /// What finds rows otherwise than by their team, and has an index of its own for it.
  private static let otherConditions = ["log_origin", "instance_id", "created_at", "due_at", "key_hash"]

  private static func settings(of statement: PlannedStatement) -> [(name: String, value: String)] {
    statement.name.hasPrefix("lane_")
      ? LedgerStoreSettings.laneSessionParameters : LedgerStoreSettings.poolSessionParameters
  }

  /// What is wrong with how a plan reads the large tables; nil: nothing.
  private static func fault(of plan: PlanNode) -> String? {
    // What writes rows names their table and finds them by a node below it; by their addresses where that has read them.
    for node in plan.all where node.type != "ModifyTable" && node.type != "Tid Scan" {
      guard let table = node.table, let keys = FullTables.large[table] else { continue }
      guard !node.isSequential else { return "scans \(table)" }
      let condition = node.condition ?? ""
      guard condition.contains("team_id") || otherConditions.contains(where: { condition.contains($0) }) else {
        return "walks through \(table) (\(node.type)) by \(condition.isEmpty ? "nothing" : condition)"
      }
      // A filter beside one of them looks at the few rows that were found.
      guard !keys.contains(where: { condition.contains($0) }) else { continue }
      for key in keys where node.filter?.contains("\(key) ") ?? false || node.filter?.contains("(\(key))") ?? false {
        return "reads \(table) by \(condition) and throws away by \(node.filter ?? "")"
      }
    }
    return nil
  }

  @Test func noStatementReadsAFullTableFromEndToEnd() async throws {
    try await FullTables.with { database in
      var readTables: Set<String> = []
      for statement in PlannedStatement.reads + PlannedStatement.stretches + PlannedStatement.lookups {
        let plan = try await PlanNode.generic(of: statement, in: database, Self.settings(of: statement))
        readTables.formUnion(plan.all.compactMap(\.table))
        if let fault = Self.fault(of: plan) { Issue.record("\(statement.name) \(fault)") }
      }
      #expect(readTables.isSuperset(of: FullTables.large.keys))
    }
  }

  @Test(arguments: [PlannedStatement.times, PlannedStatement.places])
  func boundsAreLookedUpInTheIndex(statements: [PlannedStatement]) async throws {
    try await FullTables.with { database in
      for statement in statements {
        let plan = try await PlanNode.generic(of: statement, in: database, Self.settings(of: statement))
        let nodes = plan.all.filter { ($0.table ?? "").hasPrefix("usage_") || ($0.table ?? "").hasPrefix("log_") }
        #expect(!nodes.isEmpty, "\(statement.name)")
        for node in nodes where node.type != "ModifyTable" {
          let condition = node.condition ?? ""
          let bounds = ["bucket_start", "span_start", "index"]
          #expect(
            condition.contains("team_id") && bounds.contains { condition.contains($0) },
            "\(statement.name): \(node.type) on \(node.table ?? ""): \(condition)")
        }
      }
    }
  }

  /// How often each large table was read from end to end, and through an index, since the database is there.
  private static func scans(_ database: LedgerDatabase) async throws -> [String: (sequential: Int64, index: Int64)] {
    let connection = try await database.database.connect()
    // What a connection has counted is told at its end at the latest.
    let others = Statement(
      "others", "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    ) { (row) throws(PostgresError) in try row.next(Int32.self) }
    while !(try await connection.query(others)).isEmpty { await Task.yield() }
    let rows = try await connection.query(
      Statement(
        "scans",
        "SELECT relname::text, seq_scan, coalesce(idx_scan, 0) FROM pg_stat_user_tables WHERE schemaname = 'tally'"
      ) { (row) throws(PostgresError) in
        (try row.next(String.self), try row.next(Int64.self), try row.next(Int64.self))
      })
    await connection.close()
    return Dictionary(uniqueKeysWithValues: rows.map { ($0.0, ($0.1, $0.2)) })
  }

  /// The plans for what is really asked, with its real parameters, by the pools' own connections: PostgreSQL counts.
  @Test func reportsExportsAndAlertsReadNoFullTableFromEndToEnd() async throws {
    try await FullTables.with { database in
      var store = try await database.openStore()
      let team = try await ExportedTeam.make(in: store, database)
      try await FullTables.fillUsage(of: team.ledger, database)
      await store.close(within: .seconds(5))
      let before = try await Self.scans(database)
      // Rows are added up by the report, then by the database.
      for rows in [50_000, 0] {
        store = try await database.openStore { $0.maximumUsageRows = rows }
        do {
          try await Self.askForUsage(of: team.ledger, in: store)
          try await Self.read(team, in: store)
        } catch {
          await store.close(within: .seconds(5))
          throw error
        }
        await store.close(within: .seconds(5))
      }
      let after = try await Self.scans(database)
      for table in FullTables.large.keys.sorted() {
        let (old, new) = (try #require(before[table]), try #require(after[table]))
        #expect(old.sequential == new.sequential, "\(table) was read from end to end")
      }
      let read = [
        "usage_bucket", "usage_span", "usage_sum", "usage_sum_key", "usage_sum_product", "log_line",
        "administrative_line",
        "budget", "record",
      ]
      for table in read {
        #expect((before[table]?.index ?? 0) < (after[table]?.index ?? 0), "\(table) was not read at all")
      }
    }
  }

  /// Every grouping, over days, months, quarters of an hour and what is no whole one.
  private static func askForUsage(of ledger: SmallLedger, in store: LedgerStore) async throws {
    let (start, end) = (FullTables.usageStart, FullTables.usageEnd)
    let days = (0...30).map { start.adding(seconds: $0 * 86_400) }
    let quarters = (0...96).map { start.adding(seconds: $0 * 900) }
    let odd = [start.adding(seconds: 10), start.adding(seconds: 400_000), end.adding(seconds: -7)]
    for bounds in [[start, end], days, quarters, odd, [.epoch, .maximum]] {
      for grouping: Set<UsageDimension> in [
        [], [.member], [.key, .member], [.model, .size], Set(UsageDimension.allCases),
      ] {
        // Ten times: PostgreSQL goes over to a generic plan after five.
        for _ in 0..<(grouping.isEmpty ? 10 : 1) {
          let report = try await store.usage(UsageRequest(team: ledger.team, bounds: bounds, grouping: grouping))
          #expect(report.buckets.contains { !$0.isEmpty })
        }
      }
      let filters = UsageFilters(members: [ledger.first], keys: [ledger.firstKey], models: ["gpt-image-1-mini"])
      _ = try await store.usage(UsageRequest(team: ledger.team, bounds: bounds, filters: filters, grouping: [.member]))
    }
  }

  /// The audit list, past budgets, exports in each form, proofs, alerts.
  private static func read(_ team: ExportedTeam, in store: LedgerStore) async throws {
    let ledger = team.ledger
    var filter = AuditEntryFilter()
    filter.limit = 10
    _ = try await store.auditEntries(of: ledger.team, filter)
    filter.actors = ["operator"]
    filter.actions = [.limitChanged, .keyIssued]
    _ = try await store.auditEntries(of: ledger.team, filter)
    let principal = try #require(try await store.principal(keyHash: try SmallLedger.hash(1)))
    _ = try await store.budgetHistory(of: principal, periods: 12)
    _ = try await store.alerts(of: ledger.team)
    _ = try await store.alertedBudgets(after: AlertPlace.start, limit: 100)
    _ = try await store.dueMessages(limit: 100)
    let verifier = team.key.verifier
    let exports = LogExports(store: store, pace: .full) { [verifier] }
    let contents: [ExportRequest.Content] = [
      .lines, .usage, .focus, .bundle, .proofs(ExportCreated.Filters(member: ledger.second)),
    ]
    for content in contents {
      let folder = try TemporaryFolder()
      var request = team.request(content)
      request.withPrivate = content == .bundle
      request.takesShortHead = true
      let plan = try await exports.plan(request, now: team.now)
      try await exports.write(plan, by: folder.url.appending(path: "x").path, now: team.now) { _ in }
      withExtendedLifetime(folder) {}
    }
  }
}
