import Ledger
package import LedgerStore
package import Logging
import Metrics
import ServiceLifecycle
package import Upstream

/// Performs what `RecoveryMachine` wants done, for as long as the gateway runs. It decides nothing itself.
///
/// It must stop after the server: the lease has to run while the last edits are sent.
package actor RecoveryService: Service {
  /// What recovery works with.
  package struct Parts: Sendable {
    /// The ledger's store.
    package var ledger: any RecoveryLedger
    /// Who is asked for edits in doubt.
    package var provider: any Provider
    /// The gateway's own folder.
    package var files: RecoveryFiles
    /// Until when this run may send.
    package var lease: Lease
    /// How many requests the provider's account takes.
    package var budget: RequestBudget
    /// The time.
    package var clock: GatewayClock
    /// Where the metrics go.
    package var registry: PrometheusRegistry
    /// Where it tells what it does.
    package var logger: Logger

    /// Parts.
    package init(
      ledger: any RecoveryLedger, provider: any Provider, files: RecoveryFiles, lease: Lease, budget: RequestBudget,
      clock: GatewayClock = .system, registry: PrometheusRegistry, logger: Logger
    ) {
      self.ledger = ledger
      self.provider = provider
      self.files = files
      self.lease = lease
      self.budget = budget
      self.clock = clock
      self.registry = registry
      self.logger = logger
    }
  }

  private let parts: Parts
  private let settings: RecoverySettings
  private var machine: RecoveryMachine
  private var isStopping = false

  /// Recovery that has not begun.
  package init(_ settings: RecoverySettings, _ parts: Parts) {
    self.settings = settings
    self.parts = parts
    machine = RecoveryMachine(settings)
  }

  /// Enters this run with its lease: from then on edits may be sent. The run's notes are on the disk already.
  /// - Throws: `StoreError`.
  package func begin(bootID: String) async throws(StoreError) {
    let sentAt = parts.clock.monotonic()
    try await parts.ledger.beginInstance(bootID: bootID, lease: settings.lease)
    parts.lease.extend(until: sentAt + settings.lease)
  }

  /// Recovers until a graceful shutdown or a cancellation; then ends the lease, so that nobody waits for it.
  /// - Throws: `FileFault` where the folder cannot be read.
  package func run() async throws {
    handle(.began(try parts.files.leftovers()))
    let interval = settings.tickInterval
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await self.handle(.tick)
        // Ends early when the service is to stop; then nothing is left to wait for.
        try? await Task.sleep(for: interval)
      }
    }
    isStopping = true
    parts.lease.revoke()
    let isClean = parts.files.close()
    if !isClean { parts.logger.warning("Some edits are not booked; the next start goes on with them.") }
    do throws(StoreError) {
      try await parts.ledger.endInstance(parts.files.instance)
    } catch {
      parts.logger.notice("The lease could not be ended; it runs out by itself.", metadata: ["cause": "\(error)"])
    }
  }

  /// Whether nothing is left of earlier runs on this machine.
  package var isThroughWithEarlierRuns: Bool { machine.isThroughWithEarlierRuns }

  private func handle(_ event: RecoveryEvent) {
    guard !isStopping else { return }
    for effect in machine.handle(event, now: parts.clock.monotonic()) { perform(effect) }
  }

  private func perform(_ effect: RecoveryEffect) {
    switch effect {
    case .extendLease(let moment): parts.lease.extend(until: moment)
    case .removeJournal(let name): parts.files.remove(journal: name)
    case .alert(let alert): report(alert)
    default:
      Task {
        if let event = await answer(to: effect) { handle(event) }
      }
    }
  }

  /// Asks the store or the provider; what fails is told as nil, since the machine tries again.
  private func answer(to effect: RecoveryEffect) async -> RecoveryEvent? {
    let (ledger, settings) = (parts.ledger, settings)
    switch effect {
    case .renew(let sentAt):
      return .renewed(await optional { try await ledger.renewInstance(lease: settings.lease) }, sentAt: sentAt)
    case .findAll:
      return .foundAll(await optional { try await ledger.allHeldEdits() })
    case .sweep(let from):
      return .swept(
        await optional { try await ledger.heldEdits(from: from, lag: settings.lag, limit: settings.lookLimit) })
    case .look(let names):
      return .looked(await optional { try await ledger.stillHeld(names) })
    case .findDoubts(let run):
      return .foundDoubts(of: run, await optional { try await ledger.doubts(of: run, limit: settings.lookLimit) })
    case .findDue:
      return .foundDue(await optional { try await ledger.dueDoubts(limit: settings.doubtLimit) })
    case .claim(let doubt, let step, let moment):
      return .claimed(
        doubt, for: step, await optional { try await ledger.postpone(doubt, until: moment) } ?? false)
    case .ask(let doubt):
      guard let uuid = doubt.upstreamUUID, parts.budget.take() else { return nil }
      return .asked(doubt, await parts.provider.result(uuid: uuid))
    case .forget(let doubt):
      _ = await optional { try await ledger.forget(doubt) }
      return nil
    case .book(let booking):
      return .booked(booking, await book(booking))
    case .removeNotes(let run):
      parts.files.remove(notesOf: run)
      _ = await optional { try await ledger.endInstance(run) }
      return nil
    case .prune:
      _ = await optional { try await ledger.pruneOldRows() }
      return .pruned
    case .extendLease, .removeJournal, .alert: return nil
    }
  }

  private func optional<Value: Sendable>(
    _ body: () async throws -> Value
  ) async -> Value? {
    do {
      return try await body()
    } catch {
      parts.logger.debug("recovery could not ask the database", metadata: ["cause": "\(error)"])
      return nil
    }
  }

  private func book(_ booking: RecoveryBooking) async -> Result<BookingAnswer, StoreError> {
    do throws(StoreError) {
      if try await isAdmittedLoss(booking) { throw StoreError(.unknownHold(booking.booking.record)) }
      let answer = try await parts.ledger.book(booking.booking, .untilCommitted)
      report(booking, answer)
      return .success(answer)
    } catch {
      parts.logger.warning(
        "Recovery could not book an edit.",
        metadata: ["record": "\(booking.booking.record)", "reason": "\(booking.reason.word)", "cause": "\(error)"])
      return .failure(error)
    }
  }
}

