package import Ledger

/// What an edit would cost, and whether it would be admitted.
package struct Estimate: Sendable, Hashable {
  /// Credits that its hold would take.
  package var credits: Credits
  /// The first budget that has no room for it; nil: it would be admitted.
  package var refusedBy: BudgetView?

  /// An estimate.
  package init(credits: Credits, refusedBy: BudgetView?) {
    self.credits = credits
    self.refusedBy = refusedBy
  }

  /// What the ledger said to a hold that is not written.
  init(_ outcome: Outcome, userID: String, key: KeyID) {
    switch outcome {
    case .refused(let refusal):
      let subject =
        switch refusal.scope {
        case .team: "\(TeamID(bits: refusal.subject))"
        case .member: userID
        case .key: "\(key)"
        }
      self.init(credits: refusal.needed, refusedBy: BudgetView(refusal, subject: subject))
    case .held(let record):
      self.init(credits: record.held, refusedBy: nil)
    default:
      // The record's id is new, so a hold has no other outcome.
      self.init(credits: .zero, refusedBy: nil)
    }
  }
}

extension BudgetView {
  /// The budget that refused an edit, under the subject's name in the surfaces.
  package init(_ refusal: Refusal, subject: String) {
    self.init(
      scope: refusal.scope, subject: subject, period: refusal.period, limit: refusal.limit, used: refusal.used,
      held: refusal.held, available: refusal.available, resetsAt: refusal.resetsAt)
  }
}

extension TeamBook {
  /// As much of a team's book as a hold of this member with this key needs.
  init(team: TeamRow, member: MemberRow, key: KeyRow) {
    let view = team.view
    self = .empty(teamID: view.id, origin: view.logOrigin)
    self.team = TeamState(
      id: view.id, status: view.status, limit: view.limit, period: view.period, timeZone: view.timeZone,
      inDoubtChargeAfterSeconds: view.inDoubtChargeSeconds, isHalted: view.isHalted)
    logSize = view.logSize
    members[member.view.id] = MemberState(
      id: member.view.id, role: member.view.role, status: member.view.status, limit: member.view.limit,
      period: member.current.period)
    keys[key.view.id] = KeyState(
      id: key.view.id, member: key.view.member, budgetSubject: key.budgetSubject, limit: key.view.limit,
      period: key.view.period, scopes: key.view.scopes, expiresAt: key.view.expiresAt,
      revokedAt: key.view.revokedAt, ratePerMinute: key.view.ratePerMinute)
    for row in [team.newest, member.current.newest, key.current.newest] {
      if let row { budgets[row.id] = row }
    }
  }
}
