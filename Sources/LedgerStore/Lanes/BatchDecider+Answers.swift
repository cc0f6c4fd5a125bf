package import Ledger

/// What the callers are told.
extension BatchDecider {
  /// The answer that an outcome of the book comes to.
  func answer(
    _ outcome: Outcome, to command: LaneCommand, in team: LoadedTeam, at: Timestamp
  ) throws(StoreError) -> LaneAnswer {
    switch outcome {
    case .held(let state):
      return .held(HeldEdit(record: state.id, amount: state.held, at: state.heldAt, index: state.openedIndex))
    case .refused(let refusal):
      guard let state = team.book.records[refusal.record] else { throw StoreError(.database) }
      return .refused(
        RefusedEdit(record: state.id, refusal: refusal, at: state.heldAt, index: state.openedIndex))
    case .settled(let state, let variance):
      return .resolved(resolved(state, variance: variance, before: false, in: team, at: at))
    case .released(let state), .inDoubt(let state), .credited(let state):
      return .resolved(resolved(state, variance: .zero, before: false, in: team, at: at))
    case .evidence(let state, let variance):
      return .resolved(resolved(state, variance: variance, before: true, in: team, at: at))
    case .alreadyResolved(let state):
      return .resolved(resolved(state, variance: .zero, before: true, in: team, at: at))
    case .teamCreated, .teamChanged, .memberAdded, .memberChanged, .keyIssued, .keyRotated, .keyRevoked, .periodClosed:
      return .done
    case .unchanged: return .unchanged
    case .noted:
      return .noted(index: team.book.logSize - 1)
    }
  }

  private func resolved(
    _ state: RecordState, variance: Credits, before: Bool, in team: LoadedTeam, at: Timestamp
  ) -> ResolvedEdit {
    let position = team.positions[state.id]
    return ResolvedEdit(
      record: state.id, state: state.state, wasResolvedBefore: before, charged: state.charged, variance: variance,
      at: position?.at ?? at, position: position, memberBudget: memberBudget(of: state, in: team, at: at))
  }

  /// The member's budget of the period that `at` lies in. Where that period has no row yet nothing is used in it.
  private func memberBudget(of state: RecordState, in team: LoadedTeam, at: Timestamp) -> BudgetView {
    let subject = BudgetSubject.member(state.member)
    let newest = team.book.budgets.newest(of: subject)
    let member =
      team.book.members[state.member]
      ?? MemberState(id: state.member, limit: newest?.limit, period: newest?.id.period ?? .month)
    let budget = team.book.budget(
      of: subject, limit: member.limit, period: member.period, at: at,
      month: environment.month(at, team.book.team.timeZone))
    return BudgetView(budget, subject: "\(state.member)")
  }
}

extension BudgetView {
  /// The view of a row under the subject's own name.
  package init(_ budget: Budget, subject: String) {
    self.init(
      scope: budget.id.scope, subject: subject, period: budget.id.period, limit: budget.limit, used: budget.used,
      held: budget.held, available: budget.available, resetsAt: budget.end)
  }
}
