package import Ledger
import Logging
import Postgres

extension LedgerStore {
  /// Who has the key with this hash; nil: there is no such key. Expired, revoked and suspended ones are found too, since
  /// they are answered differently. Nothing is cached here.
  /// - Throws: `unavailable`.
  package func principal(keyHash: Digest32) async throws(StoreError) -> Principal? {
    let hash = PostgresBytes(keyHash.bytes)
    var pipeline = Pipeline()
    let slot = pipeline.append(.keyDirectoryEntry, hash)
    let directory = try await authPool.run(pipeline, timeout: RequestScope.timeout)
    guard let entry = try directory.decoded(slot).first else { return nil }
    return try await rows(.principal, entry.team.uuid, entry.key.uuid, hash, of: entry.team).first
  }

  /// Notes that a key was used, at most once a minute. As well as it goes: nobody waits for it, and a failure only leaves
  /// an older time.
  package func noteKeyUse(team: TeamID, key: KeyID, at moment: Timestamp) async {
    do {
      _ = try await rows(.noteKeyUse, team.uuid, key.uuid, moment.timestamptz, of: team, access: .readWrite)
    } catch {
      logger.debug("could not note the use of a key", metadata: ["team": "\(team)", "error": "\(error)"])
    }
  }

  /// The keys of a team, the oldest first.
  /// - Throws: `unavailable`.
  package func keys(of team: TeamID) async throws(StoreError) -> [KeyView] {
    var rows: [KeyRow] = []
    var after = KeyID(bits: 0)
    while true {
      let page = try await self.rows(.keysAfter, team.uuid, after.uuid, Int64(Self.pageSize), of: team)
      rows += page
      guard page.count == Self.pageSize, let last = page.last else { break }
      after = last.view.id
    }
    return rows.map { $0.view(zones: zones) }.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
  }

  /// A page of a team's keys, in the order of their ids.
  /// - Parameters:
  ///   - after: the key that the page before ended with; nil: from the first on.
  ///   - limit: how many at most, from 1.
  /// - Throws: `unavailable`.
  package func keys(of team: TeamID, after: KeyID?, limit: Int) async throws(StoreError) -> Page<KeyView> {
    let found = try await rows(
      .keysAfter, team.uuid, (after ?? KeyID(bits: 0)).uuid, Int64(limit + 1), of: team)
    return Page(elements: found.prefix(limit).map { $0.view(zones: zones) }, hasMore: found.count > limit)
  }

  /// A key of any team. For the operator.
  /// - Throws: `notFound`; `unavailable`.
  package func key(_ id: KeyID) async throws(StoreError) -> KeyView {
    guard let team = try await operatorRows(.teamOfKey, id.uuid).first else { throw StoreError(.notFound("the key")) }
    return try await key(id, of: team)
  }

  /// A key of one team: all teams are asked for it only where nobody knows whose it is.
  func key(_ id: KeyID, of team: TeamID) async throws(StoreError) -> KeyView {
    guard let row = try await rows(.keyByID, team.uuid, id.uuid, of: team).first else {
      throw StoreError(.notFound("the key"))
    }
    return row.view(zones: zones)
  }
}
