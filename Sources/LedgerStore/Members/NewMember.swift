package import Ledger

/// A member to be added to a team.
package struct NewMember: Sendable {
  package var team: TeamID
  package var id: MemberID
  /// The administrator's own id of the user, unique in the team: 1 to 128 of `A-Z a-z 0-9 . _ @ + -`.
  package var userID: String
  package var userName: String
  package var userAvatar: String?
  package var role: MemberRole
  package var limit: Credits?
  package var period: Period

  /// A member without a limit, by calendar months.
  package init(
    team: TeamID, id: MemberID, userID: String, userName: String, userAvatar: String? = nil, role: MemberRole = .member,
    limit: Credits? = nil, period: Period = .month
  ) {
    self.team = team
    self.id = id
    self.userID = userID
    self.userName = userName
    self.userAvatar = userAvatar
    self.role = role
    self.limit = limit
    self.period = period
  }
}

/// What is to be changed of a member.
package struct MemberChange: Sendable {
  package var role: Change<MemberRole>
  package var status: Change<AccountStatus>
  package var limit: Change<Credits?>
  /// Takes effect with the next period.
  package var period: Change<Period>

  /// A change of what is named and of nothing else.
  package init(
    role: Change<MemberRole> = .keep, status: Change<AccountStatus> = .keep, limit: Change<Credits?> = .keep,
    period: Change<Period> = .keep
  ) {
    self.role = role
    self.status = status
    self.limit = limit
    self.period = period
  }
}
