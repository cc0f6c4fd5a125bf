/// `member.suspended`: the member may submit no more edits. Open holds are still settled.
package struct MemberSuspended: Hashable, Sendable {
  /// The member.
  package var member: MemberID

  /// An event for that member.
  package init(member: MemberID) {
    self.member = member
  }
}
