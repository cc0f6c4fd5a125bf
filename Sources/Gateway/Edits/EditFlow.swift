import DequeModule
import Failpoints
package import Ledger
package import LedgerStore
package import Logging
import NIOPosix
package import Upstream

/// Performs what `EditMachine` wants done for one edit after another (docs/architecture.md). It decides nothing itself.
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
    /// The Idempotency-Key that it came with.
    package var idempotency: IdempotencyClaim?
    /// The member as it was before the edit, for an answer at once.
    package var teamUser: TeamUser?

    /// An edit.
    package init(
      record: RecordID, submission: EditSubmission, principal: Principal, clientAddress: String?,
      idempotency: IdempotencyClaim? = nil, teamUser: TeamUser? = nil
    ) {
      self.record = record
      self.submission = submission
      self.principal = principal
      self.clientAddress = clientAddress
      self.idempotency = idempotency
      self.teamUser = teamUser
    }

    /// The request for its hold.
    package var holdRequest: HoldRequest {
      HoldRequest(
        team: principal.team, record: record, member: principal.member, key: principal.key, model: submission.model,
        quality: submission.quality, size: submission.size, n: submission.n, promptObject: submission.promptObject,
        metadata: submission.metadata, isAsync: submission.isAsync, clientAddress: clientAddress,
        userID: principal.userID, idempotency: idempotency)
    }
  }

  /// How edits are submitted to the provider.
  package struct Submission: Sendable, Equatable {
    /// Whether the provider is asked to answer at once, with an id to ask for (`--upstream-mode async`).
    package var isAsync: Bool
    /// How long a provider that has taken an edit is asked for it.
    package var resultTimeout: Duration

    /// Submission in one call.
    package init(isAsync: Bool = false, resultTimeout: Duration = .seconds(300)) {
      self.isAsync = isAsync
      self.resultTimeout = resultTimeout
    }
  }

  private let ledger: any LedgerAccess
  private let provider: any Provider
  private let permit: @Sendable () -> Bool
  private let files: RecoveryFiles?
  private let submission: Submission
  private let budget: RequestBudget
  let meters: EditMeters
  private let clock: GatewayClock
  private let receipts: Receipts

  /// A flow through these.
  ///
  /// - Parameters:
  ///   - permit: asked right before the first byte goes to the provider; false means that nothing is sent
  ///     (docs/ledger.md, G2).
  ///   - files: where dispatch notes and the settlement journal are written; nil only where nothing is to survive.
  ///   - receipts: what signs the receipts of edits.
  package init(
    ledger: any LedgerAccess, provider: any Provider, meters: EditMeters, clock: GatewayClock, budget: RequestBudget,
    submission: Submission = Submission(), files: RecoveryFiles? = nil, receipts: Receipts = Receipts(),
    permit: @escaping @Sendable () -> Bool = { true }
  ) {
    self.ledger = ledger
    self.provider = provider
    self.meters = meters
    self.clock = clock
    self.budget = budget
    self.submission = submission
    self.files = files
    self.receipts = receipts
    self.permit = permit
  }

  /// Takes an edit from its hold to its booking; `answer` is called once, as soon as the client can be told. Every hold
  /// that is taken here is resolved or in doubt when it returns, or stands in the journal. Not to be cancelled: it runs
  /// in a task of its own.
  package func run(
    _ job: Job, _ logger: Logger, answer: @Sendable (Result<RecordAnswer, GatewayError>) -> Void
  ) async {
    var machine = EditMachine(job.holdRequest, resultTimeout: submission.resultTimeout)
    var effects = Deque(machine.handle(.started, now: clock.monotonic()))
    while let effect = effects.popFirst() {
      switch effect {
      case .answer(let told): answer(await self.answer(told, job, logger))
      case .journal(let booking):
        Failpoints.pass(.editBeforeJournal)
        journal(booking, logger)
        Failpoints.pass(.editAfterJournal)
      case .attach(let request): attach(request, logger)
      case .secure: await secure(job.record, logger)
      case .forget:
        Failpoints.pass(.editBeforeForget)
        files?.journal.finish(job.record)
        files?.notes.remove(job.record)
      case .hold, .submit, .pause, .ask, .book:
        let event = await perform(effect, job, logger)
        effects.append(contentsOf: machine.handle(event, now: clock.monotonic()))
      }
    }
  }

  /// What brings the next event.
  private func perform(_ effect: EditMachine.Effect, _ job: Job, _ logger: Logger) async -> EditMachine.Event {
    switch effect {
    case .submit:
      // The provider takes seconds: the receipt need not wait for the announcement of its key then.
      receipts.prepare(job.principal.team)
      return .submitted(await submit(job, logger))
    case .pause(let duration):
      // Nobody cancels an edit's task; if somebody does, the question only comes early.
      try? await Task.sleep(for: duration)
      return .pauseOver
    case .ask(let uuid):
      guard budget.take() else { return .asked(.refused(Refusal(cause: .rateLimited))) }
      return .asked(await provider.result(uuid: uuid))
    case .book(let booking, let patience):
      do throws(StoreError) {
        let booked = try await ledger.book(booking, patience)
        report(booked, logger)
        return .booked(.success(booked))
      } catch {
        meters.count(.notBooked)
        logger.error("What became of an edit is not booked yet.", metadata: ["cause": "\(error)"])
        return .booked(.failure(error))
      }
    default:
      do throws(StoreError) {
        return .holdAnswered(.success(try await ledger.hold(job.holdRequest)))
      } catch {
        return .holdAnswered(.failure(error))
      }
    }
  }

  private func submit(_ job: Job, _ logger: Logger) async -> EditOutcome {
    budget.count()
    let start = clock.monotonic()
    let notes = files?.notes
    let record = job.record
    let edit = EditRequest(
      requestID: record.description, model: job.submission.model, imageUrl: job.submission.imageUrl,
      prompt: job.submission.prompt, size: job.submission.size, n: job.submission.n, quality: job.submission.quality,
      outputFormat: job.submission.outputFormat, outputCompression: job.submission.outputCompression,
      background: job.submission.background, isAsync: submission.isAsync)
    // The note first, the lease last: what is sent is noted, and nothing comes between the lease and the first byte.
    let outcome = await provider.submit(edit) { [permit] in
      guard notes?.add(record) ?? true else { return false }
      Failpoints.pass(.editBeforeFirstByte)
      return permit()
    }
    meters.recordUpstream(clock.monotonic() - start)
    report(outcome, logger)
    return outcome
  }

  private func journal(_ booking: Booking, _ logger: Logger) {
    do {
      try files?.journal.append(booking)
    } catch {
      logger.error("The settlement journal cannot be written.", metadata: ["cause": "\(error)"])
    }
  }

  private func secure(_ record: RecordID, _ logger: Logger) async {
    guard let journal = files?.journal else { return }
    do {
      // Off the event loops and Swift's own threads: a sync may take as long as a disk likes.
      try await NIOThreadPool.singleton.runIfActive { try journal.secure(record) }
    } catch {
      logger.error("The settlement journal cannot be put on the disk.", metadata: ["cause": "\(error)"])
    }
  }

  private func attach(_ request: AttachRequest, _ logger: Logger) {
    Task { [ledger] in
      do throws(StoreError) {
        _ = try await ledger.book(.attach(request), .untilCommitted)
      } catch {
        logger.warning("The provider's id of an edit is not attached.", metadata: ["cause": "\(error)"])
      }
    }
  }
}

