/// Creates the team whose book it is given to.
package struct CreateTeamCommand: Hashable, Sendable {
  /// The team-wide limit; nil for none.
  package var limit: Credits?
  /// The period of the team's budget.
  package var period: Period
  /// The IANA name of the team's time zone, checked outside.
  package var timeZone: String
  /// After how many seconds an edit in doubt is charged by assumption; nil for never.
  package var inDoubtChargeAfterSeconds: Int64?

  /// A command with these settings; the defaults are those of the command line (docs/command-line.md).
  package init(
    limit: Credits? = nil, period: Period = .month, timeZone: String = "UTC",
    inDoubtChargeAfterSeconds: Int64? = TeamState.defaultInDoubtChargeAfterSeconds
  ) {
    self.limit = limit
    self.period = period
    self.timeZone = timeZone
    self.inDoubtChargeAfterSeconds = inDoubtChargeAfterSeconds
  }
}

/// Changes settings of the team. A change of zone or period takes effect with the next period, one of the limit at
/// once.
package struct ChangeTeamCommand: Hashable, Sendable {
  /// Suspends the team or lets it go on.
  package var status: Change<AccountStatus>
  /// The team-wide limit.
  package var limit: Change<Credits?>
  /// The period of the team's budget.
  package var period: Change<Period>
  /// The IANA name of the time zone, checked outside.
  package var timeZone: Change<String>
  /// After how many seconds an edit in doubt is charged by assumption.
  package var inDoubtChargeAfterSeconds: Change<Int64?>

  /// A command that changes what is given and keeps the rest.
  package init(
    status: Change<AccountStatus> = .keep, limit: Change<Credits?> = .keep, period: Change<Period> = .keep,
    timeZone: Change<String> = .keep, inDoubtChargeAfterSeconds: Change<Int64?> = .keep
  ) {
    self.status = status
    self.limit = limit
    self.period = period
    self.timeZone = timeZone
    self.inDoubtChargeAfterSeconds = inDoubtChargeAfterSeconds
  }
}

/// Adds a member to the team.
package struct AddMemberCommand: Hashable, Sendable {
  /// The new member's id.
  package var member: MemberID
  /// What the member may do.
  package var role: MemberRole
  /// The member's limit; nil for none.
  package var limit: Credits?
  /// The period of the member's budget.
  package var period: Period

  /// A command with these settings; the defaults are those of the command line (docs/command-line.md).
  package init(member: MemberID, role: MemberRole = .member, limit: Credits? = nil, period: Period = .month) {
    self.member = member
    self.role = role
    self.limit = limit
    self.period = period
  }
}

/// Changes settings of a member. A change of period takes effect with the next period, one of the limit at once.
package struct ChangeMemberCommand: Hashable, Sendable {
  /// The member.
  package var member: MemberID
  /// What the member may do.
  package var role: Change<MemberRole>
  /// Suspends the member or lets it go on.
  package var status: Change<AccountStatus>
  /// The member's limit.
  package var limit: Change<Credits?>
  /// The period of the member's budget.
  package var period: Change<Period>

  /// A command that changes what is given and keeps the rest.
  package init(
    member: MemberID, role: Change<MemberRole> = .keep, status: Change<AccountStatus> = .keep,
    limit: Change<Credits?> = .keep, period: Change<Period> = .keep
  ) {
    self.member = member
    self.role = role
    self.status = status
    self.limit = limit
    self.period = period
  }
}
