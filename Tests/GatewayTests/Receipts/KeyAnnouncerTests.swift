import Gateway
import Ledger
import LedgerStore
import Synchronization
import Testing
import TransparencyLog

/// A ledger that keeps which teams announce the keys.
private final class StubAnnouncements: AnnouncementLedger {
  struct State {
    var announced: Set<TeamID> = []
    var asked: [TeamID] = []
    var failure: StoreError?
    var failures = 0
    /// Keys that the operator's log was asked to announce, one entry for each time.
    var operators: [[LogKeyAnnounced]] = []
    var operatorFailures: [StoreError.Reason] = []
  }

  let teams: [TeamID]
  let state = Mutex(State())
  /// Where one is set, an announcement waits for it.
  let gate: Promise<Void>?

  init(teams count: Int = 0, announced: Set<TeamID> = [], gate: Promise<Void>? = nil) {
    teams = (0..<count).map { TeamID(bits: UInt128($0 + 1)) }
    self.gate = gate
    state.withLock { $0.announced = announced }
  }

  func logKeyPage(_ keys: [LogKeyAnnounced], after: TeamID?, limit: Int) async throws(StoreError) -> LogKeyPage {
    let page = Array(teams.drop { id in after.map { id <= $0 } ?? false }.prefix(limit))
    let announced = state.withLock { $0.announced }
    return LogKeyPage(
      announced: page.filter(announced.contains), lacking: page.filter { !announced.contains($0) },
      next: page.count < limit ? nil : page.last)
  }

  func announceInOperatorLog(_ keys: [LogKeyAnnounced]) async throws(StoreError) -> Int {
    let failure = state.withLock { state in
      state.operators.append(keys)
      return state.operatorFailures.isEmpty ? nil : state.operatorFailures.removeFirst()
    }
    if let failure { throw StoreError(failure) }
    return keys.count
  }

  func announce(_ keys: [LogKeyAnnounced], of team: TeamID) async throws(StoreError) -> Int {
    state.withLock { $0.asked.append(team) }
    _ = await gate?.value()
    let failure: StoreError? = state.withLock { state in
      if state.failures > 0 {
        state.failures -= 1
        return StoreError(.overloaded)
      }
      if state.failure == nil { state.announced.insert(team) }
      return state.failure
    }
    if let failure { throw failure }
    return keys.count
  }
}

@Suite struct KeyAnnouncerTests {
  private static let keys = [LogKeyAnnounced(use: .receipt, vkey: "tally.local+1+AQ==")]

  private static func settings(patience: Duration = .seconds(60)) -> KeyAnnouncer.Settings {
    var settings = KeyAnnouncer.Settings()
    settings.pageSize = 3
    settings.pace = .zero
    settings.retryPause = .zero
    settings.patience = patience
    return settings
  }

  private static func announcer(
    _ ledger: StubAnnouncements, clock: ManualClock = ManualClock(), keys: [LogKeyAnnounced] = keys,
    patience: Duration = .seconds(60)
  ) -> KeyAnnouncer {
    KeyAnnouncer(
      keys, ledger: ledger, clock: clock.clock, settings: settings(patience: patience), logger: .silent)
  }

  @Test func allTeamsThatLackTheKeysAreGoneThroughOnce() async {
    let ledger = StubAnnouncements(teams: 10, announced: [TeamID(bits: 2), TeamID(bits: 10)])
    let announcer = Self.announcer(ledger)
    await announcer.announceAll()
    #expect(ledger.state.withLock { $0.asked } == ledger.teams.filter { $0.bits != 2 && $0.bits != 10 })
    // Neither those that were found announced nor those that are now are asked for again.
    let receipts = Receipts(announcer: announcer)
    for team in ledger.teams { _ = await receipts.announcedReceipt(of: Fixtures.position(), of: team) }
    #expect(ledger.state.withLock { $0.asked.count } == 8)
  }

  @Test func aLogThatTookAnothersPlaceIsToldByTheGatewayThatRuns() async {
    let ledger = StubAnnouncements(teams: 1)
    let announcer = Self.announcer(ledger)
    await announcer.announceAll()
    let receipts = Receipts(announcer: announcer)
    var position = Fixtures.position()
    position.log += "/2026-11-27T10:15:00.123456Z"
    for _ in 0..<2 { _ = await receipts.announcedReceipt(of: position, of: ledger.teams[0]) }
    #expect(ledger.state.withLock { $0.asked } == [ledger.teams[0], ledger.teams[0]])
  }

  /// A team that nobody edits for has a new log after a loss, too.
  @Test func aLaterLookFindsLogsThatBeganAnew() async {
    let ledger = StubAnnouncements(teams: 3)
    let announcer = Self.announcer(ledger)
    await announcer.announceAll()
    ledger.state.withLock { state in
      state.asked = []
      _ = state.announced.remove(TeamID(bits: 2))
    }
    await announcer.announceAll()
    #expect(ledger.state.withLock { $0.asked } == [TeamID(bits: 2)])
    #expect(ledger.state.withLock { $0.announced } == Set(ledger.teams))
  }

