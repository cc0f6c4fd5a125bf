import Ledger
import LedgerStore
import Testing

@Suite struct LaneMachineTests {
  @Test func oneBatchIsInFlightWhileTheNextGathers() {
    var lane = LaneFixture()
    #expect(lane.submit(lane.hold(10), ticket: 1).trace == ["load 1"])
    #expect(lane.submit(lane.hold(11), ticket: 2).trace == [])
    #expect(lane.submit(lane.hold(12), ticket: 3).trace == [])
    #expect(lane.handle(.loaded(lane.loaded())).trace == ["write"])
    #expect(lane.handle(.written).trace == ["load 2,3", "1 held"])
    #expect(lane.handle(.loaded(lane.loaded())).trace == ["write"])
    #expect(lane.handle(.written).trace == ["2 held", "3 held"])
    #expect(lane.machine.isIdle)
  }

  @Test func commandsOfOneBatchSeeEachOther() {
    var lane = LaneFixture()
    _ = lane.submit(lane.hold(9), ticket: 0)
    for ticket in 1...4 { _ = lane.submit(lane.hold(UInt128(10 + ticket)), ticket: UInt64(ticket)) }
    _ = lane.handle(.loaded(lane.loaded()))
    _ = lane.handle(.written)
    // Two medium edits of 33,000 fit into 70,000.
    #expect(lane.handle(.loaded(lane.loaded(limit: 70_000))).trace == ["write"])
    #expect(lane.handle(.written).trace == ["1 held", "2 held", "3 refused", "4 refused"])
  }

