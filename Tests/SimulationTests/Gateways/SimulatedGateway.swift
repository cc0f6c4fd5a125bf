import Gateway
import Ledger
import LedgerStore
import Upstream

/// One gateway: its lanes, and the edits that it is at work on.
final class SimulatedGateway {
  private static let laneCount = 2
  private static let holdTimeout: Duration = .seconds(5)
  private static let settleTimeout: Duration = .seconds(10)

  private unowned let world: World
  private let number: Int
  private(set) var process: SimulatedProcess
  private var lanes: [SimulatedLane] = []
  private var running = 0

  init(number: Int, world: World) {
    self.number = number
    self.world = world
    process = SimulatedProcess("gateway \(number)", world: world)
    start()
  }

  var isUp: Bool { process.isRunning }
  var isIdle: Bool { isUp && running == 0 && lanes.allSatisfy(\.isIdle) }

  func end() {
    process.connections = []
    process.whenEnded = nil
    lanes = []
  }

  private func start() {
    process = SimulatedProcess("gateway \(number)", world: world)
    running = 0
    let environment = LaneEnvironment.simulated(InstanceID(bits: world.random.bits()), world)
    lanes = (0..<Self.laneCount).map { _ in
      SimulatedLane(
        process,
        machine: LaneMachine(
          environment: environment, queue: LaneQueue(maximumWaiting: 100, maximumWaitingPerTeam: 20),
          maximumBatch: 8))
    }
    process.whenEnded = { [self] in
      world.after(world.random.milliseconds(500...30_000)) { [self] in start() }
    }
  }

  private func lane(of team: TeamID) -> SimulatedLane { lanes[Int(team.bits % UInt128(lanes.count))] }

  /// A client's edit has come in.
  func edit(_ facts: HoldRequestFacts, quality: String, _ answer: @escaping (SimulatedAnswer) -> Void) {
    guard process.isRunning else { return }
    let process = process
    process.run { [self] in
      running += 1
      let request = HoldRequest(
        team: facts.team, record: facts.record, member: facts.member, key: facts.key, model: Population.model,
        quality: quality, size: Population.size, n: facts.n, promptObject: "{}", userID: "user")
      lane(of: facts.team).submit(.hold(request), timeout: Self.holdTimeout) { [self] result in
        switch result {
        case .success(.held): send(facts, answer)
        case .success(.refused): finish(.refused, answer)
        case .success: finish(.inDoubt, answer)
        case .failure(let error):
          if case .unavailable(let mayBeHeld) = error.reason {
            finish(.unavailable(mayBeHeld: mayBeHeld), answer)
          } else {
            finish(.notAllowed, answer)
          }
        }
      }
    }
  }

  private func send(_ facts: HoldRequestFacts, _ answer: @escaping (SimulatedAnswer) -> Void) {
    world.upstream.submit(facts, from: process) { [self] outcome in
      let verdict = world.bugs.verdict(outcome)
      lane(of: facts.team).submit(command(verdict.step, facts), timeout: Self.settleTimeout) { [self] result in
        guard case .success(.resolved(let edit)) = result else { return finish(.inDoubt, answer) }
        switch edit.state {
        case .settled: finish(.charged(edit.charged), answer)
        case .released: finish(.released, answer)
        case .held, .inDoubt, .refused: finish(.inDoubt, answer)
        }
      }
    }
  }

  private func command(_ step: EditVerdict.Step, _ facts: HoldRequestFacts) -> LaneCommand {
    switch step {
    case .settle(let result):
      .settle(
        SettleRequest(
          team: facts.team, record: facts.record, upstreamUUID: result.uuid, resultKeys: result.resultKeys,
          temporaryURL: result.temporaryURL, upstreamCredit: result.credit.map { Credits($0) }))
    case .release(let cause):
      .release(ReleaseRequest(team: facts.team, record: facts.record, cause: cause))
    case .doubt(let cause, let uuid):
      .markInDoubt(InDoubtRequest(team: facts.team, record: facts.record, cause: cause, upstreamUUID: uuid))
    }
  }

  private func finish(_ answer: SimulatedAnswer, _ reply: (SimulatedAnswer) -> Void) {
    running -= 1
    reply(answer)
  }
}