  /// Looks go on as long as the gateway runs.
  @Test(.timeLimit(.minutes(1))) func allLogsAreLookedOverAgainWhileTheGatewayRuns() async throws {
    let ledger = StubAnnouncements(teams: 2)
    var settings = Self.settings()
    settings.lookPause = .zero
    let announcer = KeyAnnouncer(
      Self.keys, ledger: ledger, clock: ManualClock().clock, settings: settings, logger: .silent)
    let running = Task { try await announcer.run() }
    for _ in 0..<2 {
      // The limit of time ends the test's task.
      while !Task.isCancelled, ledger.state.withLock({ $0.announced.count }) < 2 { await Task.yield() }
      ledger.state.withLock { $0.announced = [] }
    }
    running.cancel()
    _ = await running.result
  }

  @Test func theOperatorsLogAnnouncesTheKeysOfHeadsAlone() async {
    let head = LogKeyAnnounced(use: .checkpoint, vkey: "tally.local+2+AQ==")
    let ledger = StubAnnouncements(teams: 1)
    ledger.state.withLock { $0.operatorFailures = [.overloaded, .notAllowed(.teamHalted)] }
    await Self.announcer(ledger, keys: Self.keys + [head]).announceAll()
    // A failure is tried again; a halted log waits for a later look.
    #expect(ledger.state.withLock { $0.operators } == [[head], [head]])
    await Self.announcer(ledger).announceAll()
    #expect(ledger.state.withLock { $0.operators.count } == 2)
  }

  @Test func whatFailsAtTheStartIsTriedAgain() async {
    let ledger = StubAnnouncements(teams: 2)
    ledger.state.withLock { $0.failures = 1 }
    let clock = ManualClock()
    let announcer = Self.announcer(ledger, clock: clock)
    let running = Task { await announcer.announceAll() }
    // The first team pauses until the clock goes on.
    while ledger.state.withLock({ $0.announced.count }) < 1 { await Task.yield() }
    clock.advance(by: AnnouncedTeams.pause)
    await running.value
    #expect(ledger.state.withLock { $0.announced } == Set(ledger.teams))
  }

  @Test func aReceiptWaitsForTheAnnouncementOfItsKey() async {
    let ledger = StubAnnouncements()
    let receipts = Receipts(announcer: Self.announcer(ledger))
    _ = await receipts.announcedReceipt(of: Fixtures.position(), of: Fixtures.team)
    #expect(ledger.state.withLock { $0.announced } == [Fixtures.team])
  }

  @Test func editsAtOnceAreOneAnnouncement() async {
    let gate = Promise<Void>()
    let ledger = StubAnnouncements(gate: gate)
    let receipts = Receipts(announcer: Self.announcer(ledger))
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<20 {
        group.addTask { _ = await receipts.announcedReceipt(of: Fixtures.position(), of: Fixtures.team) }
      }
      while ledger.state.withLock({ $0.asked.isEmpty }) { await Task.yield() }
      gate.fulfil(())
    }
    #expect(ledger.state.withLock { $0.asked } == [Fixtures.team])
  }

  @Test func anAnnouncementThatDoesNotComeHoldsNoReceiptUp() async throws {
    let gate = Promise<Void>()
    let ledger = StubAnnouncements(gate: gate)
    let key = try #require(NoteSigningKey(newNamed: "tally.local"))
    let receipts = Receipts(signedBy: [key], announcer: Self.announcer(ledger, patience: .milliseconds(1)))
    let receipt = await receipts.announcedReceipt(of: Fixtures.position(), of: Fixtures.team)
    #expect(receipt.note != nil)
    gate.fulfil(())
  }

  @Test func aFailureIsTriedAgainByALaterEditOnly() async {
    let ledger = StubAnnouncements()
    let clock = ManualClock()
    let receipts = Receipts(announcer: Self.announcer(ledger, clock: clock))
    ledger.state.withLock { $0.failure = StoreError(.overloaded) }
    _ = await receipts.announcedReceipt(of: Fixtures.position(), of: Fixtures.team)
    _ = await receipts.announcedReceipt(of: Fixtures.position(), of: Fixtures.team)
    #expect(ledger.state.withLock { $0.asked.count } == 1)
    clock.advance(by: AnnouncedTeams.pause)
    ledger.state.withLock { $0.failure = nil }
    _ = await receipts.announcedReceipt(of: Fixtures.position(), of: Fixtures.team)
    #expect(ledger.state.withLock { $0.announced } == [Fixtures.team])
  }

  @Test func withoutKeysNothingIsAnnounced() async {
    let ledger = StubAnnouncements(teams: 3)
    let announcer = Self.announcer(ledger, keys: [])
    await announcer.announceAll()
    _ = await Receipts(announcer: announcer).announcedReceipt(of: Fixtures.position(), of: Fixtures.team)
    #expect(ledger.state.withLock { $0.asked.isEmpty })
  }
}
