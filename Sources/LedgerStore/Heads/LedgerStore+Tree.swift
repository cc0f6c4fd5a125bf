package import Ledger
import Postgres
package import TransparencyLog

/// Point reads of a log: what proofs are made of.
extension LedgerStore {
  /// Most rows of one read. A proof needs at most twice as many as the tree is high.
  package static let treeRowsMaximum = 1_024

  /// Where a team's log stands.
  /// - Throws: `notFound`; `unavailable`.
  package func logState(of team: TeamID) async throws(StoreError) -> LogState {
    guard let state = try await rows(.logState, team.uuid, of: team).first else {
      throw StoreError(.notFound("the team"))
    }
    return state
  }

  /// The rows of the tree at `indexes`, as a `ProofPlan` names them. Rows that are not there are left out, and the proof
  /// then says which one is missing.
  /// - Parameter base: the place of the log's first line; nil: that of the log that goes on.
  /// - Throws: `invalid` for more than `treeRowsMaximum`; `database` for a row that cannot be one of a tree;
  ///   `unavailable`.
  package func treeRows(
    of team: TeamID, _ indexes: [Int64], base: Int64? = nil
  ) async throws(StoreError) -> TreeRows {
    guard indexes.count <= Self.treeRowsMaximum else {
      throw StoreError(.invalid(field: "indexes", message: "must be at most \(Self.treeRowsMaximum)"))
    }
    var tree = TreeRows()
    guard !indexes.isEmpty else { return tree }
    for row in try await rows(.treeRows, team.uuid, indexes, base, of: team) { try row.add(to: &tree) }
    return tree
  }

  /// The line at an index of a team's log; nil where there is none.
  /// - Throws: `unavailable`.
  package func loggedLine(of team: TeamID, at index: Int64) async throws(StoreError) -> LoggedLine? {
    try await rows(.loggedLine, team.uuid, index, nil as Int64?, of: team).first
  }
}

/// Leaf and nodes of one line.
struct TreeRow: Sendable {
  var team: TeamID
  var index: Int64
  var leaf: Digest
  var nodes: [UInt8]

  /// Reads team, index, leaf and nodes.
  init(_ row: inout RowReader) throws(PostgresError) {
    team = try row.id()
    index = try row.next()
    leaf = try row.digest()
    nodes = try row.next(PostgresBytes.self).bytes
  }

  /// Adds it to what is known of the tree. Throws `database` where it cannot be a tree's.
  func add(to tree: inout TreeRows) throws(StoreError) {
    do {
      try tree.add(index: index, leaf: leaf, nodes: nodes)
    } catch {
      throw StoreError(.database)
    }
  }
}

extension Statement where Row == LogState {
  /// A team's log: the team.
  static let logState = Statement(
    "log state", "SELECT log_origin, log_size, log_peaks, log_last_at FROM tally.team WHERE team_id = $1"
  ) { (row) throws(PostgresError) in try LogState(&row) }
}

extension Statement where Row == TreeRow {
  /// Rows of one log: the team, indexes, the place of its first line (null: where the team's log begins now).
  static let treeRows = Statement(
    "tree rows",
    """
    SELECT t.team_id, v.index, l.leaf, l.nodes
      FROM (SELECT team_id, CASE WHEN $3::bigint IS NULL THEN log_base ELSE $3 END AS log_base
              FROM tally.team) AS t
     CROSS JOIN unnest($2::bigint[]) AS v (index)
     CROSS JOIN LATERAL (SELECT leaf, nodes
                           FROM tally.log_line
                          WHERE team_id = t.team_id AND index = t.log_base + v.index OFFSET 0) AS l
     WHERE t.team_id = $1 AND v.index >= 0
    """
  ) { (row) throws(PostgresError) in try TreeRow(&row) }
}

extension Statement where Row == LoggedLine {
  /// One line: the team, its index, the place of the log's first line (or null).
  static let loggedLine = Statement(
    "logged line",
    """
    SELECT l.index - t.log_base, l.line, l.leaf
      FROM (SELECT team_id, CASE WHEN $3::bigint IS NULL THEN log_base ELSE $3 END AS log_base
              FROM tally.team) AS t
     CROSS JOIN LATERAL (SELECT index, line, leaf
                           FROM tally.log_line
                          WHERE team_id = t.team_id AND index = t.log_base + $2 OFFSET 0) AS l
     WHERE t.team_id = $1 AND $2 >= 0
    """
  ) { (row) throws(PostgresError) in
    LoggedLine(index: try row.next(), line: try row.next(PostgresBytes.self).bytes, leaf: try row.digest())
  }
}
