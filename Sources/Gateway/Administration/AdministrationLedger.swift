package import Ledger
package import LedgerStore

/// What the routes of a team's administrators ask of the ledger's store; `LedgerStore` is the one that serves. Each change
/// is a line of the team's log, and each is checked again under the team's lock (`TeamAdministration`).
package protocol AdministrationLedger: Sendable {
  /// A page of the team's members, by user id.
  func members(of team: TeamID, after: String?, limit: Int) async throws(StoreError) -> Page<MemberView>
  /// Adds a member.
  func addMember(_ member: NewMember, by administrator: Administrator) async throws(StoreError) -> MemberView
  /// Changes the member of that user id.
  func changeMember(
    team: TeamID, userID: String, _ change: MemberChange, by administrator: Administrator
  ) async throws(StoreError) -> MemberView

  /// A page of the team's keys, by their ids.
  func keys(of team: TeamID, after: KeyID?, limit: Int) async throws(StoreError) -> Page<KeyView>
  /// Issues a key.
  func issueKey(_ key: NewKey, by administrator: Administrator) async throws(StoreError) -> KeyView
  /// Puts a new key in an old one's place.
  func rotateKey(_ rotation: KeyRotation, by administrator: Administrator) async throws(StoreError) -> KeyView
  /// Revokes a key at once.
  func revokeKey(team: TeamID, key: KeyID, by administrator: Administrator) async throws(StoreError) -> KeyView

  /// The team.
  func team(_ id: TeamID) async throws(StoreError) -> TeamView
  /// Changes the team.
  func changeTeam(
    _ id: TeamID, _ change: TeamChange, by administrator: Administrator
  ) async throws(StoreError) -> TeamView
}
