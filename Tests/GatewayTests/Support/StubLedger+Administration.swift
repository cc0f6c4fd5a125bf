import Gateway
import Ledger
import LedgerStore
import Synchronization

extension StubLedger {
  private func ask(_ what: LaneCommand, _ administrator: Administrator) throws(StoreError) {
    asked.withLock { $0.append(Asked(what: what, by: administrator)) }
    if let denial = answers.withLock({ $0.denial }) { throw denial }
  }

  static func key(_ id: KeyID = KeyID(bits: 0x77), scopes: KeyScopes = [.edit]) -> KeyView {
    KeyView(
      team: Fixtures.team, id: id, member: Fixtures.member, userID: "user-12345", hint: "abcd", scopes: scopes,
      createdAt: Fixtures.now)
  }

  static let teamView = TeamView(
    id: Fixtures.team, name: "Acme", limit: Credits(500), logOrigin: "tally.local/\(Fixtures.team)", logSize: 9,
    createdAt: Fixtures.now, budget: Fixtures.budget())

  func members(of team: TeamID, after: String?, limit: Int) async throws(StoreError) -> Page<MemberView> {
    answers.withLock { $0.members }
  }

  func addMember(_ member: NewMember, by administrator: Administrator) async throws(StoreError) -> MemberView {
    try ask(.addMember(member, administrator), administrator)
    return try await self.member(of: member.team, userID: member.userID)
  }

  func changeMember(
    team: TeamID, userID: String, _ change: MemberChange, by administrator: Administrator
  ) async throws(StoreError) -> MemberView {
    let member = try await self.member(of: team, userID: userID)
    try ask(.changeMember(team, member.id, change, administrator), administrator)
    return member
  }

  func keys(of team: TeamID, after: KeyID?, limit: Int) async throws(StoreError) -> Page<KeyView> {
    answers.withLock { $0.keys }
  }

  func issueKey(_ key: NewKey, by administrator: Administrator) async throws(StoreError) -> KeyView {
    try ask(.issueKey(key, administrator), administrator)
    return Self.key(key.id, scopes: key.scopes)
  }

  func rotateKey(_ rotation: KeyRotation, by administrator: Administrator) async throws(StoreError) -> KeyView {
    try ask(.rotateKey(rotation, administrator), administrator)
    return Self.key(rotation.newKey)
  }

  func revokeKey(team: TeamID, key: KeyID, by administrator: Administrator) async throws(StoreError) -> KeyView {
    try ask(.revokeKey(team, key, administrator), administrator)
    return Self.key(key)
  }

  func team(_ id: TeamID) async throws(StoreError) -> TeamView {
    Self.teamView
  }

  func changeTeam(
    _ id: TeamID, _ change: TeamChange, by administrator: Administrator
  ) async throws(StoreError) -> TeamView {
    try ask(.changeTeam(id, change, administrator), administrator)
    return Self.teamView
  }
}
