import Ledger
import LedgerStore
import Testing

/// What a team's administrator may change with its key (docs/http.md, administration).
@Suite struct TeamAdministrationTests {
  private static let team = TeamID(bits: 1)
  private static let now = Timestamp(microseconds: 1_800_000_000_000_000)
  private static let admin = MemberID(bits: 2)
  private static let second = MemberID(bits: 3)
  private static let plain = MemberID(bits: 4)
  private static let key = KeyID(bits: 5)
  private static let otherKey = KeyID(bits: 6)
  private static let by = Administrator(name: "anna", reason: "a test", key: key, member: admin)

  /// A team of one administrator and one member.
  private func book(_ change: (inout TeamBook) -> Void = { _ in }) -> TeamBook {
    var book = TeamBook(
      team: TeamState(id: Self.team, limit: Credits(100)), origin: "tally.test/x", logSize: 1, lastAt: .epoch)
    book.members[Self.admin] = MemberState(id: Self.admin, role: .admin)
    book.members[Self.plain] = MemberState(id: Self.plain)
    book.keys[Self.key] = KeyState(
      id: Self.key, member: Self.admin, budgetSubject: Self.key, scopes: .init(names: ["admin", "edit"]) ?? [])
    book.keys[Self.otherKey] = KeyState(
      id: Self.otherKey, member: Self.plain, budgetSubject: Self.otherKey, scopes: [.edit])
    change(&book)
    return book
  }

  private func reason(_ command: LaneCommand, _ book: TeamBook) -> StoreError.Reason? {
    do {
      try TeamAdministration.check(command, in: book, at: Self.now)
      return nil
    } catch {
      return error.reason
    }
  }

  private func change(_ member: MemberID, role: MemberRole? = nil, status: AccountStatus? = nil) -> LaneCommand {
    .changeMember(
      Self.team, member,
      MemberChange(role: role.map { .set($0) } ?? .keep, status: status.map { .set($0) } ?? .keep), Self.by)
  }

  private func issue(_ scopes: KeyScopes, to member: MemberID = plain, expiresAt: Timestamp? = nil) -> LaneCommand {
    .issueKey(
      NewKey(
        team: Self.team, id: KeyID(bits: 9), member: member, hash: .zero, hint: "x", scopes: scopes,
        expiresAt: expiresAt), Self.by)
  }

  private func rotate(_ key: KeyID) -> LaneCommand {
    .rotateKey(
      KeyRotation(team: Self.team, key: key, newKey: KeyID(bits: 9), hash: .zero, hint: "x", overlapSeconds: 0), Self.by
    )
  }

  private func change(_ change: TeamChange) -> LaneCommand { .changeTeam(Self.team, change, Self.by) }

