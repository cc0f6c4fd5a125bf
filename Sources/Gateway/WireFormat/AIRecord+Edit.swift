package import Ledger
package import LedgerStore
package import Upstream

extension AIRecord {
  /// The record of an edit that was just charged.
  package init(
    _ submission: EditSubmission, _ principal: Principal, held: HeldEdit, result: EditResult, resolved: ResolvedEdit
  ) {
    uuid = held.record
    team = principal.team
    userID = principal.userID
    teamUser = TeamUser(principal, budget: resolved.memberBudget)
    model = submission.model
    metadata = AIRecord.metadata(caller: submission.metadata, credit: resolved.charged, isAssumed: false)
    rating = nil
    feedback = nil
    status = .success
    createdAt = held.at
    promptObject = submission.promptObject
    resultKeys = result.resultKeys
    responseObject = result.responseObject
    temporaryURL = result.temporaryURL
  }

  /// The record of an edit that has just begun, for a client that asked for an answer at once.
  package init(_ submission: EditSubmission, _ teamUser: TeamUser, processing held: HeldEdit) {
    uuid = held.record
    team = teamUser.team
    userID = teamUser.userID
    self.teamUser = teamUser
    model = submission.model
    metadata = AIRecord.metadata(caller: submission.metadata, credit: nil, isAssumed: false)
    rating = nil
    feedback = nil
    status = .processing
    createdAt = held.at
    promptObject = submission.promptObject
    resultKeys = []
    responseObject = "{}"
    temporaryURL = nil
  }

  /// A stored record, as `teamUser` is now; `now` decides whether its presigned address is still worth showing.
  package init(_ stored: StoredRecord, teamUser: TeamUser, now: Timestamp) {
    uuid = stored.record
    team = stored.team
    userID = stored.userID
    self.teamUser = teamUser
    model = stored.model
    let credit = stored.state == .settled ? stored.charged : nil
    metadata = AIRecord.metadata(
      caller: stored.metadata, credit: credit, isAssumed: stored.assumed, isErased: stored.erasedAt != nil)
    rating = stored.rating
    feedback = stored.feedback
    status = Status(stored.state)
    createdAt = stored.createdAt
    promptObject = stored.promptObject
    resultKeys = stored.resultKeys ?? []
    responseObject = stored.responseObject ?? "{}"
    let expiry = (stored.resolvedAt ?? stored.createdAt).adding(seconds: AIRecord.temporaryURLSeconds)
    temporaryURL = now < expiry ? stored.temporaryURL : nil
  }
}

extension AIRecord.Status {
  /// How the Feature API tells a state. It knows no refusal for lack of credits, so that is a failure there.
  package init(_ state: EditState) {
    switch state {
    case .held, .inDoubt: self = .processing
    case .settled: self = .success
    case .released, .refused: self = .failure
    }
  }
}
