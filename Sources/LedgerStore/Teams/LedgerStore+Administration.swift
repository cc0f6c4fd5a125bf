package import Ledger
import Postgres

/// Changes of teams, members and keys. They pass through the lane like edits, so that each team has one order of events,
/// and each is a line of the team's log.
extension LedgerStore {
  /// Makes a team.
  /// - Throws: `conflict` when the name or the id is taken; `invalid` for a wrong name or an unknown zone; `unavailable`.
  package func createTeam(_ team: NewTeam, by administrator: Administrator) async throws(StoreError) -> TeamView {
    try TextBounds.check(name: team.name, field: "name")
    guard zones.isKnown(team.timeZone) else { throw StoreError(.unknownZone) }
    guard team.id != .operatorLog, team.name != OperatorLog.name else {
      throw StoreError(.conflict("the id 0 and the name \(OperatorLog.name) are the operator's log's own"))
    }
    guard try await operatorRows(.teamsTaking, team.id.uuid, team.name).isEmpty else {
      throw StoreError(.conflict("a team of this name or id exists already"))
    }
    _ = try await submit(.createTeam(team, administrator))
    return try await self.team(team.id)
  }

  /// Changes a team. A limit counts at once; a period or a zone from the next period on.
  /// - Throws: `notFound`; `invalid`; `unavailable`.
  package func changeTeam(
    _ id: TeamID, _ change: TeamChange, by administrator: Administrator
  ) async throws(StoreError) -> TeamView {
    if case .set(let zone) = change.timeZone, !zones.isKnown(zone) { throw StoreError(.unknownZone) }
    _ = try await submit(.changeTeam(id, change, administrator))
    return try await team(id)
  }

  /// Adds a member.
  /// - Throws: `conflict` when the team has the user already; `notFound`; `invalid`, also where the team has as many members
  ///   as it may; `unavailable`.
  package func addMember(_ member: NewMember, by administrator: Administrator) async throws(StoreError) -> MemberView {
    try TextBounds.check(userID: member.userID)
    try TextBounds.check(name: member.userName, field: "userName")
    try await checkRoom(for: .membersCounted, of: member.team, settings.maximumMembersPerTeam, "userId", "members")
    _ = try await submit(.addMember(member, administrator))
    return try await self.member(of: member.team, userID: member.userID)
  }

  /// Changes a member. A limit or a suspension counts at once, a period from the next one on.
  /// - Throws: `notFound`; `invalid`; `unavailable`.
  package func changeMember(
    team: TeamID, userID: String, _ change: MemberChange, by administrator: Administrator
  ) async throws(StoreError) -> MemberView {
    let member = try await self.member(of: team, userID: userID)
    _ = try await submit(.changeMember(team, member.id, change, administrator))
    return try await self.member(of: team, userID: userID)
  }

  /// Issues a key.
  /// - Throws: `notFound` for an unknown member; `invalid`, also where the team has as many keys as it may; `unavailable`.
  package func issueKey(_ key: NewKey, by administrator: Administrator) async throws(StoreError) -> KeyView {
    try await checkRoom(for: .keysCounted, of: key.team, settings.maximumKeysPerTeam, "userId", "keys")
    _ = try await submit(.issueKey(key, administrator))
    return try await self.key(key.id, of: key.team)
  }

  /// Puts a new key in an old one's place; the old one stays good for the overlap.
  /// - Throws: `notFound`; `notAllowed` for a revoked or expired key; `invalid`; `unavailable`.
  package func rotateKey(_ rotation: KeyRotation, by administrator: Administrator) async throws(StoreError) -> KeyView {
    try await checkRoom(for: .keysCounted, of: rotation.team, settings.maximumKeysPerTeam, "id", "keys")
    _ = try await submit(.rotateKey(rotation, administrator))
    return try await key(rotation.newKey, of: rotation.team)
  }

  /// Revokes a key at once.
  /// - Throws: `notFound`; `unavailable`.
  package func revokeKey(
    team: TeamID, key: KeyID, by administrator: Administrator
  ) async throws(StoreError) -> KeyView {
    _ = try await submit(.revokeKey(team, key, administrator))
    return try await self.key(key, of: team)
  }
}

extension LedgerStore {
  /// Throws `invalid` where a team has as many members or keys as it may.
  private func checkRoom(
    for statement: Statement<Int64>, of team: TeamID, _ maximum: Int, _ field: String, _ what: String
  ) async throws(StoreError) {
    let counted = try await operatorRows(statement, team.uuid, Int64(maximum)).first ?? 0
    guard counted < maximum else {
      throw StoreError(.invalid(field: field, message: "a team has at most \(maximum) \(what), and this one has them"))
    }
  }
}

extension Statement where Row == Int64 {
  /// How many members a team has: team, where to stop counting.
  static let membersCounted = Statement(
    "members counted",
    "SELECT count(*) FROM (SELECT FROM tally.member WHERE team_id = $1 LIMIT $2) AS m"
  ) { (row) throws(PostgresError) in try row.next() }

  /// How many keys a team has: team, where to stop counting.
  static let keysCounted = Statement(
    "keys counted",
    "SELECT count(*) FROM (SELECT FROM tally.api_key WHERE team_id = $1 LIMIT $2) AS k"
  ) { (row) throws(PostgresError) in try row.next() }
}

extension StoreError.Reason {
  fileprivate static var unknownZone: Self {
    .invalid(field: "timeZone", message: "must be UTC or an Area/Place of the IANA database, such as Europe/Berlin")
  }
}
