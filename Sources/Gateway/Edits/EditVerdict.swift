import HTTPTypes
package import Ledger
package import LedgerStore
package import Upstream

/// What follows from the provider's outcome of an edit: what the ledger is told, and what the member is answered once
/// that is committed. A pure function of the outcome (docs/ledger.md, what happened and what is known).
package struct EditVerdict: Sendable, Equatable {
  /// What the ledger is told.
  package enum Step: Sendable, Equatable {
    /// The work was done: charge it.
    case settle(EditResult)
    /// The work was provably not done: give the credits back.
    case release(ReleaseCause)
    /// Nobody can tell: keep the credits held.
    case doubt(InDoubtCause, upstreamUUID: String?)
  }

  /// What the ledger is told.
  package var step: Step
  /// What the member is answered; nil where the work was done.
  package var failure: EditFailure?

  /// What follows from `outcome`.
  package init(_ outcome: EditOutcome) {
    switch outcome {
    case .done(let result):
      step = .settle(result)
    case .accepted(let uuid):
      // Asked for synchronously, and answered as if it had not been: the work may be going on.
      step = .doubt(.timedOut, upstreamUUID: uuid)
      failure = .timedOut
    case .unknown(let uncertainty):
      switch uncertainty.cause {
      case .timedOut:
        step = .doubt(.timedOut, upstreamUUID: nil)
        failure = .timedOut
      case .reset:
        step = .doubt(.upstreamUnknown, upstreamUUID: nil)
        failure = .timedOut
      case .serverError, .unparseable, .tooLarge, .unexpectedStatus:
        step = .doubt(.upstreamUnknown, upstreamUUID: nil)
        failure = .undecided
      }
    case .notDone(let refusal):
      step = .release(EditVerdict.cause(of: refusal))
      failure = EditFailure(refusal)
    }
  }

  private static func cause(of refusal: Upstream.Refusal) -> ReleaseCause {
    switch refusal.cause {
    case .notSent: .notSent
    case .notPermitted: .withdrawn
    case .refused: .upstreamRefused
    case .account: .upstreamAccount
    case .rateLimited: .rateLimited
    }
  }
}

extension EditVerdict {
  /// What is booked. A failure's words go with a release, for retries.
  package func booking(team: TeamID, record: RecordID, upstreamUUID: String?) -> Booking {
    switch step {
    case .settle(let result):
      .settle(
        SettleRequest(
          team: team, record: record, upstreamUUID: result.uuid, resultKeys: result.resultKeys,
          temporaryURL: result.temporaryURL, responseObject: result.responseObject,
          upstreamCredit: result.credit.map { Credits($0) }))
    case .release(let cause):
      .release(
        ReleaseRequest(
          team: team, record: record, cause: cause, errorCode: failure?.code.text, errorMessage: failure?.message,
          errorStatus: failure.map { Int($0.status.code) }, errorDetails: failure?.upstreamDetails))
    case .doubt(let cause, let uuid):
      .doubt(InDoubtRequest(team: team, record: record, cause: cause, upstreamUUID: uuid ?? upstreamUUID))
    }
  }

  /// What the member is answered, given what the ledger made of the booking. Pure.
  ///
  /// A success is only told after its commit (docs/ledger.md, G6). A release or a doubt that could not be committed in
  /// time is tried on by the store, so its state is told as in doubt: that is all that is known of it.
  package func answer(_ held: HeldEdit, after booking: Result<ResolvedEdit, StoreError>) -> EditAnswer {
    let record = held.record
    switch (step, booking) {
    case (.settle(let result), .success(let resolved)):
      if resolved.state == .settled { return .charged(held, result, resolved) }
      // Somebody resolved the hold first, without a charge: that counts.
      return .failed(EditFailure.resolvedElsewhere.error(record: record, state: resolved.state))
    case (.settle, .failure(let error)):
      guard case .unavailable = error.reason else {
        return .failed(EditFailure.notBooked.error(record: record, state: .inDoubt))
      }
      return .failed(EditFailure.notBookedYet.error(record: record, state: .inDoubt))
    case (_, .success(let resolved)):
      return .failed((failure ?? .undecided).error(record: record, state: resolved.state))
    case (_, .failure):
      return .failed((failure ?? .undecided).error(record: record, state: .inDoubt))
    }
  }
}
