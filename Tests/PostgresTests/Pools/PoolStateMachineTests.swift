import Postgres
import Testing

@Suite struct PoolStateMachineTests {
  private let start = ContinuousClock.now
  private let hour: Duration = .seconds(3600)

  private func machine(
    size: Int = 2, minimum: Int = 0, waiters: Int = 10, idleTime: Duration = .seconds(300)
  ) -> PoolStateMachine {
    PoolStateMachine(
      PoolConfiguration(
        maximumSize: size, minimumSize: minimum, maximumWaiters: waiters, maximumIdleTime: idleTime))
  }

  /// A machine with one connection, leased to caller 1.
  private func leased(size: Int = 1, waiters: Int = 10, lifetime: Duration = .seconds(3600)) -> PoolStateMachine {
    var pool = machine(size: size, waiters: waiters)
    #expect(pool.acquire(1) == .wait(connect: 1))
    #expect(pool.connected(1, now: start, lifetime: lifetime) == .hand(to: 1))
    return pool
  }

  @Test func anEmptyPoolConnectsForItsFirstCaller() {
    let pool = leased()
    #expect(pool.statistics == PoolStatistics(maximumSize: 1, connecting: 0, idle: 0, leased: 1, waiting: 0))
  }

  @Test func aReturnedConnectionIsUsedAgain() {
    var pool = leased()
    #expect(pool.released(1, now: start, isReusable: true) == .park)
    #expect(pool.acquire(2) == .lease(1))
  }

  @Test func waitersAreServedInTheirOrder() {
    var pool = leased()
    #expect(pool.acquire(2) == .wait(connect: nil))
    #expect(pool.acquire(3) == .wait(connect: nil))
    #expect(pool.released(1, now: start, isReusable: true) == .hand(to: 2))
    #expect(pool.released(1, now: start, isReusable: true) == .hand(to: 3))
    #expect(pool.released(1, now: start, isReusable: true) == .park)
  }

  @Test func theNewestIdleConnectionIsTakenFirst() {
    var pool = machine(size: 2)
    _ = pool.acquire(1)
    _ = pool.acquire(2)
    _ = pool.connected(1, now: start, lifetime: hour)
    _ = pool.connected(2, now: start, lifetime: hour)
    _ = pool.released(1, now: start, isReusable: true)
    _ = pool.released(2, now: start, isReusable: true)
    #expect(pool.acquire(3) == .lease(2))
  }

  @Test func whatCannotBeUsedAgainIsReplacedForAWaiter() {
    var pool = leased()
    #expect(pool.acquire(2) == .wait(connect: nil))
    #expect(pool.released(1, now: start, isReusable: false) == .close(connect: 2))
    #expect(pool.connected(2, now: start, lifetime: hour) == .hand(to: 2))
  }

  @Test func whatIsTooOldIsNotParked() {
    var pool = leased(lifetime: .seconds(10))
    #expect(pool.released(1, now: start + .seconds(10), isReusable: true) == .close(connect: nil))
    #expect(pool.isEmpty)
  }

  @Test func theLineHasAnEnd() {
    var pool = leased(waiters: 1)
    #expect(pool.acquire(2) == .wait(connect: nil))
    #expect(pool.acquire(3) == .refuseExhausted)
    #expect(pool.giveUp(2) == true)
    #expect(pool.acquire(4) == .wait(connect: nil))
  }

  @Test func aColdPoolWithoutALineServesAsManyAsItHolds() {
    var pool = machine(size: 2, waiters: 0)
    #expect(pool.acquire(1) == .wait(connect: 1))
    #expect(pool.acquire(2) == .wait(connect: 2))
    #expect(pool.acquire(3) == .refuseExhausted)
  }

  @Test func whoeverGaveUpGetsNoConnection() {
    var pool = leased()
    _ = pool.acquire(2)
    _ = pool.acquire(3)
    #expect(pool.giveUp(2) == true)
    #expect(pool.giveUp(2) == false)
    #expect(pool.released(1, now: start, isReusable: true) == .hand(to: 3))
    #expect(pool.giveUp(3) == false, "it has been answered")
  }

  @Test func aConnectionWhoseCallerGaveUpIsParked() {
    var pool = machine()
    #expect(pool.acquire(1) == .wait(connect: 1))
    #expect(pool.giveUp(1) == true)
    #expect(pool.connected(1, now: start, lifetime: hour) == .park)
  }

  @Test func whenNobodyCouldServeThemWaitersHearOfTheFailure() {
    var pool = machine(size: 1)
    #expect(pool.acquire(1) == .wait(connect: 1))
    #expect(pool.acquire(2) == .wait(connect: nil))
    #expect(pool.connectFailed(1) == [1, 2])
    #expect(pool.acquire(3) == .wait(connect: 2), "the next caller tries again")
  }

  @Test func whileAnotherConnectionIsInUseWaitersGoOnWaiting() {
    var pool = leased(size: 2)
    #expect(pool.acquire(2) == .wait(connect: 2))
    #expect(pool.connectFailed(2) == [])
    #expect(pool.released(1, now: start, isReusable: true) == .hand(to: 2))
  }

  @Test func maintenanceKeepsTheMinimumAndClosesTheRest() {
    var pool = machine(size: 3, minimum: 1, idleTime: .seconds(60))
    #expect(pool.maintain(now: start) == .init(connect: [1]))
    #expect(pool.connected(1, now: start, lifetime: hour) == .park)
    #expect(pool.maintain(now: start) == .init())
    _ = pool.acquire(1)
    _ = pool.acquire(2)
    _ = pool.connected(2, now: start, lifetime: hour)
    _ = pool.released(1, now: start, isReusable: true)
    _ = pool.released(2, now: start + .seconds(30), isReusable: true)
    #expect(pool.maintain(now: start + .seconds(61)) == .init(close: [1]))
    #expect(pool.maintain(now: start + .seconds(600)) == .init(), "the minimum stays")
    #expect(pool.maintain(now: start + hour) == .init(close: [2], connect: [3]), "but not beyond its age")
  }

  @Test func aClosedPoolServesNobodyAndEmpties() {
    var pool = machine(size: 3)
    _ = pool.acquire(1)
    _ = pool.acquire(2)
    _ = pool.connected(1, now: start, lifetime: hour)
    _ = pool.acquire(3)
    let ended = pool.close()
    #expect(ended.close == [])
    #expect(ended.refuse == [2, 3])
    #expect(pool.acquire(4) == .refuseClosed)
    #expect(pool.connected(2, now: start, lifetime: hour) == .close(connect: nil))
    #expect(pool.connectFailed(3) == [])
    #expect(!pool.isEmpty)
    #expect(pool.released(1, now: start, isReusable: true) == .close(connect: nil))
    #expect(pool.isEmpty)
    #expect(pool.maintain(now: start) == .init())
  }
}
