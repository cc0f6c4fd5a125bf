import Foundation
import LedgerStore
import Postgres

/// A node of a plan, as PostgreSQL shows it.
struct PlanNode: Decodable {
  var type: String
  /// The table that it reads; nil for what reads none.
  var table: String?
  /// What finds rows through an index. A bitmap's is what its pages are checked against again.
  var condition: String?
  /// What rows are thrown away by after they were read.
  var filter: String?
  private var parts: [PlanNode]?

  /// Whether it reads a table from one end to the other.
  var isSequential: Bool { type == "Seq Scan" || type == "Sample Scan" }
  /// This node and all below it.
  var all: [PlanNode] { [self] + (parts ?? []).flatMap(\.all) }

  private enum CodingKeys: String, CodingKey {
    case type = "Node Type"
    case table = "Relation Name"
    case indexCondition = "Index Cond"
    case recheckCondition = "Recheck Cond"
    case filter = "Filter"
    case parts = "Plans"
  }

  init(from decoder: any Decoder) throws {
    let node = try decoder.container(keyedBy: CodingKeys.self)
    type = try node.decode(String.self, forKey: .type)
    table = try node.decodeIfPresent(String.self, forKey: .table)
    condition =
      try node.decodeIfPresent(String.self, forKey: .indexCondition)
      ?? node.decodeIfPresent(String.self, forKey: .recheckCondition)
    filter = try node.decodeIfPresent(String.self, forKey: .filter)
    parts = try node.decodeIfPresent([PlanNode].self, forKey: .parts)
  }

  private struct Root: Decodable {
    var plan: PlanNode

    private enum CodingKeys: String, CodingKey {
      case plan = "Plan"
    }
  }

  /// The generic plan of a statement, on a connection of its own role with these settings.
  static func generic(
    of statement: PlannedStatement, in database: LedgerDatabase, _ settings: [(name: String, value: String)]
  ) async throws -> PlanNode {
    let connection = try await database.connect(as: statement.role)
    let texts = try await statement.explained(as: "JSON", on: connection, settings)
    await connection.close()
    let roots = try JSONDecoder().decode([Root].self, from: Data(texts.joined(separator: "\n").utf8))
    guard let root = roots.first else { throw CocoaError(.fileReadCorruptFile) }
    return root.plan
  }
}

extension PlannedStatement {
  /// The generic plan as PostgreSQL shows it, on a connection that gets these settings.
  /// - Parameter format: `TEXT`, a line each, or `JSON`.
  func explained(
    as format: String = "TEXT", on connection: Connection, _ settings: [(name: String, value: String)]
  ) async throws -> [String] {
    let count = (1...32).last { sql.contains("$\($0)") } ?? 0
    let nulls = [String](repeating: "NULL", count: count).joined(separator: ", ")
    try await connection.execute(
      script: """
        \(settings.map { "SET \($0.name) = \($0.value);" }.joined(separator: "\n"))
        SET plan_cache_mode = force_generic_plan;
        PREPARE planned AS \(sql)
        """)
    return try await connection.query(
      Statement(
        "explain", "EXPLAIN (COSTS OFF, FORMAT \(format)) EXECUTE planned\(count > 0 ? "(\(nulls))" : "")",
        prepared: false, row: { row throws(PostgresError) in try row.next(String.self) }))
  }
}
