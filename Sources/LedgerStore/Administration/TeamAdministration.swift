package import Ledger

/// What a team's administrator may change with its key, over HTTP. Decided under the team's lock, against the book as it is
/// then: what was admitted at the door may be some seconds old, and two administrators may act at once.
///
/// A pure function of book, command and time. The operator at the command line is not asked.
package enum TeamAdministration {
  /// Throws `notAllowed` or `forbidden` where the command's administrator may not do it.
  package static func check(
    _ command: LaneCommand, in book: TeamBook, at moment: Timestamp
  ) throws(StoreError) {
    guard let keyID = command.teamAdministrator?.key else { return }
    guard let key = book.keys[keyID], let member = book.members[key.member] else {
      throw StoreError(.forbidden(.notAdministrator))
    }
    if let denial = key.denial(at: moment) { throw StoreError(.notAllowed(denial)) }
    guard book.team.status == .active else { throw StoreError(.notAllowed(.teamSuspended)) }
    guard member.status == .active else { throw StoreError(.notAllowed(.memberSuspended)) }
    guard member.role == .admin, key.scopes.contains(.admin) else { throw StoreError(.forbidden(.notAdministrator)) }
    if let denial = denial(of: command, by: key, in: book) { throw StoreError(.forbidden(denial)) }
  }

  private static func denial(
    of command: LaneCommand, by key: KeyState, in book: TeamBook
  ) -> AdministrationDenial? {
    switch command {
    case .changeTeam(_, let change, _): denial(of: change, in: book.team)
    case .changeMember(_, let member, let change, _): denial(of: change, to: member, in: book)
    case .issueKey(let new, _):
      denial(scopes: new.scopes, expiresAt: new.expiresAt, by: key, role: book.members[new.member]?.role)
    // The new key is the old one with another secret, so asking for it must take as much as issuing it.
    case .rotateKey(let rotation, _):
      book.keys[rotation.key].flatMap { denial(scopes: $0.scopes, expiresAt: $0.expiresAt, by: key, role: nil) }
    case .revokeKey(_, let revoked, _): revoked == key.id ? .ownKey : nil
    default: nil
    }
  }

  /// The limit is what the operator has agreed on, with its period; a suspended team could not take that back itself.
  private static func denial(of change: TeamChange, in team: TeamState) -> AdministrationDenial? {
    if change.status != .keep { return .ofOperator(field: "status") }
    if change.period != .keep { return .ofOperator(field: "period") }
    guard case .set(let new) = change.limit, let limit = team.limit else { return nil }
    guard let new, new <= limit else { return .raisesTeamLimit(to: new, from: limit) }
    return nil
  }

  /// Active administrators are loaded for this, or one of them asks.
  private static func denial(
    of change: MemberChange, to member: MemberID, in book: TeamBook
  ) -> AdministrationDenial? {
    guard change.mayEndAdministration else { return nil }
    let isLeft = book.members.values.contains { other in
      other.id != member && other.role == .admin && other.status == .active
    }
    return isLeft ? nil : .lastAdministrator
  }

  private static func denial(
    scopes: KeyScopes, expiresAt: Timestamp?, by key: KeyState, role: MemberRole?
  ) -> AdministrationDenial? {
    let missing = scopes.subtracting(key.scopes)
    guard missing.isEmpty else { return .scopesBeyondKey(missing) }
    if let role {
      let excess = scopes.subtracting(role.defaultScopes)
      guard excess.isEmpty else { return .scopesBeyondRole(excess, role) }
    }
    guard scopes.contains(.admin), let end = key.expiresAt else { return nil }
    return expiresAt.map { $0 <= end } ?? false ? nil : .outlivesKey(end)
  }
}

extension MemberChange {
  /// Whether it takes a role of ADMIN, or an active administrator's status.
  var mayEndAdministration: Bool {
    if case .set(let role) = role, role != .admin { return true }
    if case .set(let status) = status, status != .active { return true }
    return false
  }
}

extension LaneCommand {
  /// Who asks for a change of the team with a key; nil at the command line, and for what is no such change.
  package var teamAdministrator: Administrator? {
    switch self {
    case .changeTeam(_, _, let administrator), .addMember(_, let administrator),
      .changeMember(_, _, _, let administrator), .issueKey(_, let administrator), .rotateKey(_, let administrator),
      .revokeKey(_, _, let administrator):
      administrator.key == nil ? nil : administrator
    default: nil
    }
  }

  /// Whether all active administrators of the team must be known to decide it.
  var needsAdministrators: Bool {
    guard case .changeMember(_, _, let change, _) = self else { return false }
    return teamAdministrator != nil && change.mayEndAdministration
  }
}