extension EditFlow {
  /// What the client is told, and the operator with it.
  private func answer(_ told: EditAnswer, _ job: Job, _ logger: Logger) async -> Result<RecordAnswer, GatewayError> {
    switch told {
    case .refused(let edit):
      meters.count(.refused)
      return .failure(.insufficientCredits(edit, job.principal))
    case .repeated(let edit):
      meters.count(.repeated)
      let answers = StoredAnswers(ledger: ledger, clock: clock, receipts: receipts)
      return await answers.answer(edit, job.principal, isAsync: job.submission.isAsync)
    case .processing(let held):
      guard let teamUser = job.teamUser else { return .failure(.internalFault) }
      return .success(RecordAnswer(record: AIRecord(job.submission, teamUser, processing: held), receipt: nil))
    case .notHeld(let error):
      meters.count(.notHeld)
      logger.warning("An edit got no hold.", metadata: ["cause": "\(error)"])
      return .failure(GatewayError(error))
    case .failed(let error):
      return .failure(error)
    case .charged(let held, let result, let resolved):
      let record = AIRecord(job.submission, job.principal, held: held, result: result, resolved: resolved)
      guard let position = resolved.position else { return .success(RecordAnswer(record: record, receipt: nil)) }
      return .success(
        RecordAnswer(record: record, receipt: await receipts.announcedReceipt(of: position, of: job.principal.team)))
    }
  }
}
