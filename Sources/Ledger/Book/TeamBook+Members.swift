extension TeamBook {
  /// Adds a member. Run again with the same settings, it reports the member that is there.
  func decideAddition(_ command: AddMemberCommand) throws(LedgerError) -> Decision {
    let added = MemberState(
      id: command.member, role: command.role, limit: command.limit, period: command.period)
    if let known = members[command.member] {
      guard known == added else { throw .alreadyExists(id: command.member.bits) }
      return Decision(.memberAdded(known))
    }
    try TeamBook.check(limit: command.limit)
    let event = MemberAdded(
      member: command.member, role: command.role, limit: command.limit, period: command.period)
    return Decision([.memberAdded(event)], .memberAdded(added))
  }

  /// Changes a member: `member.changed` for role, period and the end of a suspension, `member.suspended` for its
  /// beginning, then `limit.changed`, as far as they change.
  func decideMemberChange(
    _ command: ChangeMemberCommand, _ context: DecisionContext
  ) throws(LedgerError) -> Decision {
    guard let member = members[command.member] else { throw .unknownMember(command.member) }
    var changed = self
    var events: [Event] = []
    let status = command.status.applied(to: member.status)
    let isSuspension = status == .suspended && member.status == .active
    let old = member.settings
    let new = MemberSettings(
      role: command.role.applied(to: old.role), status: isSuspension ? old.status : status,
      period: command.period.applied(to: old.period))
    if new != old {
      let budget = new.period == old.period ? nil : endChange(of: .member(member.id), to: new.period, context)
      let event = Event.memberChanged(MemberChanged(member: member.id, old: old, new: new, budget: budget))
      events.append(event)
      try changed.apply(event, at: context.at)
    }
    if isSuspension {
      let event = Event.memberSuspended(MemberSuspended(member: member.id))
      events.append(event)
      try changed.apply(event, at: context.at)
    }
    let limit = command.limit.applied(to: member.limit)
    if let event = try changed.limitChange(of: .member(member.id), from: member.limit, to: limit, at: context.at) {
      events.append(event)
      try changed.apply(event, at: context.at)
    }
    guard !events.isEmpty, let state = changed.members[member.id] else { return Decision(.unchanged) }
    return Decision(events, .memberChanged(state))
  }
}

extension MemberState {
  /// What `member.changed` tells of it.
  var settings: MemberSettings {
    MemberSettings(role: role, status: status, period: period)
  }
}