  @Test func whatTheDoorBelievedIsLookedAtAgain() {
    let command = change(Self.plain, role: .finance)
    #expect(reason(command, book()) == nil)
    #expect(reason(command, book { $0.keys[Self.key]?.revokedAt = Self.now }) == .notAllowed(.keyRevoked))
    #expect(reason(command, book { $0.keys[Self.key]?.expiresAt = Self.now }) == .notAllowed(.keyExpired))
    #expect(reason(command, book { $0.keys[Self.key]?.scopes = [.edit] }) == .forbidden(.notAdministrator))
    #expect(reason(command, book { $0.keys[Self.key] = nil }) == .forbidden(.notAdministrator))
    #expect(reason(command, book { $0.members[Self.admin]?.role = .member }) == .forbidden(.notAdministrator))
    #expect(
      reason(command, book { $0.members[Self.admin]?.status = .suspended }) == .notAllowed(.memberSuspended))
    #expect(reason(command, book { $0.team.status = .suspended }) == .notAllowed(.teamSuspended))
  }

  @Test func theOperatorIsNotAsked() {
    let `operator` = Administrator(name: "root")
    let suspended = book { $0.team.status = .suspended }
    let raise = TeamChange(status: .set(.active), limit: .set(nil))
    #expect(reason(.changeTeam(Self.team, raise, `operator`), suspended) == nil)
    let demote = MemberChange(role: .set(.member))
    #expect(reason(.changeMember(Self.team, Self.admin, demote, `operator`), suspended) == nil)
  }

  @Test func theLastActiveAdministratorStaysOne() {
    for command in [change(Self.admin, role: .member), change(Self.admin, status: .suspended)] {
      #expect(reason(command, book()) == .forbidden(.lastAdministrator))
      let suspended = book { $0.members[Self.second] = MemberState(id: Self.second, role: .admin, status: .suspended) }
      #expect(reason(command, suspended) == .forbidden(.lastAdministrator))
      let two = book { $0.members[Self.second] = MemberState(id: Self.second, role: .admin) }
      #expect(reason(command, two) == nil)
    }
    #expect(reason(change(Self.admin, role: .admin, status: .active), book()) == nil)
    #expect(reason(change(Self.plain, status: .suspended), book()) == nil)
  }

  @Test func aTeamsLimitIsOnlyLowered() {
    for limit in [0, 99, 100] {
      #expect(reason(change(TeamChange(limit: .set(Credits(Int64(limit))))), book()) == nil)
    }
    #expect(
      reason(change(TeamChange(limit: .set(Credits(101)))), book())
        == .forbidden(.raisesTeamLimit(to: Credits(101), from: Credits(100))))
    #expect(
      reason(change(TeamChange(limit: .set(nil))), book()) == .forbidden(.raisesTeamLimit(to: nil, from: Credits(100))))
    #expect(reason(change(TeamChange(limit: .set(Credits(5)))), book { $0.team.limit = nil }) == nil)
    #expect(reason(change(TeamChange(timeZone: .set("UTC"), inDoubtChargeSeconds: .set(nil))), book()) == nil)
    #expect(reason(change(TeamChange(status: .set(.suspended))), book()) == .forbidden(.ofOperator(field: "status")))
    #expect(reason(change(TeamChange(period: .set(.total))), book()) == .forbidden(.ofOperator(field: "period")))
  }

  @Test func noKeyGetsMoreThanTheAskingOneHasOrItsMembersRoleAllows() {
    #expect(reason(issue([.edit]), book()) == nil)
    #expect(reason(issue([.admin, .edit], to: Self.admin), book()) == nil)
    #expect(reason(issue([.audit], to: Self.admin), book()) == .forbidden(.scopesBeyondKey(.audit)))
    #expect(reason(issue([.admin]), book()) == .forbidden(.scopesBeyondRole(.admin, .member)))
    let only = book { $0.keys[Self.key]?.scopes = [.admin] }
    #expect(reason(issue([.edit]), only) == .forbidden(.scopesBeyondKey(.edit)))
    // A rotation hands out the old key's scopes.
    #expect(reason(rotate(Self.otherKey), only) == .forbidden(.scopesBeyondKey(.edit)))
    #expect(reason(rotate(Self.otherKey), book()) == nil)
    #expect(reason(rotate(Self.key), book()) == nil)
  }

  @Test func noKeyThatAdministersOutlivesTheAskingOne() {
    let end = Self.now.adding(seconds: 60)
    let ending = book { $0.keys[Self.key]?.expiresAt = end }
    #expect(reason(issue([.admin], to: Self.admin), ending) == .forbidden(.outlivesKey(end)))
    #expect(
      reason(issue([.admin], to: Self.admin, expiresAt: end.adding(seconds: 1)), ending)
        == .forbidden(.outlivesKey(end)))
    #expect(reason(issue([.admin], to: Self.admin, expiresAt: end), ending) == nil)
    #expect(reason(issue([.edit]), ending) == nil)
    let lasting = book {
      $0.keys[Self.key]?.expiresAt = end
      $0.keys[Self.otherKey]?.scopes = [.admin]
    }
    #expect(reason(rotate(Self.otherKey), lasting) == .forbidden(.outlivesKey(end)))
  }

  @Test func aKeyDoesNotRevokeItself() {
    #expect(reason(.revokeKey(Self.team, Self.key, Self.by), book()) == .forbidden(.ownKey))
    #expect(reason(.revokeKey(Self.team, Self.otherKey, Self.by), book()) == nil)
  }
}
