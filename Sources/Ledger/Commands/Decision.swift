/// What a command comes to: the events to append and apply in this order, and what to tell the caller.
package struct Decision: Equatable, Sendable {
  /// The events; none when the command was a repetition or changes nothing.
  package var events: [Event]
  /// What to tell the caller, as of after the events.
  package var outcome: Outcome

  init(_ events: [Event], _ outcome: Outcome) {
    self.events = events
    self.outcome = outcome
  }

  /// A repetition, or a change that changes nothing.
  init(_ outcome: Outcome) {
    self.init([], outcome)
  }
}

/// What to tell the caller of a command.
package enum Outcome: Equatable, Sendable {
  /// The credits are held.
  case held(RecordState)
  /// A budget has no room.
  case refused(Refusal)
  /// The edit was charged; `variance` is what it cost above the hold, which the operator bears.
  case settled(RecordState, variance: Credits)
  /// The credits were given back.
  case released(RecordState)
  /// The edit is in doubt, its credits stay held.
  case inDoubt(RecordState)
  /// Some of the charge was given back.
  case credited(RecordState)
  /// The edit had been settled or released without proof, and now it is known what the upstream did; `variance` is what
  /// the work cost above the charge, which the operator bears. A repetition reports `alreadyResolved`.
  case evidence(RecordState, variance: Credits)
  /// The edit was settled, released or refused before: the first resolution wins, and this is it.
  case alreadyResolved(RecordState)
  /// The team exists.
  case teamCreated(TeamState)
  /// The team's settings are these.
  case teamChanged(TeamState)
  /// The member exists.
  case memberAdded(MemberState)
  /// The member's settings are these.
  case memberChanged(MemberState)
  /// The key exists.
  case keyIssued(KeyState)
  /// The new key exists; `replaced` is the old one.
  case keyRotated(KeyState, replaced: KeyState)
  /// The key no longer works.
  case keyRevoked(KeyState)
  /// The team's periods are closed up to this moment.
  case periodClosed(through: Timestamp)
  /// It stands in the log.
  case noted
  /// The command changes nothing, so no line was appended.
  case unchanged
}
