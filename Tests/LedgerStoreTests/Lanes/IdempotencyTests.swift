import Ledger
import LedgerStore
import Testing

/// Idempotency-Keys in a lane's batch, without a database (docs/ledger.md, G5).
@Suite struct IdempotencyTests {
  @Test func twoHoldsWithOneNewKeyInOneBatchAreOneHold() {
    #expect(trace([10, 11].map { LaneFixture().hold($0, idempotencyKey: "k") }) == ["1 held", "2 repeated held"])
  }

  @Test func aRefusalIsTheAnswerOfItsRetryInTheSameBatch() {
    let commands = [10, 11].map { LaneFixture().hold($0, idempotencyKey: "k") }
    #expect(trace(commands, limit: 1_000) == ["1 refused", "2 repeated refused"])
  }

  @Test func theSameKeyWithAnotherBodyIsReused() {
    let lane = LaneFixture()
    let commands = [lane.hold(10, idempotencyKey: "k"), lane.hold(11, idempotencyKey: "k", body: "other")]
    #expect(trace(commands) == ["1 held", "2 key reused"])
  }

  @Test func otherKeysOtherMembersAndNoKeyAreEditsOfTheirOwn() {
    let lane = LaneFixture()
    let commands = [
      lane.hold(10, idempotencyKey: "k"), lane.hold(11, idempotencyKey: "l"), lane.hold(12), lane.hold(13),
      lane.hold(14, team: 2, idempotencyKey: "k"),
    ]
    #expect(trace(commands).sorted() == (1...5).map { "\($0) held" })
  }

  @Test func aHoldThatIsNotAllowedClaimsNothing() {
    let lane = LaneFixture()
    guard case .hold(var unpriced) = lane.hold(10, idempotencyKey: "k") else { return }
    unpriced.quality = "ultra"
    #expect(trace([.hold(unpriced), lane.hold(11, idempotencyKey: "k")]) == ["1 failed", "2 held"])
  }

  @Test func theSameHoldRunAgainReadsItsOwnOutcome() {
    var lane = LaneFixture()
    let command = lane.hold(10, idempotencyKey: "k")
    let (loaded, _) = lane.loaded(earlier: command, state: .held)
    #expect(trace([command], loaded) == ["1 held"])
  }

  @Test func theSameHoldReadsItsOwnOutcomeAlsoWhenItsKeyWasTakenOver() {
    var lane = LaneFixture()
    let command = lane.hold(10, idempotencyKey: "k")
    var (loaded, id) = lane.loaded(earlier: command, state: .held)
    loaded.teams[id.team]?.claims[id]?.record = RecordID(bits: 77)
    #expect(trace([command], loaded) == ["1 held"])
  }

  @Test(arguments: [EditState.held, .inDoubt, .settled])
  func aRetryIsToldWhereTheFirstEditStands(state: EditState) {
    var lane = LaneFixture()
    let (loaded, _) = lane.loaded(earlier: lane.hold(10, idempotencyKey: "k"), state: state)
    #expect(trace([lane.hold(11, idempotencyKey: "k")], loaded) == ["1 repeated \(state.rawValue)"])
  }

  @Test(arguments: ReleaseCause.allCases)
  func aReleasedEditIsTheAnswerOnlyWhereItsCauseIsSticky(cause: ReleaseCause) {
    var lane = LaneFixture()
    let (loaded, id) = lane.loaded(earlier: lane.hold(10, idempotencyKey: "k"), state: .released, cause: cause)
    let retry = lane.hold(11, idempotencyKey: "k")
    let decision = lane.decide([retry], loaded)
    if cause.isSticky {
      #expect(decision.writes.claims.isEmpty)
      #expect(trace([retry], loaded) == ["1 repeated released"])
    } else {
      #expect(decision.writes.claims[id]?.key.record == RecordID(bits: 11))
      #expect(trace([retry], loaded) == ["1 held"])
    }
  }