extension RecoveryService {
  /// Whether a charge in a journal is of an edit that was lost with a log which another took the place of. Its booking
  /// would halt that log as it did the old one; it is refused, so that the journal stays and an operator is told.
  private func isAdmittedLoss(_ booking: RecoveryBooking) async throws(StoreError) -> Bool {
    guard case .journal = booking.reason, case .settle = booking.booking else { return false }
    return try await parts.ledger.isLossAdmitted(of: booking.booking.record, team: booking.booking.team)
  }
}

// MARK: - Reports

extension RecoveryService {
  private func report(_ booking: RecoveryBooking, _ answer: BookingAnswer) {
    guard case .resolved(let edit) = answer, !edit.wasResolvedBefore else { return }
    Counter(
      label: "tally_recovered_edits", dimensions: [("reason", booking.reason.word), ("state", edit.state.rawValue)],
      factory: parts.registry
    ).increment()
    parts.logger.notice(
      "Recovery has booked an edit.",
      metadata: [
        "record": "\(edit.record)", "reason": "\(booking.reason.word)", "state": "\(edit.state.rawValue)",
        "charged": "\(edit.charged)",
      ])
  }

  private func report(_ alert: RecoveryAlert) {
    switch alert {
    case .unreadableJournal(let name, let lines):
      parts.logger.error(
        "Lines of an earlier run's journal cannot be read; what they told is found in doubt.",
        metadata: ["file": "\(name)", "lines": "\(lines)"])
    case .unknownRun:
      parts.logger.critical("The database does not know this run of the gateway any more; nothing is sent.")
    case .journalRefused(let record):
      parts.logger.critical(
        "A booking of an earlier run's journal is refused; its file stays.", metadata: ["record": "\(record)"])
    }
  }
}

extension RecoveryBooking.Reason {
  /// The reason in a word, for logs and metrics.
  var word: String {
    switch self {
    case .journal: "journal"
    case .notes: "notes"
    case .abandoned: "abandoned"
    case .upstream: "upstream"
    case .policy: "policy"
    }
  }
}
