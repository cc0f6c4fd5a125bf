package import Ledger
package import LedgerStore
package import Logging
package import Upstream

/// The way of one edit behind the checks: hold, provider, settle or release or doubt (docs/architecture.md). It decides
/// nothing itself: what follows from what is `EditVerdict`'s.
package struct EditFlow: Sendable {
  /// One edit on its way.
  package struct Job: Sendable {
    /// Id of its record.
    package var record: RecordID
    /// What is asked for.
    package var submission: EditSubmission
    /// By whom.
    package var principal: Principal
    /// From where.
    package var clientAddress: String?

    /// An edit.
    package init(record: RecordID, submission: EditSubmission, principal: Principal, clientAddress: String?) {
      self.record = record
      self.submission = submission
      self.principal = principal
      self.clientAddress = clientAddress
    }

    /// The request for its hold.
    package var holdRequest: HoldRequest {
      HoldRequest(
        team: principal.team, record: record, member: principal.member, key: principal.key, model: submission.model,
        quality: submission.quality, size: submission.size, n: submission.n, promptObject: submission.promptObject,
        metadata: submission.metadata, isAsync: false, clientAddress: clientAddress, userID: principal.userID)
    }

    /// What is sent to the provider.
    package var editRequest: EditRequest {
      EditRequest(
        requestID: record.description, model: submission.model, imageUrl: submission.imageUrl,
        prompt: submission.prompt, size: submission.size, n: submission.n, quality: submission.quality,
        outputFormat: submission.outputFormat, outputCompression: submission.outputCompression,
        background: submission.background)
    }
  }

  private let ledger: any LedgerAccess
  private let provider: any Provider
  private let permit: @Sendable () -> Bool
  private let meters: EditMeters

  /// A flow through these. `permit` is asked right before the first byte goes to the provider; false means that nothing
  /// is sent (docs/ledger.md, G2).
  package init(
    ledger: any LedgerAccess, provider: any Provider, meters: EditMeters,
    permit: @escaping @Sendable () -> Bool = { true }
  ) {
    self.ledger = ledger
    self.provider = provider
    self.meters = meters
    self.permit = permit
  }

  /// Takes an edit from its hold to its answer. Every hold that is taken here is resolved or in doubt when it returns,
  /// or the store goes on trying. Not to be cancelled: it runs in a task of its own.
  package func run(_ job: Job, _ logger: Logger) async -> Result<RecordAnswer, GatewayError> {
    let held: HeldEdit
    do throws(StoreError) {
      switch try await ledger.hold(job.holdRequest) {
      case .held(let edit): held = edit
      case .refused(let edit):
        meters.count(.refused)
        return .failure(.insufficientCredits(edit, job.principal))
      case .repeated(let edit):
        return .failure(.idempotencyInProgress(edit.record, edit.state))
      }
    } catch {
      meters.count(.notHeld)
      logger.warning("An edit got no hold.", metadata: ["cause": "\(error)"])
      return .failure(GatewayError(error))
    }
    let start = ContinuousClock.now
    let outcome = await provider.submit(job.editRequest, permit: permit)
    meters.recordUpstream(ContinuousClock.now - start)
    let verdict = EditVerdict(outcome)
    report(outcome, logger)
    let booking = await book(verdict, job)
    report(booking, logger)
    switch verdict.answer(record: held.record, after: booking) {
    case .failed(let error):
      return .failure(error)
    case .charged(let result, let resolved):
      let record = AIRecord(job.submission, job.principal, held: held, result: result, resolved: resolved)
      return .success(RecordAnswer(record: record, receipt: resolved.position.map(Receipt.init)))
    }
  }

  private func book(_ verdict: EditVerdict, _ job: Job) async -> Result<ResolvedEdit, StoreError> {
    let team = job.principal.team
    do throws(StoreError) {
      switch verdict.step {
      case .settle(let result):
        return .success(
          try await ledger.settle(
            SettleRequest(
              team: team, record: job.record, upstreamUUID: result.uuid, resultKeys: result.resultKeys,
              temporaryURL: result.temporaryURL, responseObject: result.responseObject,
              upstreamCredit: result.credit.map { Credits($0) })))
      case .release(let cause):
        return .success(
          try await ledger.release(
            ReleaseRequest(
              team: team, record: job.record, cause: cause, errorCode: verdict.failure?.code.text,
              errorMessage: verdict.failure?.message)))
      case .doubt(let cause, let uuid):
        return .success(
          try await ledger.markInDoubt(
            InDoubtRequest(team: team, record: job.record, cause: cause, upstreamUUID: uuid)))
      }
    } catch {
      return .failure(error)
    }
  }
}

extension EditFlow {
  /// Counts an outcome, and tells the operator what only the operator can mend. Nothing of the edit itself is logged.
  private func report(_ outcome: EditOutcome, _ logger: Logger) {
    switch outcome {
    case .done: meters.count(.done)
    case .accepted: meters.count(.inDoubt)
    case .unknown(let uncertainty):
      meters.count(.inDoubt)
      logger.warning(
        "An edit is in doubt.",
        metadata: [
          "cause": "\(uncertainty.cause)", "upstream_status": "\(uncertainty.httpStatus.map(String.init) ?? "none")",
        ])
    case .notDone(let refusal):
      switch refusal.cause {
      case .notSent(let unsent):
        meters.count(.notSent)
        logger.warning("The provider could not be reached.", metadata: ["cause": "\(unsent)"])
      case .notPermitted: meters.count(.notSent)
      case .refused: meters.count(.upstreamRefused)
      case .rateLimited: meters.count(.rateLimited)
      case .account:
        meters.count(.upstreamAccount)
        logger.error(
          "The provider refuses the operator's account: look at its key and its credits.",
          metadata: [
            "upstream_status": "\(refusal.httpStatus.map(String.init) ?? "none")",
            "upstream_code": "\(refusal.errorCode ?? "none")",
          ])
      }
    }
  }

  private func report(_ booking: Result<ResolvedEdit, StoreError>, _ logger: Logger) {
    switch booking {
    case .success(let resolved):
      guard resolved.variance > .zero, !resolved.wasResolvedBefore else { return }
      meters.count(variance: resolved.variance)
      logger.error(
        "The provider billed more than was held; the rest is the operator's.",
        metadata: ["variance_credits": "\(resolved.variance)"])
    case .failure(let error):
      meters.count(.notBooked)
      logger.error("What became of an edit is not booked yet.", metadata: ["cause": "\(error)"])
    }
  }
}
