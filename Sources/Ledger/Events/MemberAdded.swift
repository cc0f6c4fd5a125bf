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
