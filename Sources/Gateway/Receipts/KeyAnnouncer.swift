package import Ledger
import LedgerStore
package import Logging
import ServiceLifecycle
import Synchronization

/// Puts the keys that sign heads and receipts into each team's log, once: `log.key_announced` (docs/audit.md, keys).
///
/// All logs are gone through at the start, slowly, and then every few minutes; a team that has an edit before its turn, is
/// new, or has a new log after a loss is announced while its edit is at work. The operator's log announces the keys of heads
/// alone, since nobody gets a receipt for one of its lines. A failure hinders nothing but the announcement, which the next
/// edit or look tries again.
package final class KeyAnnouncer: Service {
  /// How it goes about it.
  package struct Settings: Sendable {
    /// Teams of one question.
    package var pageSize = 500
    /// Time between two teams that lack a key: at most 50 a second, beside the edits.
    package var pace = Duration.milliseconds(20)
    /// Time until what failed is tried again.
    package var retryPause = Duration.seconds(60)
    /// Time between two looks over all logs: those that were made or recovered meanwhile, and have no edit, are announced
    /// then. Two look-ups for each page of teams.
    package var lookPause = Duration.seconds(300)
    /// How long an answer waits for its team's announcement, at most: some commits, also of a busy database.
    package var patience = Duration.seconds(1)

    /// The settings that serve.
    package init() {}
  }

  private struct State {
    var teams = AnnouncedTeams()
    /// Announcements that are under way: one for each team, however many edits it has.
    var running: [TeamID: Task<Void, Never>] = [:]
  }

  private let keys: [LogKeyAnnounced]
  private let ledger: any AnnouncementLedger
  private let clock: GatewayClock
  private let settings: Settings
  private let logger: Logger
  private let state = Mutex(State())

  /// An announcer of `keys`.
  package init(
    _ keys: [LogKeyAnnounced], ledger: any AnnouncementLedger, clock: GatewayClock, settings: Settings = Settings(),
    logger: Logger
  ) {
    self.keys = keys
    self.ledger = ledger
    self.clock = clock
    self.settings = settings
    self.logger = logger
  }

  /// Goes through all logs, again and again until the end of the gateway: a service that returns ends it.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await self.announceAll()
        try? await Task.sleep(for: self.settings.lookPause)
      }
    }
  }

  /// Goes through all logs, and again through those that failed, until all are done or the task is cancelled.
  package func announceAll() async {
    while !Task.isCancelled, !keys.isEmpty {
      if await announceOnce() { return }
      try? await Task.sleep(for: settings.retryPause)
    }
  }

  /// Goes through all logs; false where something failed.
  private func announceOnce() async -> Bool {
    var after: TeamID?
    var isDone = await announceInOperatorLog()
    while !Task.isCancelled {
      let page: LogKeyPage
      do throws(StoreError) {
        page = try await ledger.logKeyPage(keys, after: after, limit: settings.pageSize)
      } catch {
        logger.debug("The logs' keys could not be asked for.", metadata: ["cause": "\(error)"])
        return false
      }
      state.withLock { state in
        state.teams.learn(page.announced)
        state.teams.forget(page.lacking)
      }
      for team in page.lacking where !Task.isCancelled {
        await begin(team)?.value
        isDone = state.withLock { $0.teams.isAnnounced(team) } && isDone
        try? await Task.sleep(for: settings.pace)
      }
      guard let next = page.next else { break }
      after = next
    }
    return isDone
  }

  /// Announces the keys of heads in the operator's log; false where that failed.
  private func announceInOperatorLog() async -> Bool {
    let heads = keys.filter { $0.use == .checkpoint }
    guard !heads.isEmpty else { return true }
    do throws(StoreError) {
      _ = try await ledger.announceInOperatorLog(heads)
      return true
    } catch {
      // Halted, it takes no line until it is recovered, which a later look finds.
      if case .notAllowed = error.reason { return true }
      logger.debug("The keys are not announced in the operator's log yet.", metadata: ["cause": "\(error)"])
      return false
    }
  }

  /// Begins to announce the keys in the log of `team`, which has just written into `log`; nil where nothing is to be done
  /// now.
  func begin(_ team: TeamID, writing log: String? = nil) -> Task<Void, Never>? {
    let now = clock.monotonic()
    return state.withLock { state in
      if let running = state.running[team] { return running }
      guard !keys.isEmpty, state.teams.isDue(team, writing: log, at: now) else { return nil }
      let task = Task { await self.announce(team, writing: log) }
      state.running[team] = task
      return task
    }
  }

  /// Waits until the keys stand in the log of `team`, or cannot be put there now; at most for the settings' patience.
  func finish(_ team: TeamID, writing log: String) async {
    guard let task = begin(team, writing: log) else { return }
    let done = Promise<Void>()
    // The wait for a task cannot be given up, so another one waits.
    Task {
      await task.value
      done.fulfil(())
    }
    _ = await done.value(within: settings.patience)
  }

  private func announce(_ team: TeamID, writing log: String?) async {
    let result: Result<Int, StoreError>
    do throws(StoreError) {
      result = .success(try await ledger.announce(keys, of: team))
    } catch {
      result = .failure(error)
      logger.warning(
        "The keys are not announced in a team's log yet.", metadata: ["team": "\(team)", "cause": "\(error)"])
    }
    let now = clock.monotonic()
    state.withLock { state in
      state.running[team] = nil
      if case .success = result {
        state.teams.learn([team])
        if let log { state.teams.learn(log) }
      } else {
        state.teams.fail(team, at: now)
      }
    }
  }
}
