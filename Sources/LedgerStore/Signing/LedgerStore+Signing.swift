package import Ledger
import Postgres
package import TransparencyLog

/// What the signer reads and writes: over all teams, a bounded number of logs at a time, each in a short transaction.
extension LedgerStore {
  /// Logs of teams behind `team` in the order of their ids, at most `limit`; nil: from the operator's own log on, which
  /// stands before all of them.
  /// - Throws: `unavailable`.
  package func logTips(after team: TeamID?, limit: Int) async throws(StoreError) -> [LogTip] {
    guard team?.bits != .max else { return [] }
    let first = TeamID(bits: team.map { $0.bits + 1 } ?? TeamID.operatorLog.bits)
    return try await operatorRows(.logTipsFrom, first.uuid, Int64(limit))
  }

  /// The logs of `teams`; those that are not there are left out.
  /// - Throws: `unavailable`.
  package func logTips(of teams: [TeamID]) async throws(StoreError) -> [LogTip] {
    try await operatorRows(.logTips, teams.map(\.uuid))
  }

  /// Rows of the trees of several logs: the indexes by team. Rows that are not there are left out.
  /// - Throws: `database` for a row that cannot be one of a tree; `unavailable`.
  package func treeRows(_ indexes: [TeamID: [Int64]]) async throws(StoreError) -> [TeamID: TreeRows] {
    let wanted = indexes.flatMap { team, indexes in indexes.map { (team: team, index: $0) } }
    var trees = indexes.mapValues { _ in TreeRows() }
    guard !wanted.isEmpty else { return trees }
    for row in try await operatorRows(.treeRowsOfLogs, wanted.map(\.team.uuid), wanted.map(\.index)) {
      try row.add(to: &trees[row.team, default: TreeRows()])
    }
    return trees
  }

  /// Who waits for a head, at most `limit`.
  /// - Throws: `unavailable`.
  package func headRequests(limit: Int) async throws(StoreError) -> [HeadRequest] {
    try await operatorRows(.headRequests, Int64(limit))
  }

  /// Forgets what was asked for up to these sizes: it is signed now, or cannot be. What was asked for meanwhile stays.
  /// - Throws: `unavailable`.
  package func forget(_ requests: [HeadRequest]) async throws(StoreError) {
    guard !requests.isEmpty else { return }
    _ = try await operatorRows(.forgetHeadRequests, requests.map(\.team.uuid), requests.map(\.wantedSize))
  }

  /// Stores signed heads, provided that this run still has the lease of that term when they are committed.
  /// - Returns: false where it has not: nothing is stored then.
  /// - Throws: `unavailable`; then some may be stored, all or none.
  package func storeHeads(_ heads: [LogHead], term: Int64) async throws(StoreError) -> Bool {
    let instance = settings.instance
    do {
      return try await lanePool.withConnection { connection in
        var lock = Pipeline()
        lock.append(Statement<Void>.begin)
        let slot = lock.append(.lockSignerLease, instance.uuid, term)
        let locked = try await connection.run(lock, timeout: RequestScope.timeout / 2)
        guard try !locked.rows(slot).isEmpty else {
          try await connection.rollback()
          return false
        }
        var write = Pipeline()
        write.append(
          .storeHeads, heads.map(\.team.uuid), heads.map(\.origin), heads.map(\.size),
          heads.map { PostgresBytes($0.root.bytes) }, heads.map { String(decoding: $0.note, as: UTF8.self) },
          heads.map(\.signedAt.timestamptz))
        write.append(.commit)
        _ = try await connection.run(write, timeout: RequestScope.timeout / 2)
        return true
      }
    } catch {
      throw StoreError(wrapping: error)
    }
  }

  /// Halts a team whose log does not extend a signed head: from now on its lane refuses every command. The row's lock is
  /// the team's.
  /// - Parameters:
  ///   - origin: the log that was looked at; one that was opened anew meanwhile is left alone.
  ///   - cause: why.
  ///   - signedSize: how many lines had been signed that it does not extend; nil for other causes.
  /// - Returns: whether it is halted.
  /// - Throws: `unavailable`.
  package func haltLog(
    of team: TeamID, origin: String, cause: LogHalt.Cause, signedSize: Int64?
  ) async throws(StoreError) -> Bool {
    try await !operatorRows(.haltLog, team.uuid, origin, cause.rawValue, signedSize).isEmpty
  }
}

extension Statement where Row == TreeRow {
  /// Rows of many logs: teams, indexes.
  static let treeRowsOfLogs = Statement(
    "tree rows of logs",
    """
    SELECT v.team_id, v.index, l.leaf, l.nodes
      FROM unnest($1::uuid[], $2::bigint[]) AS v (team_id, index)
     CROSS JOIN LATERAL (SELECT log_base FROM tally.team WHERE team_id = v.team_id AND v.index >= 0 OFFSET 0) AS t
     CROSS JOIN LATERAL (SELECT leaf, nodes
                           FROM tally.log_line
                          WHERE team_id = v.team_id AND index = t.log_base + v.index OFFSET 0) AS l
    """
  ) { (row) throws(PostgresError) in try TreeRow(&row) }
}

extension Statement where Row == Void {
  /// Teams, origins, sizes, roots, notes, times. A smaller head never takes a larger one's place.
  static let storeHeads = Statement(
    "store heads",
    """
    INSERT INTO tally.checkpoint AS c (team_id, log_origin, size, root, note, signed_at)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bytea[], $5::text[], $6::timestamptz[])
        ON CONFLICT ON CONSTRAINT checkpoint_pkey DO UPDATE
       SET size = excluded.size, root = excluded.root, note = excluded.note, signed_at = excluded.signed_at
     WHERE c.size <= excluded.size
    """)

  /// Teams, and up to which size requests are done with.
  static let forgetHeadRequests = Statement(
    "forget head requests",
    """
    DELETE FROM tally.head_request AS r
     USING unnest($1::uuid[], $2::bigint[]) AS v (team_id, size)
     WHERE r.team_id = v.team_id AND r.wanted_size <= v.size
    """)
}

extension Statement where Row == TeamID {
  /// The team, its log's origin, the cause, how many lines had been signed.
  static let haltLog = Statement(
    "halt log",
    """
    UPDATE tally.team SET is_halted = true, halt_cause = $3, halt_signed_size = $4
     WHERE team_id = $1 AND log_origin = $2
    RETURNING team_id
    """
  ) { (row) throws(PostgresError) in try row.id() }
}
