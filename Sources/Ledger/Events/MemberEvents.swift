/// `member.added`: a member joined the team. It is active.
package struct MemberAdded: Hashable, Sendable {
  /// The member.
  package var member: MemberID
  /// What the member may do.
  package var role: MemberRole
  /// The member's limit; nil for none.
  package var limit: Credits?
  /// The period of the member's budget.
  package var period: Period

  /// An event with these fields.
  package init(member: MemberID, role: MemberRole, limit: Credits?, period: Period) {
    self.member = member
    self.role = role
    self.limit = limit
    self.period = period
  }
}

/// What `member.changed` tells of a member, once before and once after.
package struct MemberSettings: Hashable, Sendable {
  /// What the member may do.
  package var role: MemberRole
  /// Whether the member may submit edits.
  package var status: AccountStatus
  /// The period of the member's budget.
  package var period: Period

  /// Settings with these fields.
  package init(role: MemberRole, status: AccountStatus, period: Period) {
    self.role = role
    self.status = status
    self.period = period
  }
}

/// `member.changed`: role or period of a member changed, or its suspension ended. A limit has a line of its own.
package struct MemberChanged: Hashable, Sendable {
  /// The member.
  package var member: MemberID
  /// The settings before.
  package var old: MemberSettings
  /// The settings after.
  package var new: MemberSettings
  /// The member's row whose end the change of period moved; nil when it moved none.
  package var budget: BudgetEndChange?

  /// An event with these fields.
  package init(member: MemberID, old: MemberSettings, new: MemberSettings, budget: BudgetEndChange?) {
    self.member = member
    self.old = old
    self.new = new
    self.budget = budget
  }
}

/// `member.suspended`: the member may submit no more edits. Open holds are still settled.
package struct MemberSuspended: Hashable, Sendable {
  /// The member.
  package var member: MemberID

  /// An event for that member.
  package init(member: MemberID) {
    self.member = member
  }
}
