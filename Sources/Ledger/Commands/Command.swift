/// What somebody wants of a team's books. All ids come in with it, so that the same command run again is recognised.
package enum Command: Hashable, Sendable {
  /// Creates the team.
  case createTeam(CreateTeamCommand)
  /// Changes the team's settings.
  case changeTeam(ChangeTeamCommand)
  /// Adds a member.
  case addMember(AddMemberCommand)
  /// Changes a member's settings, or suspends it.
  case changeMember(ChangeMemberCommand)
  /// Issues a key.
  case issueKey(IssueKeyCommand)
  /// Replaces a key by a new one, with an overlap.
  case rotateKey(RotateKeyCommand)
  /// Revokes a key.
  case revokeKey(RevokeKeyCommand)
  /// Holds the credits of an edit, or refuses it.
  case hold(HoldCommand)
  /// Charges an edit.
  case settle(SettleCommand)
  /// Gives an edit's credits back uncharged.
  case release(ReleaseCommand)
  /// Notes that nobody knows what became of an edit.
  case markInDoubt(MarkInDoubtCommand)
  /// Gives back some of what an edit was charged.
  case credit(CreditCommand)
  /// Closes a calendar month.
  case closePeriod(ClosePeriodCommand)
  /// Places or lifts a legal hold.
  case changeLegalHold(ChangeLegalHoldCommand)
  /// Notes in the log what happened beside the books.
  case note(Note)
  /// Opens a log in the place of a damaged one.
  case recoverLog(RecoverLogCommand)
}

/// A part of a change command: leave a setting as it is, or set it, be it to nil.
package enum Change<Value: Hashable & Sendable>: Hashable, Sendable {
  /// The setting stays.
  case keep
  /// The setting becomes this value.
  case set(Value)

  /// The setting after the change.
  package func applied(to current: Value) -> Value {
    switch self {
    case .keep: current
    case .set(let value): value
    }
  }
}