  @Test func theRowsOfALargeBatchAreWrittenPartByPart() {
    var lane = LaneFixture(maximumPart: 2)
    _ = lane.submit(lane.hold(9), ticket: 0)
    for ticket in 1...6 { _ = lane.submit(lane.hold(UInt128(10 + ticket)), ticket: UInt64(ticket)) }
    _ = lane.handle(.loaded(lane.loaded()))
    _ = lane.handle(.written)
    // The first part is short, so that the database can begin; the last one may be longer than the others.
    // Two medium edits of 33,000 fit into 70,000: parts of a batch see each other too.
    let loaded = lane.loaded(limit: 70_000)
    var parts = lane.handle(.loaded(loaded))
    #expect(parts.trace == ["write rows"])
    parts += lane.handle(.handedOver)
    #expect(parts.trace == ["write rows", "write rows"])
    parts += lane.handle(.handedOver)
    #expect(parts.trace == ["write rows", "write rows", "write"])
    #expect(lane.handle(.handedOver).trace == [])
    let rows = parts.map(\.writes)
    #expect(rows.map(\.lines.count) == [1, 2, 3])
    #expect(rows.flatMap(\.lines).map(\.index) == Array(1...6))
    #expect(rows.map(\.newRecords.count) == [1, 2, 3])
    #expect(rows.map(\.teams.count) == [0, 0, 1])
    #expect(
      lane.handle(.written).trace == ["1 held", "2 held", "3 refused", "4 refused", "5 refused", "6 refused"])
  }

  @Test func rowsThatAreRefusedUndoTheWholeBatch() {
    var lane = LaneFixture(maximumPart: 1)
    _ = lane.submit(lane.hold(9), ticket: 0)
    for ticket in 1...3 { _ = lane.submit(lane.hold(UInt128(10 + ticket)), ticket: UInt64(ticket)) }
    _ = lane.handle(.loaded(lane.loaded()))
    _ = lane.handle(.written)
    #expect(lane.handle(.loaded(lane.loaded())).trace == ["write rows"])
    #expect(lane.handle(.failed(LaneFixture.fault(.runAgain))).trace == ["roll back"])
    #expect(lane.handle(.handedOver).trace == [])
    #expect(lane.handle(.rolledBack).trace == ["load 1,2,3"])
  }

  @Test func answersComeOnlyAfterTheCommit() {
    var lane = LaneFixture()
    _ = lane.submit(lane.hold(10), ticket: 1)
    #expect(lane.handle(.loaded(lane.loaded())).trace == ["write"])
    #expect(lane.handle(.written).trace == ["1 held"])
  }

  @Test func aLostCommitRunsTheSameCommandsAgain() {
    var lane = LaneFixture()
    _ = lane.submit(lane.hold(10), ticket: 1)
    _ = lane.handle(.loaded(lane.loaded()))
    #expect(lane.handle(.failed(LaneFixture.fault(.unknown))).trace == ["roll back"])
    #expect(lane.handle(.rolledBack).trace == ["pause"])
    #expect(lane.submit(lane.hold(11), ticket: 2).trace == [])
    #expect(lane.handle(.resumed).trace == ["load 1"])
    _ = lane.handle(.loaded(lane.loaded()))
    #expect(lane.handle(.written).trace == ["load 2", "1 held"])
  }

  @Test func aLostCommitIsRunAgainHoweverOftenTheDatabaseIsAway() {
    var lane = LaneFixture()
    _ = lane.submit(lane.hold(10), ticket: 1)
    _ = lane.handle(.loaded(lane.loaded()))
    _ = lane.handle(.failed(LaneFixture.fault(.unknown)))
    for _ in 0..<20 {
      #expect(lane.handle(.rolledBack).trace == ["pause"])
      #expect(lane.handle(.resumed).trace == ["load 1"])
      #expect(lane.handle(.failed(LaneFixture.fault(.unavailable))).trace == ["roll back"])
    }
    _ = lane.handle(.rolledBack)
    _ = lane.handle(.resumed)
    _ = lane.handle(.loaded(lane.loaded()))
    #expect(lane.handle(.written).trace == ["1 held"])
  }

  @Test func aHoldWhoseCallerGaveUpIsReleased() {
    var lane = LaneFixture()
    _ = lane.submit(lane.hold(10), ticket: 1, waits: .seconds(1))
    _ = lane.handle(.loaded(lane.loaded()))
    _ = lane.handle(.failed(LaneFixture.fault(.unknown)))
    _ = lane.handle(.rolledBack)
    lane.instant += .seconds(2)
    #expect(lane.handle(.tick).trace == ["1 unavailable, may be held"])
    #expect(lane.handle(.resumed).trace == ["load 1"])
    _ = lane.handle(.loaded(lane.loaded()))
    let effects = lane.handle(.written)
    #expect(effects.trace == ["load 1"])
    guard case .load(let batch, _)? = effects.first, case .release(let release) = batch.entries[0].command else {
      Issue.record("the hold was not released")
      return
    }
    #expect(release.record == RecordID(bits: 10))
    #expect(release.cause == .withdrawn)
  }

  @Test(arguments: [true, false])
  func aHoldThatOthersPutInDoubtMeanwhileIsReleased(isAwaited: Bool) {
    var lane = LaneFixture()
    _ = lane.submit(lane.hold(10), ticket: 1, waits: .seconds(1))
    _ = lane.handle(.loaded(lane.loaded()))
    _ = lane.handle(.failed(LaneFixture.fault(.unknown)))
    _ = lane.handle(.rolledBack)
    if !isAwaited {
      lane.instant += .seconds(2)
      #expect(lane.handle(.tick).trace == ["1 unavailable, may be held"])
    }
    _ = lane.handle(.resumed)
    // The hold had been committed, and its gateway's lease has ended since.
    _ = lane.handle(.loaded(lane.loaded(inDoubt: 10)))
    let effects = lane.handle(.written)
    #expect(effects.trace == (isAwaited ? ["load 1", "1 in_doubt"] : ["load 1"]))
    guard case .load(let batch, _)? = effects.first, case .release(let release) = batch.entries[0].command else {
      Issue.record("the hold was not released")
      return
    }
    #expect(release.record == RecordID(bits: 10))
    #expect(release.cause == .withdrawn)
  }

  @Test func aWaitingHoldIsToldAtItsDeadline() {
    var lane = LaneFixture()
    _ = lane.submit(lane.hold(10), ticket: 1)
    _ = lane.submit(lane.hold(11), ticket: 2, waits: .seconds(1))
    lane.instant += .seconds(2)
    #expect(lane.handle(.tick).trace == ["2 unavailable"])
    _ = lane.handle(.loaded(lane.loaded()))
    #expect(lane.handle(.written).trace == ["1 held"])
  }

  @Test func onePoisonedCommandFailsAloneFoundByHalving() {
    var lane = LaneFixture()
    _ = lane.submit(lane.hold(9), ticket: 0)
    for ticket in 1...4 { _ = lane.submit(lane.hold(UInt128(10 + ticket)), ticket: UInt64(ticket)) }
    _ = lane.handle(.loaded(lane.loaded()))
    var effects = lane.handle(.written)
    var answers: [String] = effects.trace.filter { !$0.hasPrefix("load") }
    // The database refuses whatever holds the third command.
    while let batch = effects.loadedBatch {
      _ = lane.handle(.loaded(lane.loaded()))
      if batch.entries.contains(where: { $0.ticket == 3 }) {
        answers += lane.handle(.failed(LaneFixture.fault(.poison))).trace.filter { $0 != "roll back" }
        effects = lane.handle(.rolledBack)
      } else {
        effects = lane.handle(.written)
      }
      answers += effects.trace.filter { !$0.hasPrefix("load") }
    }
    #expect(answers == ["0 held", "1 held", "2 held", "3 failed", "4 held"])
    #expect(lane.machine.isIdle)
  }

  @Test func aBlockedTeamDelaysOnlyItself() {
    var lane = LaneFixture()
    _ = lane.submit(lane.hold(9), ticket: 0)
    _ = lane.submit(lane.hold(10, team: 1), ticket: 1)
    _ = lane.submit(lane.hold(11, team: 2), ticket: 2)
    _ = lane.handle(.loaded(lane.loaded()))
    #expect(lane.handle(.written).trace == ["load 1,2", "0 held"])
    #expect(lane.handle(.failed(LaneFixture.fault(.blocked))).trace == ["roll back"])
    #expect(lane.handle(.rolledBack).trace == ["load 1"])
    #expect(lane.handle(.failed(LaneFixture.fault(.blocked))).trace == ["1 unavailable", "roll back"])
    #expect(lane.handle(.rolledBack).trace == ["load 2"])
    _ = lane.handle(.loaded(lane.loaded(teams: [2])))
    #expect(lane.handle(.written).trace == ["2 held"])
  }

  @Test func withoutADatabaseHoldsAreRefusedAndReleasesWait() {
    var lane = LaneFixture()
    _ = lane.submit(lane.hold(10), ticket: 1)
    _ = lane.submit(lane.release(20), ticket: 2, waits: .seconds(1_000))
    _ = lane.submit(lane.hold(11), ticket: 3)
    // The first failure may be an old connection that broke: it is tried once more.
    #expect(lane.handle(.failed(LaneFixture.fault(.unavailable))).trace == ["roll back"])
    #expect(lane.handle(.rolledBack).trace == ["pause"])
    #expect(lane.handle(.resumed).trace == ["load 1"])
    #expect(
      lane.handle(.failed(LaneFixture.fault(.unavailable))).trace == ["1 unavailable", "3 unavailable", "roll back"])
    #expect(lane.handle(.rolledBack).trace == ["pause"])
    #expect(lane.handle(.resumed).trace == ["load 2"])
    for _ in 0..<5 {
      _ = lane.handle(.failed(LaneFixture.fault(.unavailable)))
      _ = lane.handle(.rolledBack)
      lane.instant += .seconds(3)
      // However long it takes: at once, or when it is due again.
      #expect(lane.handle(.resumed).trace + lane.handle(.tick).trace == ["load 2"])
    }
  }

  @Test func aBlockedTeamsReleaseWaitsOnItsOwn() {
    var lane = LaneFixture()
    _ = lane.submit(lane.release(20), ticket: 1)
    #expect(lane.handle(.failed(LaneFixture.fault(.blocked))).trace == ["roll back"])
    #expect(lane.handle(.rolledBack).trace == [])
    #expect(lane.submit(lane.hold(10, team: 2), ticket: 2).trace == ["load 2"])
    _ = lane.handle(.loaded(lane.loaded(teams: [2])))
    lane.instant += .seconds(3)
    #expect(lane.handle(.written).trace == ["load 1", "2 held"])
  }

  @Test func aDeadlockRunsTheBatchAgain() {
    var lane = LaneFixture()
    _ = lane.submit(lane.hold(10), ticket: 1)
    _ = lane.handle(.loaded(lane.loaded()))
    #expect(lane.handle(.failed(LaneFixture.fault(.runAgain))).trace == ["roll back"])
    #expect(lane.handle(.rolledBack).trace == ["load 1"])
  }

  @Test func aDatabaseClockFarOffIsRefused() {
    var lane = LaneFixture()
    _ = lane.submit(lane.hold(10), ticket: 1)
    let ahead = Timestamp(
      microseconds: LaneFixture.now.microseconds + LaneMachine.maximumClockDifferenceMicroseconds + 1)
    #expect(lane.handle(.loaded(lane.loaded(clock: ahead))).trace == ["alert", "1 unavailable", "roll back"])
    #expect(lane.handle(.rolledBack).trace == ["pause"])
  }

  @Test func aLostCommitIsRunAgainHoweverWrongTheDatabasesClockIs() {
    var lane = LaneFixture()
    _ = lane.submit(lane.hold(10), ticket: 1)
    _ = lane.handle(.loaded(lane.loaded()))
    _ = lane.handle(.failed(LaneFixture.fault(.unknown)))
    _ = lane.handle(.rolledBack)
    _ = lane.handle(.resumed)
    let ahead = Timestamp(
      microseconds: LaneFixture.now.microseconds + LaneMachine.maximumClockDifferenceMicroseconds + 1)
    #expect(lane.handle(.loaded(lane.loaded(clock: ahead))).trace == ["alert", "roll back"])
    #expect(lane.handle(.rolledBack).trace == ["pause"])
    #expect(lane.handle(.resumed).trace == ["load 1"])
    _ = lane.handle(.loaded(lane.loaded()))
    #expect(lane.handle(.written).trace == ["1 held"])
  }

  @Test func aFullTeamIsRefusedAtOnceAndOthersAreNot() {
    var lane = LaneFixture(maximumWaitingPerTeam: 2)
    _ = lane.submit(lane.hold(10), ticket: 1)
    _ = lane.submit(lane.hold(11), ticket: 2)
    _ = lane.submit(lane.hold(12), ticket: 3)
    #expect(lane.submit(lane.hold(13), ticket: 4).trace == ["4 overloaded"])
    #expect(lane.submit(lane.hold(14, team: 2), ticket: 5).trace == [])
    #expect(lane.submit(lane.release(20), ticket: 6).trace == [])
  }

  @Test func aReleaseWithoutItsHoldIsAnAlert() {
    var lane = LaneFixture()
    _ = lane.submit(lane.release(20), ticket: 1)
    _ = lane.handle(.loaded(lane.loaded()))
    #expect(lane.handle(.written).trace == ["1 unknown hold", "alert"])
  }
}
