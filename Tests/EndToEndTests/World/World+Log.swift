import Foundation
import Ledger
import Postgres
import TallyTesting
import TransparencyLog

extension World {
  /// One line of a log as the database has it.
  struct LoggedLine: Sendable {
    var bytes: [UInt8]
    var leaf: Digest
    var header: LineHeader
    var event: Event
    /// The personal part; absent where it was erased.
    var payload: JSONNode
  }

  /// Waits until the operator's log is there and announces the key of heads: a gateway that has it sees to that at its start.
  func awaitOperatorsLog() async throws {
    _ = try await gateways[0].process.wait(within: .seconds(30), "a key in the operator's log") {
      try await log(of: "operator").contains { $0.event.action == .logKeyAnnounced } ? true : nil
    }
  }

  /// The whole log of a team, or of the `operator`, as the database has it; but for lines that were pruned.
  func log(of team: String) async throws -> [LoggedLine] {
    let id =
      team == "operator"
      ? "\(TeamID.operatorLog)" : try await tally.json("team", "show", team)["teamId"].string ?? ""
    let connection = try await Connection.open(try ConnectionSettings(url: databaseURL), logger: TestCluster.logger)
    let statement = Statement<LoggedLine>(
      "test_log",
      """
      SELECT l.line, l.leaf, coalesce(p.payload, ''::bytea)
        FROM tally.log_line AS l
        LEFT JOIN tally.log_private AS p ON p.team_id = l.team_id AND p.index = l.index
       WHERE l.team_id = $1::text::uuid AND l.line <> ''::bytea
       ORDER BY l.index
      """
    ) { (row) throws(PostgresError) in
      let bytes = try row.next(PostgresBytes.self).bytes
      let leaf = try row.next(PostgresBytes.self).bytes
      let payload = try row.next(PostgresBytes.self).bytes
      guard let parsed = try? Line.parse(bytes), let digest = Digest(bytes: leaf) else {
        throw PostgresError(.decoding, outcome: .unknown, reason: "a line that cannot be read")
      }
      return LoggedLine(
        bytes: bytes, leaf: digest, header: parsed.0, event: parsed.1, payload: JSONNode(parsing: Data(payload)))
    }
    let lines = try await connection.query(statement, id)
    await connection.close()
    return lines
  }
}
