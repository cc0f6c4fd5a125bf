package import Ledger
package import TransparencyLog

/// The upstream did the work, or is taken to have done it: settle the hold.
package struct SettleRequest: Sendable {
  package var team: TeamID
  package var record: RecordID
  /// The upstream's own id of the work.
  package var upstreamUUID: String?
  /// Storage keys of the results; their number is what is charged for.
  package var resultKeys: [String]
  package var temporaryURL: String?
  /// The upstream's responseObject, JSON text.
  package var responseObject: String?
  /// What the upstream says that it cost, where it says so.
  package var upstreamCredit: Credits?
  /// The team's policy charges the hold in full, without anybody knowing what the upstream did.
  package var assumed: Bool

  /// A settlement of the hold of `record`.
  package init(
    team: TeamID, record: RecordID, upstreamUUID: String?, resultKeys: [String], temporaryURL: String?,
    responseObject: String? = nil, upstreamCredit: Credits? = nil, assumed: Bool = false
  ) {
    self.team = team
    self.record = record
    self.upstreamUUID = upstreamUUID
    self.resultKeys = resultKeys
    self.temporaryURL = temporaryURL
    self.responseObject = responseObject
    self.upstreamCredit = upstreamCredit
    self.assumed = assumed
  }
}

/// The upstream provably did not do the work: release the hold.
package struct ReleaseRequest: Sendable {
  package var team: TeamID
  package var record: RecordID
  package var cause: ReleaseCause
  /// What the member is answered, kept with the record: a retry under the same Idempotency-Key is answered the same.
  package var errorCode: String?
  package var errorMessage: String?
  /// HTTP status of the answer, 400 to 599.
  package var errorStatus: Int?
  /// The upstream's own details, where they are passed on.
  package var errorDetails: String?

  /// A release of the hold of `record`.
  package init(
    team: TeamID, record: RecordID, cause: ReleaseCause, errorCode: String? = nil, errorMessage: String? = nil,
    errorStatus: Int? = nil, errorDetails: String? = nil
  ) {
    self.team = team
    self.record = record
    self.cause = cause
    self.errorCode = errorCode
    self.errorMessage = errorMessage
    self.errorStatus = errorStatus
    self.errorDetails = errorDetails
  }
}

/// Nobody can tell whether the upstream did the work: keep the credits held and say so.
package struct InDoubtRequest: Sendable {
  package var team: TeamID
  package var record: RecordID
  package var cause: InDoubtCause
  package var upstreamUUID: String?

  /// A note of doubt on the hold of `record`.
  package init(team: TeamID, record: RecordID, cause: InDoubtCause, upstreamUUID: String? = nil) {
    self.team = team
    self.record = record
    self.cause = cause
    self.upstreamUUID = upstreamUUID
  }
}

/// What became of a hold, committed.
package struct ResolvedEdit: Sendable {
  package var record: RecordID
  /// settled, released or inDoubt. When somebody else resolved the hold first this is their outcome, not the asked one.
  package var state: EditState
  /// The command found the hold resolved already: the first resolution counts. What the command says may have been
  /// added to it as late evidence.
  package var wasResolvedBefore: Bool
  /// Credits charged.
  package var charged: Credits
  /// What the work cost above the charge, and the operator bears: to be alerted.
  package var variance: Credits
  /// Time of the resolving line.
  package var at: Timestamp
  /// Where the line that settled, released or doubted it stands in the log; nil when the hold was in doubt before.
  package var position: LogPosition?
  /// The member's budget after it, of the period that the member is in now.
  package var memberBudget: BudgetView

  /// An outcome with these fields.
  package init(
    record: RecordID, state: EditState, wasResolvedBefore: Bool, charged: Credits, variance: Credits, at: Timestamp,
    position: LogPosition? = nil, memberBudget: BudgetView
  ) {
    self.record = record
    self.state = state
    self.wasResolvedBefore = wasResolvedBefore
    self.charged = charged
    self.variance = variance
    self.at = at
    self.position = position
    self.memberBudget = memberBudget
  }
}

/// Where a line stands: what a receipt is made of.
package struct LogPosition: Sendable, Hashable {
  /// Origin of the log.
  package var log: String
  package var index: Int64
  /// RFC 6962 leaf hash of the line.
  package var leaf: Digest
  /// Time of the line.
  package var at: Timestamp

  /// A position.
  package init(log: String, index: Int64, leaf: Digest, at: Timestamp) {
    self.log = log
    self.index = index
    self.leaf = leaf
    self.at = at
  }
}

/// A budget as people see it.
package struct BudgetView: Sendable, Hashable {
  package var scope: BudgetScope
  /// The subject in the surface's words: the team's id, the user's id, or the key's id.
  package var subject: String
  package var period: Period
  /// Null: no limit.
  package var limit: Credits?
  package var used: Credits
  package var held: Credits
  /// What a new hold may take; null: no limit.
  package var available: Credits?
  /// First moment of the next period; null: the period does not end.
  package var resetsAt: Timestamp?

  /// A budget as people see it.
  package init(
    scope: BudgetScope, subject: String, period: Period, limit: Credits?, used: Credits, held: Credits,
    available: Credits?, resetsAt: Timestamp?
  ) {
    self.scope = scope
    self.subject = subject
    self.period = period
    self.limit = limit
    self.used = used
    self.held = held
    self.available = available
    self.resetsAt = resetsAt
  }
}