  @Test func aKeyThatWasTakenOverIsTheNewRecordsInTheSameBatch() {
    var lane = LaneFixture()
    let (loaded, id) = lane.loaded(earlier: lane.hold(10, idempotencyKey: "k"), state: .released, cause: .rateLimited)
    let retries = [11, 12].map { lane.hold($0, idempotencyKey: "k") }
    #expect(trace(retries, loaded) == ["1 held", "2 repeated held"])
    #expect(lane.decide(retries, loaded).writes.claims[id]?.key.record == RecordID(bits: 11))
  }

  @Test func aRepetitionWritesNothingButItsTeamsRow() {
    var lane = LaneFixture()
    let (loaded, id) = lane.loaded(earlier: lane.hold(10, idempotencyKey: "k"), state: .settled)
    let writes = lane.decide([lane.hold(11, idempotencyKey: "k")], loaded).writes
    #expect(writes.lines.isEmpty)
    #expect(writes.newRecords.isEmpty && writes.changedRecords.isEmpty)
    #expect(writes.newBudgets.isEmpty && writes.changedBudgets.isEmpty)
    #expect(writes.claims.isEmpty && writes.usage.isEmpty)
    // So that the COMMIT waits for a synchronous standby like any other.
    #expect(writes.teams.keys.contains(id.team))
  }

  @Test func aHaltedTeamRepeatsNothing() {
    var lane = LaneFixture()
    var (loaded, id) = lane.loaded(earlier: lane.hold(10, idempotencyKey: "k"), state: .settled)
    loaded.teams[id.team]?.book.team.isHalted = true
    #expect(trace([lane.hold(11, idempotencyKey: "k")], loaded) == ["1 failed"])
  }

  /// The answers to `commands` when they are decided in one batch.
  private func trace(_ commands: [LaneCommand], _ loaded: LoadedBatch? = nil, limit: Int64 = 1_000_000) -> [String] {
    var lane = LaneFixture()
    _ = lane.submit(lane.hold(9), ticket: 0)
    for (position, command) in commands.enumerated() { _ = lane.submit(command, ticket: UInt64(position + 1)) }
    _ = lane.handle(.loaded(lane.loaded()))
    _ = lane.handle(.written)
    _ = lane.handle(.loaded(loaded ?? lane.loaded(teams: [1, 2], limit: limit)))
    return lane.handle(.written).trace
  }
}

extension LaneFixture {
  /// What `commands` come to in one batch.
  fileprivate func decide(_ commands: [LaneCommand], _ loaded: LoadedBatch) -> BatchDecision {
    let environment = LaneEnvironment(
      logName: "tally.test", instance: InstanceID(bits: 9), now: { Self.now },
      month: { moment, _ in .utcMonth(containing: moment) }, salt: { [UInt8](repeating: 7, count: 32) })
    var decider = BatchDecider(loaded: loaded, prices: PriceBook(PriceBook.defaultEntries), environment: environment)
    return decider.decide(commands.enumerated().map { entry($0.element, ticket: UInt64($0.offset)) })
  }

  /// A team whose `earlier` hold, which carries a key, has come to `state`; and the name of its key.
  fileprivate mutating func loaded(
    earlier command: LaneCommand, state: EditState, cause: ReleaseCause? = nil
  ) -> (LoadedBatch, ClaimID) {
    var batch = loaded(teams: [1, 2])
    guard case .hold(let request) = command, let claim = request.idempotency else {
      preconditionFailure("a hold with a key")
    }
    let isResolved = state == .settled || state == .released
    batch.teams[request.team]?.book.records[request.record] = RecordState(
      id: request.record, member: request.member, key: request.key, instance: InstanceID(bits: 9), state: state,
      held: Credits(33_000), charged: Credits(state == .settled ? 33_000 : 0), n: 1, unitPrice: Credits(33_000),
      priceVersion: 1, budgets: [], openedIndex: 1, resolvedIndex: isResolved ? 2 : nil, heldAt: Self.now)
    batch.teams[request.team]?.releaseCauses[request.record] = cause
    let id = request.claimID(claim)
    batch.teams[request.team]?.claims[id] = ClaimedKey(bodyHash: claim.bodyHash, record: request.record)
    return (batch, id)
  }
}
