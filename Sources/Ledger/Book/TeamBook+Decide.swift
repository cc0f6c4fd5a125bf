extension TeamBook {
  /// What `command` comes to on this book. Never changes the book: the caller writes one line for each event and gives
  /// it to `apply`, in order.
  ///
  /// Pure: the same book, command and context give the same decision, and so does a partial book that has what the
  /// command needs. A command that was decided before is recognised by its ids and reports its first outcome without an
  /// event, so that a command whose commit is unknown can be run again (docs/ledger.md, G6). Only a `note` is not: the
  /// book keeps nothing of it.
  ///
  /// Throws where nothing may come of the command; nothing is stored then.
  package func decide(_ command: Command, _ context: DecisionContext) throws(LedgerError) -> Decision {
    try check(context)
    if team.isHalted { throw .notAllowed(.teamHalted) }
    if case .createTeam(let command) = command { return try decideCreation(command) }
    if case .recoverLog(let command) = command { return try decideRecovery(command) }
    guard logSize > 0 else { throw .unknownTeam(team.id) }
    switch command {
    case .createTeam(let command): return try decideCreation(command)
    case .changeTeam(let command): return try decideTeamChange(command, context)
    case .addMember(let command): return try decideAddition(command)
    case .changeMember(let command): return try decideMemberChange(command, context)
    case .issueKey(let command): return try decideIssue(command, context)
    case .rotateKey(let command): return try decideRotation(command, context)
    case .revokeKey(let command): return try decideRevocation(command, context)
    case .hold(let command): return try decideHold(command, context)
    case .settle(let command): return try decideSettlement(command)
    case .release(let command): return try decideRelease(command)
    case .markInDoubt(let command): return try decideDoubt(command)
    case .credit(let command): return try decideCredit(command)
    case .closePeriod(let command): return try decideClosing(command, context)
    case .changeLegalHold(let command): return decideLegalHold(command)
    case .note(let note): return try decideNote(note, context)
    case .recoverLog(let command): return try decideRecovery(command)
    }
  }

  private func check(_ context: DecisionContext) throws(LedgerError) {
    guard context.at >= lastAt, context.at.isWithinLimits else { throw .invalid(field: "at") }
    guard context.month.contains(context.at), context.month.start.isWithinLimits,
      let end = context.month.end, end.isWithinLimits
    else { throw .invalid(field: "month") }
  }
}
