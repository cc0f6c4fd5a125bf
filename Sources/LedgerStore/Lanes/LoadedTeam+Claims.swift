import Ledger

extension LoadedTeam {
  /// What the Idempotency-Key of a hold stands for already, so that nothing may be held; nil: the hold is to be decided.
  ///
  /// A hold whose own record is there is the same command run again: it reads its own outcome back, whatever the key
  /// stands for by now. A key whose record was released for a cause that is not sticky is free for the next one.
  /// - Throws: `idempotencyKeyReused` where the key came with another body; `notAllowed` for a halted team.
  package func repetition(of request: HoldRequest) throws(StoreError) -> RepeatedEdit? {
    guard let claim = request.idempotency, book.records[request.record] == nil,
      let claimed = claims[request.claimID(claim)], let state = book.records[claimed.record]
    else { return nil }
    if book.team.isHalted { throw StoreError(.notAllowed(.teamHalted)) }
    guard claimed.bodyHash == claim.bodyHash else { throw StoreError(.idempotencyKeyReused) }
    switch state.state {
    case .held, .inDoubt, .settled:
      return RepeatedEdit(record: state.id, state: state.state)
    case .released:
      let isSticky = releaseCauses[state.id]?.isSticky ?? true
      return isSticky ? RepeatedEdit(record: state.id, state: state.state) : nil
    case .refused:
      // Its line was pruned, which is done only when the key may be forgotten.
      guard let refusal = state.refusal else { return nil }
      return RepeatedEdit(
        record: state.id, state: state.state,
        refused: RefusedEdit(record: state.id, refusal: refusal, at: state.heldAt, index: state.openedIndex))
    }
  }
}

extension HoldRequest {
  /// Names the key of `claim`, which is the request's own.
  package func claimID(_ claim: IdempotencyClaim) -> ClaimID {
    ClaimID(team: team, member: member, keyDigest: claim.keyDigest)
  }
}
