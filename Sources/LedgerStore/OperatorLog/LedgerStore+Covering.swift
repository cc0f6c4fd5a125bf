package import Ledger
import Postgres
import TransparencyLog

/// One root over the newest heads of all teams' logs, in the operator's log: whoever holds a head of that holds something
/// of every team's.
extension LedgerStore {
  /// Heads that are read at once.
  static let headsPerPage = 1_000

  /// Covers the newest signed heads of all teams' logs by a line of the operator's log, where one changed since the last.
  ///
  /// The heads are kept as they were covered, so that it can be proved of each. Only one process may do this at a time:
  /// the one that signs.
  /// - Returns: what the new line says; nil where nothing changed.
  /// - Throws: `notAllowed` while the operator's log is halted; `unavailable`.
  package func coverHeads() async throws(StoreError) -> HeadsCovered? {
    try await collectHeads()
    let (count, root) = try await coveredRoot()
    let last = try await headCovering()
    guard count > 0, last?.count != count || last?.root != root else { return nil }
    guard let digest = Digest32(bytes: root.bytes) else { throw StoreError(.database) }
    let event = HeadsCovered(count: count, root: digest)
    // The same heads may come back after others, as when a database is restored.
    let id = Self.noteID("heads", "\(last?.index ?? -1)", last.map { $0.at.rfc3339 } ?? "", "\(count)", "\(digest)")
    let request = NoteRequest(team: .operatorLog, id: id, note: .headsCovered(event), by: nil)
    _ = try await submitOperators(.note(request), by: Administrator(name: "tally"))
    return event
  }

  /// The newest line that covers heads; nil before the first.
  /// - Throws: `unavailable`.
  package func headCovering() async throws(StoreError) -> HeadCovering? {
    try await operatorRows(.headCovering, TeamID.operatorLog.uuid).first
  }

  /// What leads from a team's covered head to the line that covers it.
  /// - Throws: `notFound` where no head of the team was covered yet; `conflict` while heads are being collected.
  package func coveredPlace(of team: TeamID) async throws(StoreError) -> CoveredPlace {
    guard let covering = try await headCovering(), let rank = try await operatorRows(.coveredRank, team.uuid).first
    else {
      throw StoreError(.notFound("a head of this team that the operator's log covers"))
    }
    let head = try rank.row.head()
    do {
      let plan = try InclusionProof.plan(index: rank.index, size: rank.count)
      var tree = StreamingRoot(nodes: plan.nodes)
      try await readCoveredHeads { head in tree.append(head.leaf) }
      let proof = try InclusionProof(index: rank.index, size: rank.count, from: tree.hash)
      guard tree.size == covering.count, tree.root == covering.root else { throw StoreError(Self.isCollecting) }
      try proof.verify(leaf: head.leaf, root: covering.root)
      return CoveredPlace(head: head, proof: proof, covering: covering)
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(Self.isCollecting)
    }
  }

  private static var isCollecting: StoreError.Reason {
    .conflict("the heads are being collected for the next line of the operator's log; try again in some minutes")
  }

  private func collectHeads() async throws(StoreError) {
    var after = TeamID.operatorLog
    while true {
      let tips = try await logTips(after: after, limit: Self.headsPerPage)
      let heads = tips.compactMap(\.head)
      if !heads.isEmpty {
        _ = try await operatorRows(
          .coverHeads, heads.map(\.team.uuid), heads.map(\.origin), heads.map(\.size),
          heads.map { PostgresBytes($0.root.bytes) })
      }
      guard tips.count == Self.headsPerPage, let last = tips.last else { return }
      after = last.team
    }
  }

  private func coveredRoot() async throws(StoreError) -> (count: Int64, root: Digest) {
    var peaks = Peaks()
    try await readCoveredHeads { head in peaks.add(head.leaf) }
    return (peaks.size, peaks.root)
  }

  private func readCoveredHeads(_ take: (CoveredHead) -> Void) async throws(StoreError) {
    var after = ""
    while true {
      let page = try await operatorRows(.coveredHeadsAfter, after, Int64(Self.headsPerPage))
      for row in page { take(try row.head()) }
      guard page.count == Self.headsPerPage, let last = page.last else { return }
      after = last.origin
    }
  }
}
